import type { DictionaryScript, DictionaryTable } from './word-dictionary.ts';
import { type AddedWord, eachStep, placeNodes, readTree } from './word-tree.ts';

/** A script of South-East Asia. */
export type LookaheadScript = Exclude<DictionaryScript, 'cjk'>;

/** Words are of up to 256 characters, numbered from the first one of the script's block. */
export const FIRST_CHARACTERS: Readonly<Record<LookaheadScript, number>> = {
  thai: 0x0e00,
  lao: 0x0e80,
  khmer: 0x1780,
  burmese: 0x1000,
};
const CHARACTERS = 256;

/** No word has more characters, so that the ends of words fit in a number of 64 bits. */
export const LONGEST_LOOKAHEAD_WORD = 60;

/**
 * Makes the table of a script's words (`readTree`), and of more words. It is a double array: the step from a node
 * by a character is in the slot whose number is the sum of both, if that slot has this character; no two nodes
 * have the same number. The root is 0. A slot is a 32-bit word, and a free slot is zero.
 *
 *     31             9 8           7       0
 *     node it leads to   is a word   character
 *
 * If the node that it leads to is 0, no longer word follows.
 */
export function lookaheadTable(
  script: LookaheadScript,
  bytes: Uint8Array,
  moreWords: readonly string[] = [],
): DictionaryTable {
  const addedWords: readonly AddedWord[] = moreWords.map((word) => ({
    characters: Array.from(word, (character) => character.charCodeAt(0) - FIRST_CHARACTERS[script]),
    saving: 1,
  }));
  const tree = readTree(bytes, false, addedWords);
  // At most three quarters are taken, so that places are found quickly.
  const places = Math.max(tree.characters.length, tree.sizes.length);
  const bits = Math.ceil(Math.log2((places * 4) / 3));
  const numbers = placeNodes(tree, bits, CHARACTERS, true);
  const table: DictionaryTable = new Uint32Array(2 ** bits + CHARACTERS);
  for (let node = 0; node < tree.sizes.length; node += 1) {
    eachStep(tree, node, (own) => {
      const character = tree.characters[own] as number;
      const leadsTo = numbers[tree.children[own] as number] as number;
      table[(numbers[node] as number) + character] =
        (leadsTo << 9) | ((tree.savings[own] as number) << 8) | character;
    });
  }
  return table;
}
