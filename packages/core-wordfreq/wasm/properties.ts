// The properties of characters, in tables that the host makes (src/engine/character-properties.ts).
import {
  BLOCK_BITS,
  CLASS_A_LETTER,
  CLASS_EXTEND,
  CLASS_HEBREW_LETTER,
  CLASS_MASK,
  CLASS_MID_NUM_LET,
  CLASS_OTHER,
  CLASS_W_SEG_SPACE,
  CLASS_WHITE_SPACE,
  CLASSES,
  DICTIONARY,
  FOLDING_SHIFT,
} from './generated/shared-constants';
import { allocate } from './memory';

let index: usize = 0;
let blocks: usize = 0;
/** For each character with a case folding: a length byte, then the folding in UTF-8. */
let foldings: usize = 0;
/**
 * The word-break rules: state × class → next state and decided boundaries
 * (src/tokenize/word-break-automaton.ts).
 */
let transitions: usize = 0;

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

/**
 * Letters: u16 for each character of two bytes, the bytes of its folded form if it is a plain letter or a Hebrew one,
 * else 0.
 */
const pairLetters: usize = allocate(0x800 << 1);

function pairLetterOf(codePoint: u32): u16 {
  const properties = propertiesOf(codePoint);
  if (!isPlainLetter(properties) && !isHebrewLetter(properties)) return 0;
  const folding = foldingOf(properties);
  if (folding == 0) return <u16>(0x80c0 | (codePoint >> 6) | ((codePoint & 0x3f) << 8));
  return load<u8>(folding) == 2 && load<u8>(folding, 1) >= 0xc2 ? load<u16>(folding, 1) : 0;
}

/**
 * Returns the folded form of the letter whose two bytes are the low half of `bytes`, or 0 if they are not a
 * plain letter or a Hebrew one.
 */
export function foldedPair(bytes: u32): u32 {
  if ((bytes & 0xc0e0) != 0x80c0) return 0;
  return load<u16>(pairLetters + ((<usize>(((bytes & 0x1f) << 6) | ((bytes >> 8) & 0x3f))) << 1));
}

/**
 * Whether a character is a letter that needs no dictionary: there is no boundary between two of these (WB5).
 */
export function isPlainLetter(properties: u32): bool {
  return (properties & (CLASS_MASK | DICTIONARY)) == CLASS_A_LETTER;
}

/** Whether a character is a Hebrew letter, which quotes join to more than to others (WB7a, WB7b, WB7c). */
export function isHebrewLetter(properties: u32): bool {
  return (properties & CLASS_MASK) == CLASS_HEBREW_LETTER;
}

/** Whether a character belongs to the one before it (WB4). */
export function isMark(properties: u32): bool {
  return (properties & (CLASS_MASK | DICTIONARY)) == CLASS_EXTEND;
}

/**
 * Whether a character belongs to no word and has a boundary on both sides (WB999): most punctuation and white
 * space, but no ideographs. Marks after it belong to it (WB4).
 */
export function isPunctuation(properties: u32): bool {
  const wordBreak = properties & (CLASS_MASK | DICTIONARY);
  return wordBreak == CLASS_OTHER || wordBreak == CLASS_WHITE_SPACE;
}

/** Whether a character of this class is white space that stands only between words. */
export function isWhiteSpace(wordBreak: u32): bool {
  return wordBreak == CLASS_W_SEG_SPACE || wordBreak == CLASS_WHITE_SPACE;
}

/** Whether a character joins two letters (WB6, WB7), and two digits (WB11, WB12). */
export function isMidNumLet(properties: u32): bool {
  return (properties & CLASS_MASK) == CLASS_MID_NUM_LET;
}

/**
 * Returns the class, the flags and the offset of the folding of a character (generated/shared-constants.ts).
 */
export function propertiesOf(codePoint: u32): u32 {
  const block = <usize>load<u16>(index + ((<usize>(codePoint >> BLOCK_BITS)) << 1));
  return load<u32>(blocks + (((block << BLOCK_BITS) | (codePoint & 0x7f)) << 2));
}

/** Returns the address of the folded form, its length byte first; 0 if the character folds to itself. */
export function foldingOf(properties: u32): usize {
  const offset = properties >> FOLDING_SHIFT;
  return offset == 0 ? 0 : foldings + offset;
}

/** Returns the next state and what is decided about boundaries, as one byte. */
export function transition(state: u32, wordBreak: u32): u32 {
  return load<u8>(transitions + state * CLASSES + wordBreak);
}
