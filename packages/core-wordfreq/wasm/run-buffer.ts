// The characters of runs that a dictionary segments (cjk-words.ts, lookahead-words.ts). Most runs of Chinese and
// Japanese are short, but long ones take less time per character. So runs are gathered and segmented together, each with
// a zero after it, which no word contains.
import { MAX_RUN } from './generated/shared-constants';
import { allocate } from './memory';

/** Gathered runs are segmented once they have this many characters. */
const ENOUGH_CHARACTERS: u32 = 512;
export const MAX_CHARACTERS: u32 = ENOUGH_CHARACTERS + MAX_RUN + 1;
/** Dictionary: u16, the characters of the gathered runs. */
const characters: usize = allocate((MAX_CHARACTERS + 2) << 1);
/** Dictionary: the same in UTF-8, three bytes for each. */
export const text: usize = allocate((MAX_CHARACTERS + 2) * 3);
/** The number of characters before the current run. */
export let gathered: u32 = 0;

/** Stores a character of the current run. Its UTF-8 bytes are the low three. */
export function setCharacter(index: u32, codePoint: u32, bytes: u32): void {
  const at = <usize>(gathered + index);
  store<u16>(characters + (at << 1), <u16>codePoint);
  store<u32>(text + at * 3, bytes);
}

/** Returns the address of the current run's UTF-8. */
export function currentRunText(): usize {
  return text + <usize>gathered * 3;
}

/** Keeps the current run, of `length` characters, until others are gathered. Returns whether these are enough. */
export function gather(length: u32): bool {
  setCharacter(length, 0, 0);
  gathered += length + 1;
  return gathered >= ENOUGH_CHARACTERS;
}

/** Forgets the gathered runs. */
export function forgetGathered(): void {
  gathered = 0;
}

export function characterAt(index: u32): u32 {
  return load<u16>(characters + ((<usize>index) << 1));
}
