import { caseFoldings } from '../tokenize/case-folding.ts';
import { WORD_BREAK_TRANSITIONS } from '../tokenize/word-break-automaton.ts';
import { CLASS_MASK, characterTable, DICTIONARY_FLAG, isWordLike } from '../tokenize/word-break-class.ts';
import type { EngineExports } from './wasm-module.ts';

/** Code points that share an entry of the index; as in `engine/properties.ts`. */
const BLOCK_SIZE = 128;
const WORD_LIKE_FLAG = 0x20;
const FOLDING_SHIFT = 8;

/**
 * Characters' properties in two stages: `index` has for each 128 code points the number of a block, `blocks` has for each code
 * point its class and flags, and above them where its folding is. A folding is its length in bytes, then UTF-8.
 */
interface CharacterProperties {
  readonly index: Uint16Array;
  readonly blocks: Uint32Array;
  readonly foldings: Uint8Array;
}

let made: CharacterProperties | undefined;

function characterProperties(): CharacterProperties {
  if (made !== undefined) return made;
  const { bytes: foldings, offsets } = encodeFoldings();
  const folded = new Set(Array.from(offsets.keys(), (point) => Math.floor(point / BLOCK_SIZE)));
  const characters = characterTable();
  const index = new Uint16Array(characters.length / BLOCK_SIZE);
  const blocks: Uint32Array[] = [];
  const known = new Map<string, number>();
  for (let number = 0; number < index.length; number += 1) {
    // Most of Unicode is as what comes before it, and this runs at every start of a program.
    if (!folded.has(number) && !folded.has(number - 1) && repeatsBlock(characters, number)) {
      index[number] = index[number - 1] as number;
      continue;
    }
    const first = number * BLOCK_SIZE;
    const slice = characters.subarray(first, first + BLOCK_SIZE);
    const block = Uint32Array.from(slice, (character, at) =>
      propertiesOf(character, offsets.get(first + at)),
    );
    const key = block.join();
    let found = known.get(key);
    if (found === undefined) {
      found = blocks.push(block) - 1;
      known.set(key, found);
    }
    index[number] = found;
  }
  const joined = new Uint32Array(blocks.length * BLOCK_SIZE);
  blocks.forEach((block, number) => {
    joined.set(block, number * BLOCK_SIZE);
  });
  made = { index, blocks: joined, foldings };
  return made;
}

/** Whether a block of characters is the same as the one before it. */
function repeatsBlock(characters: Uint8Array, number: number): boolean {
  if (number === 0) return false;
  const first = number * BLOCK_SIZE;
  for (let at = first; at < first + BLOCK_SIZE; at += 1) {
    if (characters[at] !== characters[at - BLOCK_SIZE]) return false;
  }
  return true;
}

function propertiesOf(character: number, foldingOffset = 0): number {
  const wordBreak = character & CLASS_MASK;
  const flags = (character & DICTIONARY_FLAG) | (isWordLike(wordBreak) ? WORD_LIKE_FLAG : 0);
  return wordBreak | flags | (foldingOffset << FOLDING_SHIFT);
}

function encodeFoldings(): { bytes: Uint8Array; offsets: ReadonlyMap<number, number> } {
  // Offset 0 means that a character folds to itself.
  const bytes: number[] = [0];
  const offsets = new Map<number, number>();
  const encoder = new TextEncoder();
  for (const [from, to] of caseFoldings()) {
    const folded = encoder.encode(String.fromCodePoint(...to));
    offsets.set(from, bytes.length);
    bytes.push(folded.length, ...folded);
  }
  return { bytes: Uint8Array.from(bytes), offsets };
}

/** Gives an engine what the unicode tokenizer needs to know of characters: about 100 KB. */
export function loadCharacterProperties(engine: EngineExports): void {
  const { index, blocks, foldings } = characterProperties();
  const addresses = [index, blocks, foldings, WORD_BREAK_TRANSITIONS].map((table) => {
    // Foldings are read four bytes at a time, so there must be room behind the last one.
    const address = engine.allocate(table.byteLength + 16);
    const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
    new Uint8Array(engine.memory.buffer).set(bytes, address);
    return address;
  });
  engine.setProperties(...(addresses as [number, number, number, number]));
}
