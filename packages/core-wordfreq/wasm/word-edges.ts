// Where the words of a tile start and end, and the keys of those of up to 8 bytes. All loops are free of
// branches that depend on the text: a processor cannot predict where words end.
import { allocate } from './memory';

/** The bytes that are processed together: with all their buffers they fit in the first-level cache. */
export const TILE: usize = 4096;

/** Tile: u64 for each 64 bytes; bit i is set if byte i belongs to a word. */
export const masks: usize = allocate((TILE >> 6) << 3);

/** A word that is open at the start of a tile may start this many bytes before it; see `findEdges`. */
const BEFORE: usize = 2048;

/** Constant: for each byte, the positions of its set bits, u8 each. */
const bitPositions: usize = allocate(256 << 3);
for (let byte: usize = 0; byte < 256; byte++) {
  let at = bitPositions + (byte << 3);
  for (let bit: usize = 0; bit < 8; bit++) if (((byte >> bit) & 1) != 0) store<u8>(at++, <u8>bit);
}

/**
 * Returns the positions of the bits that are set in a byte, u16 each; the lanes after them are meaningless.
 * `positions` is `bitPositions`.
 */
function bitsOf(byte: usize, positions: usize): v128 {
  return v128.load8x8_u(positions + (byte << 3));
}

/**
 * Constant: for each length up to 8, a u64 mask of a word's bytes; 0 for 9, which stands for all longer
 * words.
 */
const lengthMasks: usize = allocate(10 << 3);
for (let length: usize = 1; length <= 8; length++) {
  store<u64>(lengthMasks + (length << 3), <u64>-1 >> (64 - ((<u64>length) << 3)));
}

/** Constant: the vectors of `findEdges` and `makeKeys`, which latin-tile.ts explains. */
const vectors: usize = allocate(4 << 4);
v128.store(vectors, i16x8.splat(8));
v128.store(vectors, i32x4.splat(0xffff), 16);
v128.store(vectors, i32x4.splat(9), 32);
v128.store(vectors, i16x8.splat(9), 48);

/** Tile: u16 start and u16 end of each word, counted from `origin`. */
const edges: usize = allocate((TILE + 64) << 1);
/** Tile: u64 keys of the words of up to 8 bytes, and 0 for each longer word. */
export const shortKeys: usize = allocate((TILE / 2 + 8) << 3);
/** Tile: u16 indices of the longer words among the words of the tile. */
export const longerWords: usize = allocate((TILE / 8 + 16) << 1);
/** Tile: u32 offsets of eight lengths in `lengthMasks`. */
const lengths: usize = allocate(8 << 2);

/** The edges count from this address. */
let origin: usize = 0;
let edgesEnd: usize = 0;
/** The start of the word that was open at the start of the tile. */
let openStart: usize = 0;

/** The ends of `shortKeys` and of `longerWords`. */
export let keysEnd: usize = 0;
export let longerEnd: usize = 0;

/**
 * Finds the edges of the words in a tile whose masks are set. `open` is the start of a word that started
 * before the tile, or 0. Returns the start of the word that is still open at the end, or 0.
 */
export function findEdges(tile: usize, blocks: usize, open: usize): usize {
  let at = edges;
  let carry: u64 = 0;
  origin = tile - BEFORE;
  openStart = open;
  if (open != 0) {
    carry = 1;
    // 0 stands for a start before `origin`, which `openStart` has.
    store<u16>(at, open < origin ? 0 : <u16>(open - origin));
    at += 2;
  }
  let base = i16x8.splat(<i16>BEFORE);
  const eight = v128.load(vectors);
  const positions = bitPositions;
  for (let block = masks, end = masks + (blocks << 3); block < end; block += 8) {
    const mask = load<u64>(block);
    // A bit that differs from the one before it is a start or an end, in turn.
    const changes = mask ^ ((mask << 1) | carry);
    carry = mask >> 63;
    // Unrolled, because a loop is slower.
    at = putEdges(at, <usize>changes & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 8) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 16) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 24) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 32) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 40) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 48) & 0xff, base, positions);
    base = i16x8.add(base, eight);
    at = putEdges(at, <usize>(changes >> 56) & 0xff, base, positions);
    base = i16x8.add(base, eight);
  }
  if (carry != 0) at -= 2;
  const openAfter = carry != 0 ? addressOf(load<u16>(at)) : 0;
  edgesEnd = at;
  // `makeKeys` takes eight words at a time: those after the last are empty.
  v128.store(at, i64x2.splat(0));
  v128.store(at, i64x2.splat(0), 16);
  return openAfter;
}

/** Appends an edge for each set bit of a byte. Sixteen bytes are written. Returns the end of the edges. */
function putEdges(at: usize, byte: usize, base: v128, positions: usize): usize {
  v128.store(at, i16x8.add(bitsOf(byte, positions), base));
  return at + ((<usize>popcnt<u32>(<u32>byte)) << 1);
}

export function wordsInTile(): usize {
  return (edgesEnd - edges) >> 2;
}

/** Returns the address of the start of a word. */
export function startOf(word: usize): usize {
  return addressOf(load<u16>(edges + (word << 2)));
}

/** Returns the address of the end of a word. */
export function endOf(word: usize): usize {
  return origin + <usize>load<u16>(edges + (word << 2), 2);
}

function addressOf(edge: u32): usize {
  return edge == 0 ? openStart : origin + <usize>edge;
}

/** Makes `shortKeys` and `longerWords`. No word may have a zero byte. */
export function makeKeys(): void {
  // The compiler would load each global again for each use.
  const from = origin;
  const end = edgesEnd;
  const lengthsAt = lengths;
  const masksAt = lengthMasks;
  const positions = bitPositions;
  const starts = v128.load(vectors, 16);
  const nine = v128.load(vectors, 32);
  const nine16 = v128.load(vectors, 48);
  const eight = v128.load(vectors);
  let base = i16x8.splat(0);
  let keys = shortKeys;
  let longer = longerWords;
  for (let at = edges; at < end; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const lengthA = i32x4.min_u(i32x4.sub(i32x4.shr_u(a, 16), v128.and(a, starts)), nine);
    const lengthB = i32x4.min_u(i32x4.sub(i32x4.shr_u(b, 16), v128.and(b, starts)), nine);
    v128.store(lengthsAt, i32x4.shl(lengthA, 3));
    v128.store(lengthsAt, i32x4.shl(lengthB, 3), 16);
    putKey(keys, 0, at, from, lengthsAt, masksAt);
    putKey(keys, 1, at, from, lengthsAt, masksAt);
    putKey(keys, 2, at, from, lengthsAt, masksAt);
    putKey(keys, 3, at, from, lengthsAt, masksAt);
    putKey(keys, 4, at, from, lengthsAt, masksAt);
    putKey(keys, 5, at, from, lengthsAt, masksAt);
    putKey(keys, 6, at, from, lengthsAt, masksAt);
    putKey(keys, 7, at, from, lengthsAt, masksAt);
    keys += 64;
    const areLonger = <usize>i16x8.bitmask(i16x8.eq(i16x8.narrow_i32x4_u(lengthA, lengthB), nine16));
    v128.store(longer, i16x8.add(bitsOf(areLonger, positions), base));
    longer += (<usize>popcnt<u32>(<u32>areLonger)) << 1;
    base = i16x8.add(base, eight);
  }
  keysEnd = keys;
  longerEnd = longer;
}

/**
 * Stores the key of one of eight words, whose edges are at `at` and whose lengths are at `lengthsAt`. A key is
 * half a vector, because the compiler would load a mask twice if it were a number.
 */
function putKey(keys: usize, word: usize, at: usize, from: usize, lengthsAt: usize, masksAt: usize): void {
  const start = from + <usize>load<u16>(at + (word << 2));
  const kept = v128.load64_zero(masksAt + <usize>load<u32>(lengthsAt + (word << 2)));
  v128.store64_lane(keys + (word << 3), v128.and(v128.load64_zero(start), kept), 0);
}
