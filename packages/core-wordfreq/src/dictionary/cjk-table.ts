import type { DictionaryTable } from './word-dictionary.ts';
import { type AddedWord, eachStep, placeNodes, readTree } from './word-tree.ts';

/*
 * The words of Chinese and Japanese as a double array: a step from a node by a character (a UTF-16 unit) is one
 * lookup, even if there is no such step. Steps from the root come first, one 32-bit word for each character. The
 * step from any other node is in the slot whose number is the sum of the node and the character, if that slot says
 * that it is from this node. A slot is two 32-bit words, 64 bits that WebAssembly reads at once:
 *
 *     47          28 27       8 7    0
 *     node it is from   node it leads to   how much less than MOST_COST the word costs that ends here, or 0 if none does
 *
 * Steps from the root, which is node 0, have the lower 28 bits only. If the node that it leads to is 0, no longer
 * word follows. A free slot is zero.
 */
const STEP_MASK = 0xfffffff;
const CHARACTERS: number = 2 ** 16;
const NODE_BITS = 20;
const SLOTS: number = 2 ** NODE_BITS + CHARACTERS;
/** The size of a table. */
export const TABLE_BYTES: number = 4 * (CHARACTERS + 2 * SLOTS);

/** Returns a step as the lower 28 bits of its slot; 0 if there is no such step. */
export function step(table: DictionaryTable, node: number, character: number): number {
  if (node === 0) return table[character] as number;
  const at = CHARACTERS + 2 * (node + character);
  const low = table[at] as number;
  return table[at + 1] === node >>> 4 && low >>> 28 === (node & 15) ? low & STEP_MASK : 0;
}

/** Makes the table of words with costs (`readTree`), and of more words. */
export function cjkTable(bytes: Uint8Array, addedWords: readonly AddedWord[] = []): DictionaryTable {
  const tree = readTree(bytes, true, addedWords);
  const table: DictionaryTable = new Uint32Array(TABLE_BYTES / 4);
  const places = placeNodes(tree, NODE_BITS, CHARACTERS, false);
  for (let node = 0; node < tree.sizes.length; node += 1) {
    const from = places[node] as number;
    eachStep(tree, node, (own) => {
      const character = tree.characters[own] as number;
      const leadsTo = places[tree.children[own] as number] as number;
      const step = (leadsTo << 8) | (tree.savings[own] as number);
      if (node === 0) {
        table[character] = step;
        return;
      }
      const at = CHARACTERS + 2 * (from + character);
      table[at] = ((from << 28) | step) >>> 0;
      table[at + 1] = from >>> 4;
    });
  }
  return table;
}
