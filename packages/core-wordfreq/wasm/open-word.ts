// The word that the unicode tokenizer is reading.

import { tokenTruncated } from './host';
import { allocate } from './memory';
import { addWord } from './table';
import { sizeOf } from './utf8';
import { countWords, maxTokenBytes } from './words';

/** Open word: its bytes, case folded. */
export const wordAddress: usize = allocate(65536 + 32);
export let wordLength: usize = 0;
/** Whether bytes were left out because of `maxTokenBytes`. */
export let isTruncated: bool = false;
/** Its offset in the text. */
export let wordStart: f64 = 0;
/** Whether it contains a letter or a digit; if not, it is not counted. */
let isWord: bool = false;

let lengthBeforeWaiting: usize = 0;
let isTruncatedBeforeWaiting: bool = false;
let waitingStart: f64 = 0;

/** Discards the open word and starts another one at an offset. */
export function beginWordAt(offset: f64): void {
  openWord(0, offset);
  isTruncated = false;
}

/** Makes the first `length` bytes, which are already there, the open word. */
export function openWord(length: usize, start: f64): void {
  wordLength = length;
  wordStart = start;
  isWord = length > 0;
}

export function setIsWord(): void {
  isWord = true;
}

export function setWordStart(offset: f64): void {
  wordStart = offset;
}

/** Counts the word if it has a letter or a digit, and starts the next one. */
export function endWord(nextStart: f64): void {
  if (isWord) {
    addWord(wordAddress, <u32>wordLength, 1);
    countWords(1);
    if (isTruncated) tokenTruncated(wordStart);
  }
  beginWordAt(nextStart);
}

/** Marks the place of a character that may or may not continue the word (WB6, WB7b, WB12). */
export function waitAt(offset: f64): void {
  lengthBeforeWaiting = wordLength;
  isTruncatedBeforeWaiting = isTruncated;
  waitingStart = offset;
}

/** Removes the character that was waiting, and marks after it, from the word. Returns its offset. */
export function dropWaiting(): f64 {
  wordLength = min(wordLength, lengthBeforeWaiting);
  isTruncated = isTruncatedBeforeWaiting;
  return waitingStart;
}

/** Appends a character. */
export function append(address: usize, size: usize): void {
  if (isTruncated) return;
  if (wordLength + size > <usize>maxTokenBytes) {
    isTruncated = true;
    return;
  }
  // A character has up to four bytes, and all buffers have room after their end.
  store<u32>(wordAddress + wordLength, load<u32>(address));
  wordLength += size;
}

/** Appends a case folding, which is one or more characters; a word may be truncated between them. */
export function appendFolding(folding: usize): void {
  const end = folding + 1 + <usize>load<u8>(folding);
  for (let at = folding + 1; at < end; ) {
    const size = sizeOf(load<u8>(at));
    append(at, size);
    at += size;
  }
}
