// Decodes UTF-8 across chunk boundaries. Invalid bytes are reported by maximal subparts (Unicode Standard,
// section 3.9, table 3-7), as in src/charset/utf8-decoder.ts.
import { invalidUtf8 } from './host';

/**
 * Of the current sequence: how many bytes have been read, how many are missing, the range of the next byte,
 * and the offset of the first one.
 */
let read: u32 = 0;
let needed: u32 = 0;
let lower: u32 = 0x80;
let upper: u32 = 0xbf;
let start: f64 = 0;

/** Decoder: the bytes of the current character, which is whole when `step` returns `WHOLE`. */
export const character: usize = memory.data(16);
export let characterSize: usize = 0;
export let characterStart: f64 = 0;

/** `step` read the byte, and the character is incomplete. */
export const MORE: u32 = 0;
/** `step` read the byte, and `character` is whole. */
export const WHOLE: u32 = 1;
/** `step` read the byte, which is not UTF-8. */
export const INVALID: u32 = 2;
/** The bytes before this one are not UTF-8; `step` did not read this one. */
export const INVALID_BEFORE: u32 = 3;

/** Whether a sequence is incomplete. */
export function isPending(): bool {
  return needed > 0;
}

/** Reads one byte. Invalid parts are reported to the host. */
export function step(byte: u32, offset: f64): u32 {
  if (needed == 0) return begin(byte, offset);
  if (byte < lower || byte > upper) {
    needed = 0;
    invalidUtf8(start);
    characterStart = start;
    return INVALID_BEFORE;
  }
  lower = 0x80;
  upper = 0xbf;
  store<u8>(character + read, byte);
  read++;
  if (--needed > 0) return MORE;
  characterSize = read;
  characterStart = start;
  return WHOLE;
}

/** Reports a sequence that is incomplete at the end of the text. Returns whether there was one. */
export function endSequence(): bool {
  if (needed == 0) return false;
  needed = 0;
  invalidUtf8(start);
  characterStart = start;
  return true;
}

function begin(byte: u32, offset: f64): u32 {
  start = offset;
  store<u8>(character, byte);
  read = 1;
  lower = 0x80;
  upper = 0xbf;
  if (byte < 0x80) {
    characterSize = 1;
    characterStart = offset;
    return WHOLE;
  }
  if (byte >= 0xc2 && byte <= 0xdf) needed = 1;
  else if (byte >= 0xe0 && byte <= 0xef) {
    if (byte == 0xe0) lower = 0xa0;
    if (byte == 0xed) upper = 0x9f;
    needed = 2;
  } else if (byte >= 0xf0 && byte <= 0xf4) {
    if (byte == 0xf0) lower = 0x90;
    if (byte == 0xf4) upper = 0x8f;
    needed = 3;
  } else {
    characterStart = offset;
    invalidUtf8(offset);
    return INVALID;
  }
  return MORE;
}

/** Returns the size of the valid character at an address, or 0 if there is none. Four bytes are read. */
export function validSize(address: usize): usize {
  const bytes = load<u32>(address);
  const a = bytes & 0xff;
  if (a < 0x80) return 1;
  if ((bytes & 0xc0e0) == 0x80c0) return a >= 0xc2 ? 2 : 0;
  if ((bytes & 0xc0c0f0) == 0x8080e0) {
    const b = (bytes >> 8) & 0xff;
    if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f)) return 0;
    return 3;
  }
  if ((bytes & 0xc0c0c0f8) == 0x808080f0) {
    const b = (bytes >> 8) & 0xff;
    if (a > 0xf4 || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f)) return 0;
    return 4;
  }
  return 0;
}

/**
 * Reports bytes that are not UTF-8. Returns whether there are zero bytes. `offsetAt0` is the offset in the
 * text that corresponds to address 0.
 */
export function validate(from: usize, end: usize, offsetAt0: f64): bool {
  let hasZero = false;
  let at = from;
  while (at < end) {
    if (needed == 0) {
      while (at + 32 <= end && isPlain(v128.load(at), v128.load(at, 16))) at += 32;
      // The rest of the 32 bytes, character by character.
      const last = min(at + 32, end);
      while (at < last && at + 4 <= end) {
        const size = validSize(at);
        if (size == 0) break;
        if (load<u8>(at) == 0) hasZero = true;
        at += size;
      }
      if (at >= last) continue;
    }
    if (load<u8>(at) == 0) hasZero = true;
    if (step(load<u8>(at), offsetAt0 + <f64>at) != INVALID_BEFORE) at++;
  }
  return hasZero;
}

/** Whether all bytes are from 1 to 127. */
function isPlain(a: v128, b: v128): bool {
  const zero = i8x16.splat(0);
  return i8x16.all_true(v128.and(i8x16.gt_s(a, zero), i8x16.gt_s(b, zero)));
}

/** Returns the size of a character by its first byte. */
export function sizeOf(lead: u32): usize {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Returns the character at an address with valid UTF-8. */
export function decodeValid(address: usize, size: usize): u32 {
  const a = <u32>load<u8>(address);
  if (size == 1) return a;
  const b = <u32>load<u8>(address, 1) & 0x3f;
  if (size == 2) return ((a & 0x1f) << 6) | b;
  const c = <u32>load<u8>(address, 2) & 0x3f;
  if (size == 3) return ((a & 0x0f) << 12) | (b << 6) | c;
  return ((a & 0x07) << 18) | (b << 12) | (c << 6) | (<u32>load<u8>(address, 3) & 0x3f);
}
