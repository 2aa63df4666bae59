// From bit masks of word bytes to counted words, a tile at a time. Each step is a small loop without unpredictable branches:
// masks → positions where words begin and end → keys of short words, and addresses of longer ones → the table.
import { allocate } from './memory';
import { addShortKeys, addWord, keyOf } from './table';
import { tokenTruncated } from './warn';

/** Bytes looked at together: what they need stays in the first-level cache. */
export const TILE: usize = 4096;

/** One 64-bit mask for each 64 bytes of the tile; bit i tells whether byte i belongs to a word. */
export const masks: usize = allocate((TILE >> 6) << 3);
const edges: usize = allocate((TILE + 80) << 2);
const shortKeys: usize = allocate((TILE / 2 + 8) << 3);
const longerWords: usize = allocate((TILE / 2 + 8) << 3);

/** Words counted so far. */
export let words: u64 = 0;
export function countWord(): void {
  words++;
}

export function countWords(found: u64): void {
  words += found;
}

export let maxTokenBytes: u32 = 1024;
export function setMaxTokenBytes(bytes: u32): void {
  maxTokenBytes = bytes;
}

/** Writes the positions where words begin and end; answers the end of the list. `open` is the begin of a word before the tile. */
function findEdges(tile: usize, blocks: usize, open: usize): usize {
  let list = edges;
  let carry: u64 = 0;
  if (open != 0) {
    store<u32>(list, <u32>open);
    list += 4;
    carry = 1;
  }
  for (let block: usize = 0; block < blocks; block++) {
    const mask = load<u64>(masks + (block << 3));
    let bits = mask ^ ((mask << 1) | carry);
    carry = mask >> 63;
    const base = tile + (block << 6);
    const found = (<usize>popcnt(bits)) << 2;
    // Four are written at a time, needed or not: what is too much is written over.
    for (let at = list, end = list + found; at < end; at += 16) {
      store<u32>(at, <u32>(base + <usize>ctz(bits)));
      bits &= bits - 1;
      store<u32>(at, <u32>(base + <usize>ctz(bits)), 4);
      bits &= bits - 1;
      store<u32>(at, <u32>(base + <usize>ctz(bits)), 8);
      bits &= bits - 1;
      store<u32>(at, <u32>(base + <usize>ctz(bits)), 12);
      bits &= bits - 1;
    }
    list += found;
  }
  return list;
}

/**
 * Counts the words of a tile whose masks are set; answers where its last word begins, if that is still open, else 0. With `plain`,
 * no word has a zero byte, and every word counts. `offsetAt0` is the text's offset of address 0.
 */
export function countTile(tile: usize, blocks: usize, open: usize, plain: bool, offsetAt0: f64): usize {
  const end = findEdges(tile, blocks, open);
  const pairs = (end - edges) >> 3;
  const pairsEnd = edges + (pairs << 3);
  let keys = shortKeys;
  let longer = longerWords;
  if (plain) {
    for (let at = edges; at < pairsEnd; at += 8) {
      const pair = load<u64>(at);
      const from = <usize>(pair & 0xffffffff);
      const length = <u32>(pair >> 32) - <u32>from;
      store<u64>(keys, keyOf(from, length));
      store<u64>(longer, pair);
      const isShort = <usize>(length <= 8);
      keys += isShort << 3;
      longer += (1 - isShort) << 3;
    }
    addShortKeys(shortKeys, keys);
    words += pairs;
  } else {
    for (let at = edges; at < pairsEnd; at += 8) {
      const pair = load<u64>(at);
      const from = <usize>(pair & 0xffffffff);
      if (isOnlyConnectors(from, <usize>(pair >> 32))) continue;
      store<u64>(longer, pair);
      longer += 8;
      words++;
    }
  }
  for (let at = longerWords; at < longer; at += 8) {
    const from = <usize>load<u32>(at);
    countLonger(from, load<u32>(at, 4) - <u32>from, offsetAt0);
  }
  return ((end - edges) & 4) != 0 ? <usize>load<u32>(end - 4) : 0;
}

/** Whether the unicode tokenizer would see underscores alone; set by it, because to others an underscore is as good as a letter. */
export let connectorsAreWords: bool = true;
export function setConnectorsAreWords(are: bool): void {
  connectorsAreWords = are;
}

function isOnlyConnectors(from: usize, end: usize): bool {
  if (connectorsAreWords) return false;
  for (let at = from; at < end; at++) if (load<u8>(at) != 0x5f) return false;
  return true;
}

/** The offset of a word that began before the present bytes; of the first one only, so one is enough. */
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

/** Leaves out a last character whose bytes were cut off; bytes that are no UTF-8 anyway stay. */
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
