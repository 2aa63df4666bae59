// Bit masks of the words in a tile of Latin text, by the rules of UAX #29: ASCII with vectors; letters like é
// and punctuation like ’ and “ between them one by one. In the masks, neighbours of these classes are one
// word: letters (WB5), digits (WB8 to WB10) and underscores (WB13a, WB13b). What joins them, and what does
// not, is decided in `joins` (WB6, WB7, WB11, WB12). Between all others there is a boundary (WB999).

import { allocate } from './memory';
import { foldedPair, foldingOf, isMidNumLet, isPlainLetter, isPunctuation, propertiesOf } from './properties';
import { decodeValid, validSize } from './utf8';
import { masks, TILE } from './word-edges';

/** The end of the masks: the end of the tile, or a character that is left to the automaton. */
export let limit: usize = 0;

/**
 * Of 64 bytes that are not all ASCII: the bytes of letters beyond ASCII, and the first bytes of characters
 * that may join letters or digits.
 */
let letters: u64 = 0;
let joiners: u64 = 0;
/** How many bytes of the last such character are in the next 64, and which of them are in a word. */
let spilled: u64 = 0;
let spilledInWord: u64 = 0;

/**
 * Constant: the vectors of `classifyLatin`. V8 makes a vector constant again at each use, but loads one from
 * memory once. A range takes two of them: adding the first moves the range to the smallest signed bytes, so
 * that one signed comparison with the second is enough; V8 has no unsigned one.
 */
const vectors: usize = allocate(8 << 4);
v128.store(vectors, i8x16.splat(0x20));
v128.store(vectors, i8x16.splat(<i8>(0x80 - 0x61)), 16);
v128.store(vectors, i8x16.splat(<i8>(-128 + 26)), 32);
v128.store(vectors, i8x16.splat(<i8>(0x80 - 0x30)), 48);
v128.store(vectors, i8x16.splat(<i8>(-128 + 10)), 64);
v128.store(vectors, i8x16.splat(0x5f), 80);
v128.store(vectors, i8x16.splat(0x0f), 96);
// Single_Quote, MidNum, MidNumLet and MidLetter: `' , . : ;`, by their lower four bits, which all differ.
v128.store(vectors, i8x16(-1, 0, 0, 0, 0, 0, 0, 0x27, 0, 0, 0x3a, 0x3b, 0x2c, 0, 0x2e, 0), 112);

/**
 * Lower-cases a tile that starts after a boundary, up to the first character that is neither ASCII nor one of
 * those above. Sets the masks and `limit`, and returns the number of masks. 64 bytes after `end` must be
 * readable.
 */
export function classifyLatin(tile: usize, end: usize): usize {
  const caseBit = v128.load(vectors);
  const fromA = v128.load(vectors, 16);
  const letterRange = v128.load(vectors, 32);
  const fromZero = v128.load(vectors, 48);
  const digitRange = v128.load(vectors, 64);
  const underscore = v128.load(vectors, 80);
  const lowerBits = v128.load(vectors, 96);
  const joinersByLowerBits = v128.load(vectors, 112);
  limit = min(tile + TILE, end);
  let connectors = i8x16.splat(0);
  let previous: u64 = 0;
  let block: usize = 0;
  spilled = 0;
  spilledInWord = 0;
  for (let at = tile; at < limit; at += 64, block++) {
    let word: u64 = 0;
    let joining: u64 = 0;
    if (!isAscii(at)) {
      classifyBeyondAscii(at);
      word = letters;
      joining = joiners;
    }
    const valid = min<usize>(limit - at, 64);
    if (valid == 0) break;
    let ascii: u64 = 0;
    let middle: u64 = 0;
    for (let lane: usize = 0; lane < 64; lane += 16) {
      const v = v128.load(at + lane);
      const isLetter = i8x16.gt_s(letterRange, i8x16.add(v128.or(v, caseBit), fromA));
      const isDigit = i8x16.gt_s(digitRange, i8x16.add(v, fromZero));
      const isUnderscore = i8x16.eq(v, underscore);
      const isJoiner = i8x16.eq(i8x16.swizzle(joinersByLowerBits, v128.and(v, lowerBits)), v);
      // ALetter, Numeric and ExtendNumLet.
      ascii |= bits(v128.or(v128.or(isLetter, isDigit), isUnderscore)) << (<u64>lane);
      middle |= bits(isJoiner) << (<u64>lane);
      connectors = v128.or(connectors, isUnderscore);
      v128.store(at + lane, v128.or(v, v128.and(isLetter, caseBit)));
    }
    const inside: u64 = <u64>-1 >> (64 - <u64>valid);
    let mask = word | (ascii & inside);
    middle &= inside;
    const last: u64 = (<u64>1) << (<u64>valid - 1);
    const afterWord = (mask << 1) | previous;
    // WB6, WB7, WB11, WB12: a joiner needs a word on both sides; which joiner joins what is in `joins`.
    let candidates = middle & afterWord & ((mask >> 1) | last);
    while (candidates != 0) {
      const bit = ctz(candidates);
      candidates &= candidates - 1;
      if (joins(at + <usize>bit, 1)) mask |= (<u64>1) << bit;
    }
    for (joining &= afterWord; joining != 0; joining &= joining - 1) {
      const bit = ctz(joining);
      if (!joins(at + <usize>bit, 3)) continue;
      mask |= (<u64>7) << bit;
      if (bit > 61) spilledInWord = <u64>7 >> (64 - bit);
    }
    previous = mask >> 63;
    // A word that is open at the limit may continue there.
    if (valid < 64 && (mask & last) != 0) mask |= ~inside;
    store<u64>(masks + (block << 3), mask);
  }
  if (v128.any_true(connectors)) dropLoneConnectors(tile);
  return block;
}

/**
 * Classifies the characters beyond ASCII in 64 bytes, and folds the letters in place. Sets `letters` and
 * `joiners`, and `limit` at a character for the automaton.
 */
function classifyBeyondAscii(block: usize): void {
  letters = spilledInWord;
  joiners = 0;
  let rest = highBytes(block) & ((<u64>-1) << spilled);
  spilled = 0;
  spilledInWord = 0;
  while (rest != 0) {
    const bit = ctz(rest);
    const at = block + <usize>bit;
    if (at >= limit) return;
    const kind = kindOf(at);
    if (kind == NEITHER) {
      limit = at;
      return;
    }
    const size = <u64>characterSize;
    const bytes = (((<u64>1) << size) - 1) << bit;
    rest &= ~bytes;
    if (bit + size > 64) spilled = bit + size - 64;
    if (kind == LETTER) {
      if (size == 2) store<u16>(at, <u16>foldedPair(load<u16>(at)));
      letters |= bytes;
      if (spilled != 0) spilledInWord = ((<u64>1) << spilled) - 1;
    } else if (kind == JOINER) joiners |= (<u64>1) << bit;
  }
}

const NEITHER: u32 = 0;
const LETTER: u32 = 1;
const PUNCTUATION: u32 = 2;
/** MidNumLet, such as ’: joins two letters (WB6, WB7) or two digits (WB11, WB12). */
const JOINER: u32 = 3;

let characterSize: usize = 0;

/**
 * Classifies the character beyond ASCII at an address and sets `characterSize`. A character that crosses the
 * limit is `NEITHER`.
 */
function kindOf(at: usize): u32 {
  characterSize = validSize(at);
  if (characterSize < 2 || at + characterSize > limit) return NEITHER;
  // Quotes join Hebrew letters in ways of their own, so these, which have a first byte of their own, are left out.
  if (characterSize == 2 && load<u8>(at) != 0xd7 && foldedPair(load<u16>(at)) != 0) return LETTER;
  const properties = propertiesOf(decodeValid(at, characterSize));
  if (isPunctuation(properties)) return PUNCTUATION;
  if (characterSize != 3) return NEITHER;
  if (isMidNumLet(properties)) return JOINER;
  return isPlainLetter(properties) && foldingOf(properties) == 0 ? LETTER : NEITHER;
}

/**
 * Whether a character after a letter, a digit or an underscore joins its two neighbours: letters (WB6, WB7)
 * or digits (WB11, WB12). At the limit the next character is unknown, so it may.
 */
function joins(at: usize, size: usize): bool {
  const next = at + size;
  if (next == limit) return true;
  const byte = load<u8>(at);
  const before = load<u8>(at - 1);
  const after = load<u8>(next);
  const isAfterLetter = isLetter(before) || before >= 0x80;
  if (after >= 0x80) {
    const kind = kindOf(next);
    // Then `limit` is at this character, and the automaton decides.
    if (kind == NEITHER) return true;
    return kind == LETTER && isAfterLetter && joinsLetters(byte);
  }
  if (isAfterLetter && isLetter(after)) return joinsLetters(byte); // WB6, WB7
  // WB11, WB12: MidNum, MidNumLet or ', which is all but :
  return isDigit(before) && isDigit(after) && byte != 0x3a;
}

function joinsLetters(byte: u32): bool {
  return byte != 0x2c && byte != 0x3b; // MidLetter, MidNumLet or ', which is all but , and ;
}

/**
 * Removes underscores without a letter or a digit beside them from the masks: WB13a makes them a segment, but
 * not a word that counts.
 */
function dropLoneConnectors(tile: usize): void {
  let previous: u64 = 0;
  for (let at = tile, mask = masks; at < limit; at += 64, mask += 8) {
    const inWords = load<u64>(mask);
    let firsts = connectorsOf(at) & inWords & ~((inWords << 1) | previous);
    previous = inWords >> 63;
    while (firsts != 0) {
      const first = at + <usize>ctz(firsts);
      firsts &= firsts - 1;
      let after = first + 1;
      while (after < limit && load<u8>(after) == 0x5f) after++;
      // A run at the limit is still open.
      if (after < limit && !isInWord(tile, after)) clearBits(tile, first, after);
    }
  }
}

function connectorsOf(block: usize): u64 {
  const underscore = i8x16.splat(0x5f);
  let found: u64 = 0;
  for (let lane: usize = 0; lane < 64; lane += 16) {
    found |= bits(i8x16.eq(v128.load(block + lane), underscore)) << (<u64>lane);
  }
  return found;
}

/** Reads one bit of the masks, by its byte and its place in that byte. */
function isInWord(tile: usize, at: usize): bool {
  return ((load<u8>(masks + ((at - tile) >> 3)) >> <u8>((at - tile) & 7)) & 1) != 0;
}

function clearBits(tile: usize, from: usize, end: usize): void {
  for (let at = from; at < end; at++) {
    const mask = masks + ((at - tile) >> 3);
    store<u8>(mask, load<u8>(mask) & ~(1 << (<u8>((at - tile) & 7))));
  }
}

function isAscii(block: usize): bool {
  const all = v128.or(
    v128.or(v128.load(block), v128.load(block, 16)),
    v128.or(v128.load(block, 32), v128.load(block, 48)),
  );
  return bits(all) == 0;
}

/** The bytes of 64 that are not ASCII. */
function highBytes(block: usize): u64 {
  let found: u64 = 0;
  for (let lane: usize = 0; lane < 64; lane += 16) found |= bits(v128.load(block + lane)) << (<u64>lane);
  return found;
}

/** The upper bits of sixteen bytes. */
function bits(v: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(v));
}

function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}
