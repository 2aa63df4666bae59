// Exports distinct words and their counts to the host, in batches of three arrays: the bytes of the words,
// where each word ends among the bytes of all batches, and the counts (float64).

import { allocate } from './memory';

/** The most slots, and so the most words, in a batch. */
const MAX_WORDS: usize = 4096;
/** A batch of this many bytes is full: another word may not fit. */
const FULL_BYTES: usize = 1 << 16;
const LONGEST_WORD: usize = 1 << 16;

/** Export: the bytes of a batch of words, one after the other. */
const bytes: usize = allocate(FULL_BYTES + LONGEST_WORD + 16);
/** Export: u32 for each word of the batch, where it ends among the bytes of all batches. */
const ends: usize = allocate(MAX_WORDS << 2);
/** Export: f64 for each word of the batch, its count. */
const counts: usize = allocate(MAX_WORDS << 3);

/** Export: u32 addresses of `bytes`, `ends` and `counts`, and the number of words in the batch. */
export const exported: usize = memory.data<u32>([0, 0, 0, 0]);

let end: usize = 0;
let words: usize = 0;
/** The number of bytes in all earlier batches. */
let before: usize = 0;

export function beginEntries(): void {
  store<u32>(exported, <u32>bytes);
  store<u32>(exported, <u32>ends, 4);
  store<u32>(exported, <u32>counts, 8);
  end = bytes;
  words = 0;
  before = 0;
}

/** Starts a new batch, after the host has taken the last one. */
export function beginBatch(): void {
  before += end - bytes;
  end = bytes;
  words = 0;
  store<u32>(exported, 0, 12);
}

/**
 * Returns the address for the bytes of the next word. At least 16 bytes may be written there, or the whole
 * word if it is longer.
 */
export function nextWord(): usize {
  return end;
}

/** Adds the next word, whose bytes are already there. */
export function putEntry(length: u32, count: u64): void {
  end += length;
  store<u32>(ends + (words << 2), <u32>(end - bytes + before));
  store<f64>(counts + (words << 3), <f64>count);
  words++;
  store<u32>(exported, <u32>words, 12);
}

export function isFull(): bool {
  return end - bytes >= FULL_BYTES;
}
