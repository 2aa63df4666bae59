// Turns bit masks of word bytes into counted words, one tile at a time. Each step is a small loop without
// unpredictable branches: masks → edges of words → keys of short words, and which are longer → the tables.

import { tokenTruncated } from './host';
import { addMediumKeys } from './medium-words';
import { allocate } from './memory';
import { addShortKeys } from './short-words';
import { addWord, keyOf } from './table';
import {
  endOf,
  findEdges,
  keysEnd,
  longerEnd,
  longerWords,
  makeKeys,
  shortKeys,
  startOf,
  TILE,
  wordsInTile,
} from './word-edges';

/** Tile: pairs of u64, the keys of the words of 9 to 16 bytes. */
const mediumKeys: usize = allocate((TILE / 8 + 8) << 4);

/** The number of words so far. */
export let words: u64 = 0;
export function countWords(found: u64): void {
  words += found;
}

export let maxTokenBytes: u32 = 1024;
export function setMaxTokenBytes(bytes: u32): void {
  maxTokenBytes = bytes;
}

/**
 * Counts the words of a tile whose masks are set. `open` is the start of a word that started before the tile,
 * or 0. Returns the start of the last word if it is still open, else 0. If `plain`, no word has a zero
 * byte. `offsetAt0` is the offset in the text that corresponds to address 0.
 */
export function countTile(tile: usize, blocks: usize, open: usize, plain: bool, offsetAt0: f64): usize {
  const openAfter = findEdges(tile, blocks, open);
  const found = wordsInTile();
  words += found;
  if (plain) countPlain(offsetAt0);
  else for (let word: usize = 0; word < found; word++) countLonger(word, offsetAt0);
  return openAfter;
}

function countPlain(offsetAt0: f64): void {
  makeKeys();
  addShortKeys(shortKeys, keysEnd);
  let mediumEnd = mediumKeys;
  for (let at = longerWords; at < longerEnd; at += 2) {
    const word = <usize>load<u16>(at);
    const from = startOf(word);
    const length = endOf(word) - from;
    if (length <= 16) {
      store<u64>(mediumEnd, load<u64>(from));
      store<u64>(mediumEnd, keyOf(from + 8, <u32>length - 8), 8);
      mediumEnd += 16;
    } else countLonger(word, offsetAt0);
  }
  addMediumKeys(mediumKeys, mediumEnd);
}

/**
 * The address and the offset of the word that began before the current bytes: only their first word can be
 * it.
 */
export let openOffset: f64 = -1;
export let openWord: usize = 0;
export function setOpen(word: usize, offset: f64): void {
  openWord = word;
  openOffset = offset;
}

/** Counts a word of any length. */
function countLonger(word: usize, offsetAt0: f64): void {
  const from = startOf(word);
  const length = <u32>(endOf(word) - from);
  if (length <= maxTokenBytes) {
    addWord(from, length, 1);
    return;
  }
  tokenTruncated(from == openWord ? openOffset : offsetAt0 + <f64>from);
  addWord(from, withoutBrokenEnd(from, maxTokenBytes), 1);
}

/** Returns the length without an incomplete last character. Bytes that were never UTF-8 stay. */
function withoutBrokenEnd(from: usize, length: u32): u32 {
  for (let back: u32 = 1; back <= 3 && back <= length; back++) {
    const byte = load<u8>(from + length - back);
    if (byte >= 0xc0) {
      const size: u32 = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? length - back : length;
    }
    if (byte < 0x80) return length;
  }
  return length;
}
