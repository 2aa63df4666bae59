// Bit masks of the words in a tile of Latin text, by the rules of UAX #29: ASCII with vectors; letters like é
// and punctuation like ’ and “ between them one by one. In the masks, neighbours of these classes are one
// word: letters (WB5), digits (WB8 to WB10) and underscores (WB13a, WB13b). What joins them, and what does
// not, is decided in `joins` (WB6, WB7, WB11, WB12). Between all others there is a boundary (WB999).

import { foldedPair, foldingOf, isMidNumLet, isPlainLetter, isPunctuation, propertiesOf } from './properties';
import { decodeValid, validSize } from './utf8';
import { masks, TILE } from './words';

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
 * Lower-cases a tile that starts after a boundary, up to the first character that is neither ASCII nor one of
 * those above. Sets the masks and `limit`, and returns the number of masks. 64 bytes after `end` must be
 * readable.
 */
export function classifyLatin(tile: usize, end: usize): usize {
  limit = min(tile + TILE, end);
  let connectors = i8x16.splat(0);
  let previous: u64 = 0;
  let block: usize = 0;
  spilled = 0;
  spilledInWord = 0;
  for (let at = tile; at < limit; at += 64, block++) {
    let a = v128.load(at);
    let b = v128.load(at, 16);
    let c = v128.load(at, 32);
    let d = v128.load(at, 48);
    let mask: u64 = 0;
    let joining: u64 = 0;
    const high = toMask(a, b, c, d);
    if (high != 0) {
      takeOthers(at, high);
      mask = letters;
      joining = joiners;
      // Letters were folded in place.
      a = v128.load(at);
      b = v128.load(at, 16);
      c = v128.load(at, 32);
      d = v128.load(at, 48);
    }
    const valid = min<usize>(limit - at, 64);
    if (valid == 0) break;
    const inside: u64 = <u64>-1 >> (64 - <u64>valid);
    mask |= toMask(word(a), word(b), word(c), word(d)) & inside;
    connectors = v128.or(
      connectors,
      v128.or(v128.or(connector(a), connector(b)), v128.or(connector(c), connector(d))),
    );
    const middle = toMask(mid(a), mid(b), mid(c), mid(d)) & inside;
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
    lower(at, a);
    lower(at + 16, b);
    lower(at + 32, c);
    lower(at + 48, d);
  }
  if (v128.any_true(connectors)) dropLoneConnectors(tile);
  return block;
}

/**
 * Classifies the characters beyond ASCII in 64 bytes; `high` are their bytes. Sets `letters` and `joiners`,
 * and `limit` at a character for the automaton.
 */
function takeOthers(block: usize, high: u64): void {
  letters = spilledInWord;
  joiners = 0;
  let rest = high & ((<u64>-1) << spilled);
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
  if (characterSize == 2 && foldedPair(load<u16>(at)) != 0) return LETTER;
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
    // The limit is at such a character.
    if (kind == NEITHER) return true;
    return kind == LETTER && isAfterLetter && joinsLetters(byte);
  }
  if (isAfterLetter && isLetter(after)) return joinsLetters(byte); // WB6, WB7
  return isDigit(before) && isDigit(after) && byte != 0x3a; // WB11, WB12: MidNum, MidNumLet or ', which is all but :
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
      if (after < limit && !isInWord(tile, after)) leaveOut(tile, first, after);
    }
  }
}

function connectorsOf(block: usize): u64 {
  return toMask(
    connector(v128.load(block)),
    connector(v128.load(block, 16)),
    connector(v128.load(block, 32)),
    connector(v128.load(block, 48)),
  );
}

/** Reads one bit of the masks, by its byte and its place in that byte. */
function isInWord(tile: usize, at: usize): bool {
  return ((load<u8>(masks + ((at - tile) >> 3)) >> <u8>((at - tile) & 7)) & 1) != 0;
}

function leaveOut(tile: usize, from: usize, end: usize): void {
  for (let at = from; at < end; at++) {
    const mask = masks + ((at - tile) >> 3);
    store<u8>(mask, load<u8>(mask) & ~(1 << (<u8>((at - tile) & 7))));
  }
}

function toMask(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  );
}

function connector(v: v128): v128 {
  return i8x16.eq(v, i8x16.splat(0x5f));
}

/** ALetter, Numeric and ExtendNumLet: letters, digits and underscores. */
function word(v: v128): v128 {
  const letter = i8x16.lt_u(i8x16.sub(v128.or(v, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  const digit = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10));
  return v128.or(v128.or(letter, digit), connector(v));
}

/**
 * Single_Quote, MidNum, MidNumLet and MidLetter: `' , . : ;`, found by their lower four bits, which all
 * differ.
 */
function mid(v: v128): v128 {
  const table = i8x16(-1, 0, 0, 0, 0, 0, 0, 0x27, 0, 0, 0x3a, 0x3b, 0x2c, 0, 0x2e, 0);
  return i8x16.eq(i8x16.swizzle(table, v128.and(v, i8x16.splat(0x0f))), v);
}

/** Lower-cases ASCII letters; other bytes stay as they are. */
function lower(at: usize, v: v128): void {
  const upper = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(26));
  v128.store(at, v128.or(v, v128.and(upper, i8x16.splat(0x20))));
}

function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}
