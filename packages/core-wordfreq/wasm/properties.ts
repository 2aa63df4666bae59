// What the host tells about characters, in its own numbering (src/engine/character-properties.ts).
import { allocate } from './memory';

let index: usize = 0;
let blocks: usize = 0;
/** For each character that changes when folded: a length byte, then the folded form in UTF-8. */
let foldings: usize = 0;
/** State × class → next state and decided boundaries, as in src/tokenize/word-break-automaton.ts. */
let transitions: usize = 0;

export const CLASSES: u32 = 21;
export const CLASS_MASK: u32 = 0x1f;
export const WORD_LIKE: u32 = 0x20;
export const DICTIONARY: u32 = 0x80;
/** Classes: Other, Extend, ALetter, and MidNumLet. */
const OTHER: u32 = 0;
const EXTEND: u32 = 4;
const LETTER: u32 = 10;
const MID_NUM_LET: u32 = 13;
const BLOCK_BITS: u32 = 7;
const FOLDING_SHIFT: u32 = 8;

export function setProperties(
  newIndex: usize,
  newBlocks: usize,
  newFoldings: usize,
  newTransitions: usize,
): void {
  index = newIndex;
  blocks = newBlocks;
  foldings = newFoldings;
  transitions = newTransitions;
  for (let codePoint: u32 = 0x80; codePoint < 0x800; codePoint++) {
    store<u16>(pairLetters + ((<usize>codePoint) << 1), pairLetterOf(codePoint));
  }
}

/** For each character of two bytes: if it is a plain letter, the two bytes of its folded form (the first in the low half); else 0. */
const pairLetters: usize = allocate(0x800 << 1);

function pairLetterOf(codePoint: u32): u16 {
  const properties = propertiesOf(codePoint);
  if (!isPlainLetter(properties)) return 0;
  const folding = foldingOf(properties);
  if (folding == 0) return <u16>(0x80c0 | (codePoint >> 6) | ((codePoint & 0x3f) << 8));
  return load<u8>(folding) == 2 && load<u8>(folding, 1) >= 0xc2 ? load<u16>(folding, 1) : 0;
}

/** The folded form of the letter whose two bytes are the low half of `bytes`, or 0 if they are no plain letter. */
export function foldedPair(bytes: u32): u32 {
  if ((bytes & 0xc0e0) != 0x80c0) return 0;
  return load<u16>(pairLetters + ((<usize>(((bytes & 0x1f) << 6) | ((bytes >> 8) & 0x3f))) << 1));
}

/** Whether nothing has to be decided between such characters (WB5). */
export function isPlainLetter(properties: u32): bool {
  return (properties & (CLASS_MASK | DICTIONARY)) == LETTER;
}

/** Whether it belongs to what stands before it (WB4). */
export function isMark(properties: u32): bool {
  return (properties & (CLASS_MASK | DICTIONARY)) == EXTEND;
}

/** Whether there is a boundary on both sides, and no word: most punctuation, but no ideographs. Marks behind it belong to it. */
export function isPunctuation(properties: u32): bool {
  return (properties & (CLASS_MASK | DICTIONARY)) == OTHER;
}

/** Whether it joins letters, and digits, on both sides (WB6, WB7, WB11, WB12). */
export function isMidNumLet(properties: u32): bool {
  return (properties & CLASS_MASK) == MID_NUM_LET;
}

export function propertiesOf(codePoint: u32): u32 {
  const block = <usize>load<u16>(index + ((<usize>(codePoint >> BLOCK_BITS)) << 1));
  return load<u32>(blocks + (((block << BLOCK_BITS) | (codePoint & 0x7f)) << 2));
}

/** The address of the folded form, its length byte first; 0 if the character folds to itself. */
export function foldingOf(properties: u32): usize {
  const offset = properties >> FOLDING_SHIFT;
  return offset == 0 ? 0 : foldings + offset;
}

export function transition(state: u32, wordBreak: u32): u32 {
  return load<u8>(transitions + state * CLASSES + wordBreak);
}
