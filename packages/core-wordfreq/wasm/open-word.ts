// The word that is being read by the unicode tokenizer.
import { allocate } from './memory';
import { addWord } from './table';
import { sizeOf } from './utf8';
import { tokenTruncated } from './warn';
import { countWords, maxTokenBytes } from './words';

/** Its bytes, folded, and how many there are; whether more would have been too many; and where in the text it begins. */
export const wordAddress: usize = allocate(65536 + 32);
export let wordLength: usize = 0;
export let isTruncated: bool = false;
export let wordStart: f64 = 0;
/** Whether it has a letter or a digit; else it is none. */
let isWord: bool = false;

let lengthBeforeWaiting: usize = 0;
let isTruncatedBeforeWaiting: bool = false;
let waitingStart: f64 = 0;

/** Begins a word at an offset, whatever there was. */
export function beginWordAt(offset: f64): void {
  openWord(0, offset);
  isTruncated = false;
}

/** Makes so many bytes that are there already the word. */
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

/** Counts the word, if it is one, and begins the next. */
export function endWord(nextStart: f64): void {
  if (isWord) {
    addWord(wordAddress, <u32>wordLength, 1);
    countWords(1);
    if (isTruncated) tokenTruncated(wordStart);
  }
  beginWordAt(nextStart);
}

/** From here on, at an offset, it is not certain that the word goes on. */
export function waitAt(offset: f64): void {
  lengthBeforeWaiting = wordLength;
  isTruncatedBeforeWaiting = isTruncated;
  waitingStart = offset;
}

/** Takes the character that waited, and marks behind it, back out of the word; answers where they began. */
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
  // All characters have up to four bytes, and the buffers have room behind their end.
  store<u32>(wordAddress + wordLength, load<u32>(address));
  wordLength += size;
}

/** A folding is one or more characters, and a word may be cut between them. */
export function appendFolding(folding: usize): void {
  const end = folding + 1 + <usize>load<u8>(folding);
  for (let at = folding + 1; at < end; ) {
    const size = sizeOf(load<u8>(at));
    append(at, size);
    at += size;
  }
}
