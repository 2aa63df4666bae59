// Segments Thai, Lao, Khmer and Burmese by dictionaries. It is src/dictionary/segment-lookahead.ts for WebAssembly,
// with the tables of src/dictionary/lookahead-table.ts.
import {
  BEGINS,
  ELIDES,
  ENDS,
  FIRST_BURMESE,
  FIRST_KHMER,
  FIRST_LAO,
  FIRST_THAI,
  LONG_WORD,
  MARK,
  MAX_RUN,
  REPEATS,
  SCRIPT_BURMESE,
  SCRIPT_KHMER,
  SCRIPT_LAO,
  SCRIPT_THAI,
} from './generated/shared-constants';
import { dictionaryNeeded, tokenTruncated } from './host';
import { allocate } from './memory';
import { wordStart } from './open-word';
import { characterAt, gathered, text } from './run-buffer';
import { addWord } from './table';
import { countWords, maxTokenBytes } from './words';

/** Dictionary: u8, the characters of a run as the dictionary numbers them. */
const numbers: usize = allocate(MAX_RUN + 1);
/** Dictionary: u64 for each character of a run, the words that begin there (`wordsAt`), or `UNKNOWN`. */
const known: usize = allocate(MAX_RUN << 3);
/** Dictionary: u32, the address of each script's rules and words; 0 before it is needed. */
const dictionaries: usize = allocate((SCRIPT_BURMESE + 1) << 2);

const FLAGS_AT: usize = 4;
const SLOTS_AT: usize = FLAGS_AT + 256;

/** In `known`: the first two characters begin a word, and a third one follows. */
const IS_LIKE_WORD: u64 = (<u64>1) << 63;
const ENDS_MASK: u64 = IS_LIKE_WORD - 1;
const UNKNOWN: u64 = -1;

/** The rules and words of the run's script, and the length of the run. */
let flags: usize = 0;
let slots: usize = 0;
let length: u32 = 0;

export function setLookaheadDictionary(script: u32, address: usize): void {
  store<u32>(dictionaries + ((<usize>script) << 2), <u32>address);
}

/** Returns the script whose words may have a character that needs a dictionary; 0 if it is none of these. */
export function lookaheadScriptOf(codePoint: u32): u32 {
  if (codePoint - FIRST_THAI < 0x80) return SCRIPT_THAI;
  if (codePoint - FIRST_LAO < 0x80) return SCRIPT_LAO;
  if (codePoint - FIRST_BURMESE < 0xa0) return SCRIPT_BURMESE;
  // U+17B4 and U+17B5 are invisible, so the host leaves them out first.
  if (codePoint - FIRST_KHMER < 0x80) return (codePoint & ~1) == 0x17b4 ? 0 : SCRIPT_KHMER;
  return 0;
}

function firstOf(script: u32): u32 {
  if (script == SCRIPT_THAI) return FIRST_THAI;
  if (script == SCRIPT_LAO) return FIRST_LAO;
  return script == SCRIPT_KHMER ? FIRST_KHMER : FIRST_BURMESE;
}

/** Counts the words of the current run, which is of one script. */
export function countLookaheadWords(script: u32, runLength: u32): void {
  const dictionary = dictionaries + ((<usize>script) << 2);
  if (load<u32>(dictionary) == 0) dictionaryNeeded(script);
  flags = <usize>load<u32>(dictionary) + FLAGS_AT;
  slots = <usize>load<u32>(dictionary) + SLOTS_AT;
  length = runLength;
  const first = firstOf(script);
  for (let at: u32 = 0; at < length; at++) {
    store<u8>(numbers + at, <u8>(characterAt(gathered + at) - first));
    store<u64>(known + ((<usize>at) << 3), UNKNOWN);
  }
  // Marks without a character before them are apart (WB4), and no word.
  let from = afterMarks(0);
  if (length - from < load<u8>(flags - FLAGS_AT)) {
    if (from < length) addRunWord(from, length);
    return;
  }
  while (from < length) {
    const end = afterSuffixes(afterMarks(afterUnknown(from, wordEnd(from))));
    addRunWord(from, end);
    from = end;
  }
}

function addRunWord(from: u32, end: u32): void {
  const size = (end - from) * 3;
  const isTruncated = size > maxTokenBytes;
  if (isTruncated) tokenTruncated(wordStart);
  addWord(text + <usize>(gathered + from) * 3, isTruncated ? maxTokenBytes - (maxTokenBytes % 3) : size, 1);
  countWords(1);
}

function flagsAt(at: u32): u32 {
  return load<u8>(flags + load<u8>(numbers + at));
}

/** Returns a bit for each length of a word that begins somewhere, from 1 on, and `IS_LIKE_WORD`. */
function wordsAt(from: u32): u64 {
  const place = known + ((<usize>from) << 3);
  const words = load<u64>(place);
  return words == UNKNOWN ? findWords(from, place) : words;
}

function findWords(from: u32, place: usize): u64 {
  let node: u32 = 0;
  let at = from;
  let words: u64 = 0;
  while (at < length) {
    const character = <u32>load<u8>(numbers + at);
    const slot = load<u32>(slots + ((<usize>(node + character)) << 2));
    if ((slot & 0xff) != character || slot <= 0xff) break;
    words |= (<u64>((slot >> 8) & 1)) << (at - from);
    at++;
    node = slot >> 9;
    if (node == 0) break;
  }
  if (at - from >= 2 && from + 2 < length) words |= IS_LIKE_WORD;
  store<u64>(place, words);
  return words;
}

function endsAt(from: u32): u64 {
  return wordsAt(from) & ENDS_MASK;
}

/** Returns the length of the longest word in a mask. */
function longestIn(ends: u64): u32 {
  return 64 - <u32>clz(ends);
}

/** Returns the end of the word of the dictionary, or `from` if there is none. */
function wordEnd(from: u32): u32 {
  let ends = endsAt(from);
  const longest = from + longestIn(ends);
  if ((ends & (ends - 1)) == 0 || longest == length) return longest;
  let best = longest;
  while (ends != 0) {
    const size = longestIn(ends);
    ends ^= (<u64>1) << (size - 1);
    const end = from + size;
    let next = endsAt(end);
    if (next == 0) continue;
    best = end;
    if (end + longestIn(next) == length) return end;
    while (next != 0) {
      const nextSize = longestIn(next);
      next ^= (<u64>1) << (nextSize - 1);
      if (endsAt(end + nextSize) != 0) return end;
    }
  }
  return best;
}

/** Joins a short word, or none, to characters that are in no word. */
function afterUnknown(from: u32, end: u32): u32 {
  if (end == length || end - from >= LONG_WORD) return end;
  const next = wordsAt(end);
  if ((next & ENDS_MASK) != 0 || (end > from && (next & IS_LIKE_WORD) != 0)) return end;
  let at = end + 1;
  while (at < length && !mayBeginAt(at)) at++;
  return at;
}

function mayBeginAt(at: u32): bool {
  return (flagsAt(at - 1) & ENDS) != 0 && (flagsAt(at) & BEGINS) != 0 && endsAt(at) != 0;
}

function afterMarks(from: u32): u32 {
  let at = from;
  while (at < length && (flagsAt(at) & MARK) != 0) at++;
  return at;
}

function afterSuffixes(from: u32): u32 {
  if (from == length || (flagsAt(from) & (ELIDES | REPEATS)) == 0 || endsAt(from) != 0) return from;
  let at = from;
  if ((flagsAt(at) & ELIDES) != 0) {
    if ((flagsAt(at - 1) & (ELIDES | REPEATS)) != 0) return at;
    at++;
  }
  return at < length && (flagsAt(at) & REPEATS) != 0 && (flagsAt(at - 1) & REPEATS) == 0 ? at + 1 : at;
}
