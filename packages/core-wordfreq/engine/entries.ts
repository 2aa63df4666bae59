// Different words and their counts as arrays, which the host takes: the bytes of all words, where each begins, and counts (float64).
import { allocate } from './memory';

let bytes: usize = 0;
let starts: usize = 0;
let counts: usize = 0;
let end: usize = 0;
let entry: usize = 0;

/** Begins anew, with room for so many words of so many bytes, and answers where the addresses of the three arrays are. */
export function beginEntries(words: u32, wordBytes: usize): usize {
  const addresses = allocate(16);
  bytes = allocate(wordBytes + 16);
  starts = allocate((<usize>words + 1) << 2);
  counts = allocate((<usize>words) << 3);
  end = bytes;
  entry = 0;
  store<u32>(addresses, <u32>bytes);
  store<u32>(addresses, <u32>starts, 4);
  store<u32>(addresses, <u32>counts, 8);
  return addresses;
}

/** Where the bytes of the next word go; more than its own may be written there. */
export function nextWord(): usize {
  return end;
}

/** Takes the next word, whose bytes are there. */
export function putEntry(length: u32, count: u64): void {
  end += length;
  store<f64>(counts + (entry << 3), <f64>count);
  entry++;
  store<u32>(starts + (entry << 2), <u32>(end - bytes));
}
