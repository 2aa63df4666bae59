import { isSpace } from '../charset/held-text.ts';

/**
 * The last bytes of U+002D, of U+2010 and of U+00AD, which may stand at the end of a line. Other characters may end in
 * the last two as well: no cut is then made after them, which does no harm.
 */
const MAY_END_HYPHEN: readonly number[] = [0x2d, 0x90, 0xad];

/**
 * Whether text can be cut before `at` without parting a word that a hyphen divides at a line end: after white space
 * that follows neither a hyphen nor other white space.
 */
function isSafeCut(bytes: Uint8Array, at: number): boolean {
  const [before, space] = [bytes[at - 2], bytes[at - 1]];
  if (before === undefined || space === undefined) return false;
  return isSpace(space) && !isSpace(before) && !MAY_END_HYPHEN.includes(before);
}

/** Returns the first such place; −1 if there is none. */
export function firstSafeCut(bytes: Uint8Array): number {
  for (let at = 2; at <= bytes.length; at += 1) if (isSafeCut(bytes, at)) return at;
  return -1;
}

/** Returns the last such place; −1 if there is none. */
export function lastSafeCut(bytes: Uint8Array): number {
  for (let at = bytes.length; at >= 2; at -= 1) if (isSafeCut(bytes, at)) return at;
  return -1;
}
