// Different words and their counts on their way to the host, some at a time, which takes them from three arrays: the bytes of the words, where
// each ends among the bytes of all, and counts (float64).

import { allocate } from './memory';

/** So many slots are exported at a time at most, and so no more words. */
const MOST_WORDS: usize = 4096;
/** With so many bytes there is no room for another word of any length. */
const FULL_BYTES: usize = 1 << 16;
const LONGEST_WORD: usize = 1 << 16;

const bytes: usize = allocate(FULL_BYTES + LONGEST_WORD + 16);
const ends: usize = allocate(MOST_WORDS << 2);
const counts: usize = allocate(MOST_WORDS << 3);

/** Where the host finds the addresses of the three arrays, and how many words there are. */
export const exported: usize = memory.data<u32>([0, 0, 0, 0]);

let end: usize = 0;
let words: usize = 0;
/** The bytes of all words that were taken before. */
let before: usize = 0;

export function beginEntries(): void {
  store<u32>(exported, <u32>bytes);
  store<u32>(exported, <u32>ends, 4);
  store<u32>(exported, <u32>counts, 8);
  end = bytes;
  words = 0;
  before = 0;
}

/** The host has taken what was there. */
export function forgetEntries(): void {
  before += end - bytes;
  end = bytes;
  words = 0;
  store<u32>(exported, 0, 12);
}

/** Where the bytes of the next word go; up to 16 bytes may be written there, or its own. */
export function nextWord(): usize {
  return end;
}

/** Takes the next word, whose bytes are there. */
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
