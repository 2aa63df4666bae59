// Masks of a tile of Latin text by Unicode's rules: ASCII by vectors; letters like é and punctuation like ’ and “, which stand between, one by one.

import { foldedPair, foldingOf, isMidNumLet, isPlainLetter, isPunctuation, propertiesOf } from './properties';
import { decodeValid, validSize } from './utf8';
import { masks, TILE } from './words';

/** Where the tile's masks end: at its end, or at a character that is left to the automaton. */
export let limit: usize = 0;

/** What was found of characters beyond ASCII in 64 bytes: which bytes are letters, and which begin something that may join letters or digits. */
let letters: u64 = 0;
let joiners: u64 = 0;
/** Of the last such character, how many bytes stand in the next 64, and which of them are in a word. */
let spilled: u64 = 0;
let spilledInWord: u64 = 0;

/**
 * Lower-cases a tile that begins after a boundary, up to its first character that is neither ASCII nor one of those above; sets its
 * masks and `limit`, and answers how many masks. 64 bytes behind `end` must be readable.
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
      // Letters were folded where they stand.
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
    const behindWord = (mask << 1) | previous;
    let candidates = middle & behindWord & ((mask >> 1) | last);
    while (candidates != 0) {
      const bit = ctz(candidates);
      candidates &= candidates - 1;
      if (joins(at + <usize>bit, 1)) mask |= (<u64>1) << bit;
    }
    for (joining &= behindWord; joining != 0; joining &= joining - 1) {
      const bit = ctz(joining);
      if (!joins(at + <usize>bit, 3)) continue;
      mask |= (<u64>7) << bit;
      if (bit > 61) spilledInWord = <u64>7 >> (64 - bit);
    }
    previous = mask >> 63;
    // An open word at the limit goes on there.
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

/** Takes the characters of 64 bytes that are not ASCII, whose bytes are `high`: sets `letters` and `joiners`, and `limit` at one that cannot be taken. */
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
/** What stands between letters or between digits joins them (MidNumLet), as ’ does. */
const JOINER: u32 = 3;

let characterSize: usize = 0;

/** What the character at an address, which is not ASCII, is to a tile; sets `characterSize`. What is not whole before the limit is nothing. */
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
 * Whether a character behind a letter, a digit or an underscore joins what stands beside it: letters (WB6, WB7) or digits (WB11, WB12).
 * At the limit it may.
 */
function joins(at: usize, size: usize): bool {
  const next = at + size;
  if (next == limit) return true;
  const byte = load<u8>(at);
  const before = load<u8>(at - 1);
  const after = load<u8>(next);
  const isBehindLetter = isLetter(before) || before >= 0x80;
  if (after >= 0x80) {
    const kind = kindOf(next);
    // If it is none of these, the limit is there.
    if (kind == NEITHER) return true;
    return kind == LETTER && isBehindLetter && joinsLetters(byte);
  }
  if (isBehindLetter && isLetter(after)) return joinsLetters(byte);
  return isDigit(before) && isDigit(after) && byte != 0x3a; // not :
}

function joinsLetters(byte: u32): bool {
  return byte != 0x2c && byte != 0x3b; // not , ;
}

/** Takes underscores with no letter or digit beside them out of the masks: WB13a makes them a word, but not one that counts. */
function dropLoneConnectors(tile: usize): void {
  let previous: u64 = 0;
  for (let at = tile, mask = masks; at < limit; at += 64, mask += 8) {
    const inWords = load<u64>(mask);
    let firsts = connectorsOf(at) & inWords & ~((inWords << 1) | previous);
    previous = inWords >> 63;
    while (firsts != 0) {
      const first = at + <usize>ctz(firsts);
      firsts &= firsts - 1;
      let behind = first + 1;
      while (behind < limit && load<u8>(behind) == 0x5f) behind++;
      // Those at the limit are open.
      if (behind < limit && !isInWord(tile, behind)) leaveOut(tile, first, behind);
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

/** A bit of a tile's masks is found by its byte and its place in that. */
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

/** Letters, digits and underscores. */
function word(v: v128): v128 {
  const letter = i8x16.lt_u(i8x16.sub(v128.or(v, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  const digit = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10));
  return v128.or(v128.or(letter, digit), connector(v));
}

/** `' , . : ;` by their low halves, which are all different. */
function mid(v: v128): v128 {
  const table = i8x16(-1, 0, 0, 0, 0, 0, 0, 0x27, 0, 0, 0x3a, 0x3b, 0x2c, 0, 0x2e, 0);
  return i8x16.eq(i8x16.swizzle(table, v128.and(v, i8x16.splat(0x0f))), v);
}

/** Bytes that are not ASCII stay as they are. */
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
