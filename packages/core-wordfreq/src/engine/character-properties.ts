import { caseFoldings } from '../tokenize/case-folding.ts';
import {
  CLASS_MASK,
  characterTable,
  characterTableWith,
  DICTIONARY_FLAG,
  eachRun,
} from '../tokenize/character-table.ts';
import { WORD_BREAK_TRANSITIONS } from '../tokenize/word-break-automaton.ts';
import { isWordLike } from '../tokenize/word-break-class.ts';
import type { EngineExports } from './wasm-module.ts';

// How WebAssembly finds the properties of a character. tools/shared-constants.ts passes these on to wasm/.
/** The lower bits of the properties: the Word_Break class. */
export const PROPERTY_CLASS_MASK = 0x1f;
/** A segment with such a character is a word. */
export const WORD_LIKE = 0x20;
/** From this bit on: the offset of the folded form, or 0. */
export const FOLDING_SHIFT = 8;
/** 2^7 code points share an entry of the index. */
export const BLOCK_BITS = 7;
const BLOCK_SIZE: number = 2 ** BLOCK_BITS;
/** A length, then up to three characters of the Basic Multilingual Plane. */
const MAX_FOLDING_BYTES = 10;

/**
 * The properties of characters in a two-stage table: `index` has the number of a block for each 128 code
 * points, `blocks` has the class and flags of each code point, and the offset of its case folding. A folding
 * is its length in bytes, then UTF-8.
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
  const { index, blocks: classes } = shareBlocks(offsets);
  const blocks = new Uint32Array(classes.length * BLOCK_SIZE);
  const properties = Uint32Array.from({ length: 256 }, (_, character) => propertiesOf(character));
  for (const [number, block] of classes.entries()) {
    const first = number * BLOCK_SIZE;
    for (let at = 0; at < BLOCK_SIZE; at += 1) blocks[first + at] = properties[block[at] as number] as number;
  }
  for (const [point, offset] of offsets) {
    const at = (index[blockOf(point)] as number) * BLOCK_SIZE + (point % BLOCK_SIZE);
    blocks[at] = (blocks[at] as number) | (offset << FOLDING_SHIFT);
  }
  made = { index, blocks, foldings };
  return made;
}

function blockOf(point: number): number {
  return Math.floor(point / BLOCK_SIZE);
}

function propertiesOf(character: number): number {
  const wordBreak = character & CLASS_MASK;
  return wordBreak | (character & DICTIONARY_FLAG) | (isWordLike(wordBreak) ? WORD_LIKE : 0);
}

/**
 * Stores each distinct block of characters once. A block with foldings is never shared, because no two
 * foldings are in the same place.
 */
function shareBlocks(offsets: ReadonlyMap<number, number>): {
  readonly index: Uint16Array;
  readonly blocks: readonly Uint8Array[];
} {
  const folded = new Set(Array.from(offsets.keys(), blockOf));
  // Most blocks equal the one before. This matters because it runs at each start of a program.
  const unlike = new Set(folded);
  eachRun((first) => unlike.add(blockOf(first)));
  const characters = characterTable();
  const index = new Uint16Array(characters.length / BLOCK_SIZE);
  const blocks: Uint8Array[] = [];
  const known = new Map<string, number>();
  for (let number = 0; number < index.length; number += 1) {
    if (!unlike.has(number) && !unlike.has(number - 1)) {
      index[number] = index[number - 1] as number;
      continue;
    }
    const block = characters.subarray(number * BLOCK_SIZE, (number + 1) * BLOCK_SIZE);
    const key = folded.has(number) ? `${number}` : String.fromCharCode.apply(null, block as never);
    index[number] = known.get(key) ?? blocks.push(block) - 1;
    known.set(key, index[number] as number);
  }
  return { index, blocks };
}

/** Encodes all case foldings, and maps each character to the offset of its folding. */
function encodeFoldings(): { bytes: Uint8Array; offsets: ReadonlyMap<number, number> } {
  const foldings = caseFoldings();
  const bytes = new Uint8Array(1 + foldings.size * MAX_FOLDING_BYTES);
  const offsets = new Map<number, number>();
  const encoder = new TextEncoder();
  // Offset 0 means that a character folds to itself.
  let at = 1;
  for (const [from, to] of foldings) {
    const { written } = encoder.encodeInto(String.fromCodePoint(...to), bytes.subarray(at + 1));
    bytes[at] = written;
    offsets.set(from, at);
    at += 1 + written;
  }
  return { bytes: bytes.slice(0, at), offsets };
}

/** Loads the properties of all characters and the word-break rules into an engine: about 100 KB. */
export function loadCharacterProperties(engine: EngineExports): void {
  load(engine, characterProperties());
}

/** Loads what ASCII text needs, in the same form. */
export function loadAsciiProperties(engine: EngineExports): void {
  load(engine, asciiProperties());
}

let ascii: CharacterProperties | undefined;

function asciiProperties(): CharacterProperties {
  ascii ??= makeAsciiProperties();
  return ascii;
}

function makeAsciiProperties(): CharacterProperties {
  const blocks = Uint32Array.from(characterTableWith(0), propertiesOf);
  const foldings = new Uint8Array(1 + 26 * 2);
  for (let letter = 0; letter < 26; letter += 1) {
    const at = 1 + letter * 2;
    foldings.set([1, 0x61 + letter], at);
    blocks[0x41 + letter] = (blocks[0x41 + letter] as number) | (at << FOLDING_SHIFT);
  }
  // The engine reads the properties of all characters of two bytes at once, though it does not need them yet.
  return { index: new Uint16Array(0x800 / BLOCK_SIZE), blocks, foldings };
}

function load(engine: EngineExports, { index, blocks, foldings }: CharacterProperties): void {
  const addresses = [index, blocks, foldings, WORD_BREAK_TRANSITIONS].map((table) => {
    // Foldings are read four bytes at a time, so there must be room after the last one.
    const address = engine.allocate(table.byteLength + 16);
    const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
    new Uint8Array(engine.memory.buffer).set(bytes, address);
    return address;
  });
  engine.setProperties(...(addresses as [number, number, number, number]));
}
