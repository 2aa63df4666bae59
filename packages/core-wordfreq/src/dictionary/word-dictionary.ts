/**
 * Words of a language that is written without spaces, and how rare each is. Pass one as the option `dictionary`; see
 * `@org/wordfreq-core/cjk`.
 */
export interface WordDictionary {
  /** Names the words and their version: counts of different versions are not comparable, so it is part of `fingerprintOptions`. */
  readonly version: string;
  /** The words as a table. Made when first needed, which takes some 50 ms, and kept. */
  table(): DictionaryTable;
}

/**
 * A prefix tree in which a step from a node by a character is one look-up. Steps from the root stand first, one 32-bit word for each UTF-16
 * unit; all others are in an open-addressed table of slots. A slot is two 32-bit words, 64 bits that WebAssembly reads at once:
 *
 *     63       48 47          28 27       8 7    0
 *     character   node it is from   node it leads to   cost of the word that ends here, or NO_WORD
 *
 * Of the root, which is node 0, there are the lower 28 bits alone. 0 as the node it leads to means that no word is longer. A slot of zeros is
 * free.
 */
export type DictionaryTable = Uint32Array<ArrayBuffer>;

/** No word ends here. Costs are smaller. */
export const NO_WORD = 255;
/** log2 of the table's slots. The engine has the same constant. */
export const SLOT_BITS = 20;
const SLOT_MASK: number = 2 ** SLOT_BITS - 1;
const STEP_MASK = 0xfffffff;
const ROOT_STEPS: number = 2 ** 16;

/** What a table takes in memory. */
export const TABLE_BYTES: number = 4 * (ROOT_STEPS + 2 * 2 ** SLOT_BITS);

/** The engine computes the same (`engine/cjk-words.ts`). */
function firstSlot(node: number, character: number): number {
  return (Math.imul(node, 0x9e3779b1) + Math.imul(character, 0x85ebca6b)) >>> (32 - SLOT_BITS);
}

/** Where the step from a node by a character stands in the table (the first of its two words), or would stand. */
function slotOf(table: DictionaryTable, node: number, character: number): number {
  const high = ((character << 16) | (node >>> 4)) >>> 0;
  for (let slot = firstSlot(node, character); ; slot = (slot + 1) & SLOT_MASK) {
    const at = ROOT_STEPS + 2 * slot;
    const found = table[at + 1] as number;
    if (found === 0 || (found === high && (table[at] as number) >>> 28 === (node & 15))) return at;
  }
}

function setStep(table: DictionaryTable, node: number, character: number, next: number): void {
  if (node === 0) {
    table[character] = next;
    return;
  }
  const slot = slotOf(table, node, character);
  table[slot] = ((node << 28) | next) >>> 0;
  table[slot + 1] = ((character << 16) | (node >>> 4)) >>> 0;
}

/**
 * Reads words in the form that `tools/generate-cjk-dictionary.ts` writes: each node's children in the order of their characters, as a
 * variable-length number (seven bits a byte, the lowest first) `gap to the previous character << 2 | has children << 1 | is a word`, then the
 * word's cost, then the children; 0 ends the children of a node.
 */
export function readDictionary(bytes: Uint8Array): DictionaryTable {
  const table: DictionaryTable = new Uint32Array(TABLE_BYTES / 4);
  table.fill(NO_WORD, 0, ROOT_STEPS);
  let at = 0;
  let nodes = 0;

  function readChildren(node: number): void {
    let character = 0;
    while (true) {
      let byte = bytes[at++] as number;
      if (byte === 0) return;
      let coded = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = bytes[at++] as number;
        coded |= (byte & 0x7f) << shift;
      }
      character += coded >>> 2;
      const cost = coded & 1 ? (bytes[at++] as number) : NO_WORD;
      const child = coded & 2 ? ++nodes : 0;
      setStep(table, node, character, (child << 8) | cost);
      if (child > 0) readChildren(child);
    }
  }

  readChildren(0);
  return table;
}

/** A step's result: the cost of the word that ends there (or `NO_WORD`) and, above it, the next node; `NO_WORD` alone if there is no such step. */
export function step(table: DictionaryTable, node: number, character: number): number {
  if (node === 0) return table[character] as number;
  const slot = slotOf(table, node, character);
  return table[slot + 1] === 0 ? NO_WORD : (table[slot] as number) & STEP_MASK;
}
