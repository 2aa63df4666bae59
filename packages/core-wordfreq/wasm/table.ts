// The word table, in three parts by the length of the word, so that a common word needs one probe and no loop
// over bytes. Words that end in a zero byte are in the part for long words, whatever their length, so that
// padding with zeros is never ambiguous.
import { beginBatch, beginEntries, exported } from './entries';
import { beginSending, countAt, lengthAt, MEDIUM, nextCounted, SHORT, sendAll } from './exchange';
import { addLong, exportLong, longBytes, longWords, reserveLong, sendForeignLong } from './long-words';
import {
  addMedium,
  addOwnMediumKeys,
  exportMedium,
  keepKnownMedium,
  mediumWords,
  reserveMedium,
  sendForeignMedium,
} from './medium-words';
import {
  addOwnShortKeys,
  addShort,
  exportShort,
  keepKnownShort,
  reserveShort,
  sendForeignShort,
  shortWords,
} from './short-words';

/** Returns the number of distinct words. */
export function distinctWords(): u32 {
  return shortWords() + mediumWords() + longWords();
}

/** Returns the first `length` bytes (1 to 8) at an address as a key. */
export function keyOf(word: usize, length: u32): u64 {
  return load<u64>(word) & (<u64>-1 >> (64 - ((<u64>length) << 3)));
}

/** Counts a word of any length. Up to 16 bytes after it must be readable. */
export function addWord(word: usize, length: u32, count: u64): void {
  if (isLong(word, length)) addLong(word, length, count);
  else if (length > 8) addMedium(load<u64>(word), keyOf(word + 8, length - 8), count);
  else addShort(keyOf(word, length), count);
}

function isLong(word: usize, length: u32): bool {
  return length > 16 || length == 0 || load<u8>(word + length - 1) == 0;
}

/** Makes room for more words of up to 8 bytes, of up to 16 bytes, and longer ones. */
export function reserve(short: u32, medium: u32, long: u32): void {
  reserveShort(short);
  reserveMedium(medium);
  reserveLong(long);
}

/**
 * Counts the entries from `first` up to `last`. Entries come in the order of their hashes, so the table is
 * walked from its start to its end, which is many times faster than random access. `reserve` must have made
 * room before: in a smaller table all entries would crowd at one end, where searches would take very long.
 */
export function addEntries(bytes: usize, starts: usize, counts: usize, first: u32, last: u32): void {
  for (let entry = <usize>first; entry < <usize>last; entry++) {
    const from = load<u32>(starts + (entry << 2));
    const end = load<u32>(starts + (entry << 2), 4);
    addWord(bytes + from, end - from, <u64>load<f64>(counts + (entry << 3)));
  }
}

/** Counts the words of a message that another engine sent. */
export function addSentWords(message: usize, end: usize): void {
  const kind = load<u32>(message);
  const from = message + 8;
  if (kind == SHORT) addOwnShortKeys(from, end);
  else if (kind == MEDIUM) addOwnMediumKeys(from, end);
  else {
    for (let at = from; at < end; at = nextCounted(at)) addWord(at + 8, lengthAt(at), countAt(at));
  }
}

/** From now on, sends new words to their owners; known words are still counted here. */
export function beginToSend(): void {
  keepKnownShort();
  keepKnownMedium();
  beginSending();
}

/** Sends the counts of all words that other engines own, so that only this engine's words are left. */
export function sendForeignWords(): void {
  sendForeignShort();
  sendForeignMedium();
  sendForeignLong();
  sendAll();
}

/** The part that is exported next, and its next slot. */
let part: u32 = 0;
let next: u32 = 0;

/** Returns at least the total length of all words. */
export function wordBytes(): usize {
  return <usize>shortWords() * 8 + <usize>mediumWords() * 16 + longBytes();
}

/** Starts to export all entries. Returns where the host finds them (entries.ts). */
export function beginExport(): usize {
  part = 0;
  next = 0;
  beginEntries();
  return exported;
}

/** Exports the entries of the next slots, at most `slots` of them. Returns whether there are more. */
export function exportSlots(slots: u32): bool {
  beginBatch();
  if (part == 0) next = exportShort(next, slots);
  else if (part == 1) next = exportMedium(next, slots);
  else next = exportLong(next, slots);
  if (next == 0) part++;
  return part < 3;
}
