// Turns bit masks of word bytes into counted words, one tile at a time. Each step is a small loop without
// unpredictable branches: masks → keys of short words, and addresses of longer words → the tables.

import { tokenTruncated } from './host';
import { addMediumKeys } from './medium-words';
import { allocate } from './memory';
import { addShortKeys } from './short-words';
import { addWord, keyOf } from './table';

/** The bytes that are processed together: with all their buffers they fit in the first-level cache. */
export const TILE: usize = 4096;

/** Tile: u64 for each 64 bytes; bit i is set if byte i belongs to a word. */
export const masks: usize = allocate((TILE >> 6) << 3);
/** Tile: u64 keys of the words of up to 8 bytes. */
const shortKeys: usize = allocate((TILE / 2 + 8) << 3);
/** Tile: u32 start and u32 end address of each longer word. */
const longerWords: usize = allocate((TILE / 2 + 8) << 3);
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

/** The ends of `shortKeys` and of `longerWords`. */
let keysEnd: usize = 0;
let longerEnd: usize = 0;

/**
 * Finds the words of a tile: the keys of words of up to `longestShort` bytes, the start and end of longer
 * words. `open` is the start of a word that began before the tile, or 0. Returns the start of the word that
 * is still open at the end, or 0.
 */
function findWords(tile: usize, blocks: usize, open: usize, longestShort: u32): usize {
  let keys = shortKeys;
  let longer = longerWords;
  let start = open;
  let carry: u64 = open != 0 ? 1 : 0;
  for (let block: usize = 0; block < blocks; block++) {
    const mask = load<u64>(masks + (block << 3));
    const shifted = (mask << 1) | carry;
    const base = tile + (block << 6);
    let starts = mask & ~shifted;
    let ends = shifted & ~mask;
    // Without an open word, the first start is in this block. Which case it is cannot be predicted, so there
    // is no branch.
    const first = base + <usize>ctz(starts);
    start = first + (start - first) * <usize>carry;
    starts &= starts - 1 + carry;
    carry = mask >> 63;
    while (ends != 0) {
      const end = base + <usize>ctz(ends);
      ends &= ends - 1;
      const length = <u32>(end - start);
      store<u64>(keys, keyOf(start, length));
      store<u64>(longer, ((<u64>end) << 32) | <u64>start);
      const isShort = <usize>(length <= longestShort);
      keys += isShort << 3;
      longer += (1 - isShort) << 3;
      start = base + <usize>ctz(starts);
      starts &= starts - 1;
    }
  }
  keysEnd = keys;
  longerEnd = longer;
  return carry != 0 ? start : 0;
}

/**
 * Counts the words of a tile whose masks are set. Returns the start of the last word if it is still open,
 * else 0. With `plain`, no word has a zero byte. `offsetAt0` is the offset in the text that corresponds to
 * address 0.
 */
export function countTile(tile: usize, blocks: usize, open: usize, plain: bool, offsetAt0: f64): usize {
  const openAfter = findWords(tile, blocks, open, plain ? 8 : 0);
  addShortKeys(shortKeys, keysEnd);
  words += (keysEnd - shortKeys + longerEnd - longerWords) >> 3;
  let mediumEnd = mediumKeys;
  for (let at = longerWords; at < longerEnd; at += 8) {
    const from = <usize>load<u32>(at);
    const end = <usize>load<u32>(at, 4);
    if (plain && end - from <= 16) {
      store<u64>(mediumEnd, load<u64>(from));
      store<u64>(mediumEnd, keyOf(from + 8, <u32>(end - from - 8)), 8);
      mediumEnd += 16;
    } else countLonger(from, <u32>(end - from), offsetAt0);
  }
  addMediumKeys(mediumKeys, mediumEnd);
  return openAfter;
}

/** The address and the offset of the word that began before the present bytes; only the first word can. */
export let openOffset: f64 = -1;
export let openWord: usize = 0;
export function setOpen(word: usize, offset: f64): void {
  openWord = word;
  openOffset = offset;
}

function countLonger(from: usize, length: u32, offsetAt0: f64): void {
  if (length <= maxTokenBytes) {
    addWord(from, length, 1);
    return;
  }
  tokenTruncated(from == openWord ? openOffset : offsetAt0 + <f64>from);
  addWord(from, withoutBrokenEnd(from, maxTokenBytes), 1);
}

/** Returns the length without a last character that is incomplete. Bytes that are not UTF-8 anyway stay. */
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
