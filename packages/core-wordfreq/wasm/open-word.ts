// The word that the automaton of the unicode tokenizer is reading, and the characters after it that may or
// may not belong to it.

import { tokenTruncated } from './host';
import { allocate } from './memory';
import { addWord } from './table';
import { sizeOf } from './utf8';
import { countWords, maxTokenBytes } from './words';

/** Open word: its bytes, case folded, and room for as many that may or may not belong to it. */
export const wordAddress: usize = allocate(2 * 65536 + 32);
export let wordLength: usize = 0;
/** The greatest length that the word may have; while a character waits, including what follows it. */
let limit: usize = 0;
/** Whether bytes were left out because of `maxTokenBytes`. */
export let isTruncated: bool = false;
/** The offset of the word in the text. */
export let wordStart: f64 = 0;
/** Whether the word contains a letter or a digit; if not, it is not counted. */
export let isWord: bool = false;

let waitingFrom: usize = 0;
let waitingEnd: usize = 0;
let isTruncatedBeforeWaiting: bool = false;
let isTruncatedWhileWaiting: bool = false;
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
  limit = maxTokenBytes;
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

/**
 * Marks the place of a character that may or may not continue the word (WB6, WB7b, WB12). Until that is
 * known, that character and those after it may take up `maxTokenBytes` of their own.
 */
export function waitAt(offset: f64): void {
  waitingFrom = wordLength;
  isTruncatedBeforeWaiting = isTruncated;
  isTruncated = false;
  limit = wordLength + maxTokenBytes;
  waitingStart = offset;
}

/** Makes the characters that were waiting part of the word. */
export function joinWaiting(): void {
  limit = maxTokenBytes;
  if (isTruncatedBeforeWaiting) {
    wordLength = waitingFrom;
    isTruncated = true;
  } else if (wordLength > limit) {
    wordLength = limit;
    while ((load<u8>(wordAddress + wordLength) & 0xc0) == 0x80) wordLength--;
    isTruncated = true;
  }
}

/** Removes the characters that were waiting from the word. Returns the offset of the first one. */
export function dropWaiting(): f64 {
  waitingEnd = wordLength;
  isTruncatedWhileWaiting = isTruncated;
  wordLength = waitingFrom;
  isTruncated = isTruncatedBeforeWaiting;
  limit = maxTokenBytes;
  return waitingStart;
}

/** Makes the characters that were dropped the open word. */
export function takeDropped(): void {
  wordLength = waitingEnd - waitingFrom;
  memory.copy(wordAddress, wordAddress + waitingFrom, wordLength);
  isTruncated = isTruncatedWhileWaiting;
}

/** Appends a character. */
export function append(address: usize, size: usize): void {
  if (isTruncated) return;
  if (wordLength + size > limit) {
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
