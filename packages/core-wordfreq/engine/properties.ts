// What the host tells about characters, in its own numbering (src/engine/character-properties.ts).

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
