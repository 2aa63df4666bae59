// The unicode tokenizer: ASCII by bit masks, a tile at a time; everything else by the automaton, character by character.
// The two change places only where a word boundary is certain, so neither needs to know the other's state.
import { takeIdeographs } from './dictionary-runs';
import {
  character,
  characterSize,
  characterStart,
  decodeValid,
  endSequence,
  INVALID_BEFORE,
  isPending,
  MORE,
  step,
  validSize,
  WHOLE,
} from './utf8';
import {
  endOfText,
  isAfterSpace,
  isAsciiAhead,
  isBehindIdeograph,
  restartAt,
  takeCharacter,
  takeWords,
} from './word-automaton';
import { countTile, masks, TILE } from './words';

/** U+FFFD, which stands for bytes that are no UTF-8. */
const replacement: usize = memory.data<u8>([0xef, 0xbf, 0xbd, 0, 0, 0, 0, 0]);

/** Whether the automaton is at work. Between chunks it always is, because a word may go on. */
let inAutomaton: bool = true;

/** Counts the words from `from` to `end`. 64 bytes behind the end must be readable. */
export function scanUnicode(from: usize, end: usize, offsetAt0: f64): void {
  let at = from;
  while (at < end) {
    if (inAutomaton) at = walk(at, end, offsetAt0);
    else at = scanAscii(at, end, offsetAt0);
  }
}

export function finishUnicode(offset: f64): void {
  if (endSequence()) takeCharacter(0xfffd, replacement, 3, characterStart);
  endOfText(offset);
}

/** Lets the automaton read until ASCII text begins after white space; answers where that is. */
function walk(from: usize, end: usize, offsetAt0: f64): usize {
  let at = from;
  while (at < end) {
    if (at + 4 <= end && !isPending()) {
      const size = validSize(at);
      if (size != 0) {
        const codePoint = decodeValid(at, size);
        takeCharacter(codePoint, at, size, offsetAt0 + <f64>at);
        const next = at + size;
        at = isBehindIdeograph() ? takeIdeographs(next, end, offsetAt0) : takeWords(next, end, offsetAt0);
        const isAtWord = at == next ? codePoint <= 0x20 && isAsciiSpace(codePoint) : isAfterSpace();
        if (isAtWord && isAsciiAhead(at, end)) {
          inAutomaton = false;
          return at;
        }
        continue;
      }
    }
    const result = step(load<u8>(at), offsetAt0 + <f64>at);
    if (result != INVALID_BEFORE) at++;
    if (result == WHOLE) {
      takeCharacter(decodeValid(character, characterSize), character, characterSize, characterStart);
    } else if (result != MORE) takeCharacter(0xfffd, replacement, 3, characterStart);
  }
  return at;
}

function isAsciiSpace(codePoint: u32): bool {
  return codePoint == 0x20 || codePoint - 9 < 5;
}

/** What `classify` found: where the tile's ASCII ends. */
let limit: usize = 0;

/** Counts whole words of ASCII text that begins after a boundary; answers where to go on, which is also after a boundary. */
function scanAscii(from: usize, end: usize, offsetAt0: f64): usize {
  limit = min(from + TILE, end);
  const isCut = limit < end;
  const blocks = classify(from);
  const isAsciiOnly = isCut && limit == from + TILE;
  const open = countTile(from, blocks, 0, true, offsetAt0);
  // The character before the next one is read again if it is no word's, because marks behind it belong to it.
  const next = open != 0 ? open : limit - 1;
  if (next > from && isAsciiOnly) return next;
  inAutomaton = true;
  restartAt(offsetAt0 + <f64>next);
  return next;
}

/** Lower-cases the tile up to its first byte that is not ASCII, sets its masks and `limit`, and answers how many masks. */
function classify(tile: usize): usize {
  let connectors = i8x16.splat(0);
  let previous: u64 = 0;
  let block: usize = 0;
  for (let at = tile; at < limit; at += 64, block++) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const high = toMask(a, b, c, d);
    let valid: usize = min<usize>(limit - at, 64);
    if (high != 0) {
      valid = min(valid, <usize>ctz(high));
      limit = at + valid;
      if (valid == 0) break;
    }
    const wa = word(a);
    const wb = word(b);
    const wc = word(c);
    const wd = word(d);
    const inside: u64 = <u64>-1 >> (64 - <u64>valid);
    let mask = toMask(wa, wb, wc, wd) & inside;
    connectors = v128.or(
      connectors,
      v128.or(v128.or(connector(a), connector(b)), v128.or(connector(c), connector(d))),
    );
    const middle = toMask(mid(a), mid(b), mid(c), mid(d)) & inside;
    const last: u64 = (<u64>1) << (<u64>valid - 1);
    let candidates = middle & ((mask << 1) | previous) & ((mask >> 1) | last);
    while (candidates != 0) {
      const bit = ctz(candidates);
      candidates &= candidates - 1;
      if (joins(at + <usize>bit)) mask |= (<u64>1) << bit;
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

/** Whether a character between letters (WB6, WB7) or digits (WB11, WB12) joins them; what is not known yet may. */
function joins(at: usize): bool {
  const byte = load<u8>(at);
  const before = load<u8>(at - 1);
  const after = load<u8>(at + 1);
  if (at + 1 == limit || after >= 0x80) return true;
  if (isLetter(before) && isLetter(after)) return byte != 0x2c && byte != 0x3b; // not , ;
  return isDigit(before) && isDigit(after) && byte != 0x3a; // not :
}

function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}
