// The word table, in three parts by the length of the word, so that the common word needs one probe and no loop over bytes. Words that end in
// a zero byte are long, whatever their length, so that padding with zeros is never ambiguous.
import { beginEntries, exported, forgetEntries } from './entries';
import { beginSending, behind, countAt, lengthAt, MEDIUM, SHORT, sendAll } from './exchange';
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

/** How many different words there are. */
export function distinctWords(): u32 {
  return shortWords() + mediumWords() + longWords();
}

/** The first `length` bytes (1 to 8) at an address, as a key. */
export function keyOf(word: usize, length: u32): u64 {
  return load<u64>(word) & (<u64>-1 >> (64 - ((<u64>length) << 3)));
}

/** Counts a word of any length; up to 16 bytes behind it must be readable. */
export function addWord(word: usize, length: u32, count: u64): void {
  if (isLong(word, length)) addLong(word, length, count);
  else if (length > 8) addMedium(load<u64>(word), keyOf(word + 8, length - 8), count);
  else addShort(keyOf(word, length), count);
}

function isLong(word: usize, length: u32): bool {
  return length > 16 || length == 0 || load<u8>(word + length - 1) == 0;
}

/** Makes room for so many more words of up to 8 bytes, of up to 16, and others. */
export function reserve(short: u32, medium: u32, long: u32): void {
  reserveShort(short);
  reserveMedium(medium);
  reserveLong(long);
}

/**
 * Counts the entries from one up to another. They stand in the order of their hashes, so that a table is walked from its begin to its end,
 * which is many times as fast as going to and fro in it. The room must have been made before: a smaller table would get them all
 * at one end, where probing takes for ever.
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
    for (let at = from; at < end; at = behind(at)) addWord(at + 8, lengthAt(at), countAt(at));
  }
}

/** From now on sends words to their owners, but for those that it knows already. */
export function beginToSend(): void {
  keepKnownShort();
  keepKnownMedium();
  beginSending();
}

/** Sends the counts of all words that other engines own. Only this engine's are left. */
export function sendForeignWords(): void {
  sendForeignShort();
  sendForeignMedium();
  sendForeignLong();
  sendAll();
}

/** Which part is exported, and from which slot on. */
let part: u32 = 0;
let next: u32 = 0;

/** The bytes of all words, or a few more. */
export function wordBytes(): usize {
  return <usize>shortWords() * 8 + <usize>mediumWords() * 16 + longBytes();
}

/** Begins to export all entries; answers where the host finds them (entries.ts). */
export function beginExport(): usize {
  part = 0;
  next = 0;
  beginEntries();
  return exported;
}

/** Exports the next entries, of so many slots at most; answers whether there are more. */
export function exportSlots(slots: u32): bool {
  forgetEntries();
  if (part == 0) next = exportShort(next, slots);
  else if (part == 1) next = exportMedium(next, slots);
  else next = exportLong(next, slots);
  if (next == 0) part++;
  return part < 3;
}
