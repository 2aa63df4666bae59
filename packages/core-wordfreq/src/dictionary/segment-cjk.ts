import { step } from './cjk-table.ts';
import type { DictionaryTable } from './word-dictionary.ts';
import { MOST_COST } from './word-tree.ts';

// ICU's rule for Chinese and Japanese ("CjkBreakEngine"): of all ways to segment a run, take the one with the
// least total cost. `wasm/cjk-words.ts` is the same for WebAssembly.
export const LONGEST_WORD = 20;
/** A run of katakana is a candidate for a word, too: its cost by its length. */
const KATAKANA_COSTS: readonly number[] = [8192, 984, 408, 240, 204, 252, 300, 372, 480];
export const LONG_KATAKANA_COST = 8192;
export const LONGEST_KATAKANA = 20;

function isKatakana(unit: number): boolean {
  return unit >= 0x30a1 && unit <= 0x30fe && unit !== 0x30fb;
}

/**
 * Whether each character of a run is one UTF-16 unit and does not change under NFKC, so that the dictionary
 * alone can segment it: ideographs of the two large blocks, hiragana, katakana and their marks. Other runs
 * are left to the platform, and so is the mark 々 alone, which is not a word.
 */
export function isPlainCjk(run: string): boolean {
  return PLAIN_CJK.test(run) && run !== '\u3005';
}

const PLAIN_CJK =
  /^[\u3005\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff]+$/;

/** Returns the words of a run that is `isPlainCjk`. */
export function segmentCjk(table: DictionaryTable, run: string): string[] {
  return segmentByCosts(table, run).words;
}

/** What a word costs that is as common as the most common ones. */
const COMMON_COST = 50;

/**
 * Returns how much less than MOST_COST a word costs that is added to a dictionary. A word that the dictionary would not
 * cut keeps its cost; another one costs as little as a common word, and less than its parts together.
 */
export function savingOf(table: DictionaryTable, word: string): number {
  const { words, cost } = segmentByCosts(table, word);
  const isUncut = words.length === 1 && cost < MOST_COST;
  return MOST_COST - (isUncut ? cost : Math.min(COMMON_COST, cost - 1));
}

function segmentByCosts(
  table: DictionaryTable,
  run: string,
): { readonly words: string[]; readonly cost: number } {
  const costs = new Uint32Array(run.length + 1).fill(0xffffffff);
  const begins = new Uint16Array(run.length + 1);
  costs[0] = 0;
  const offer = (from: number, end: number, cost: number): void => {
    if ((costs[from] as number) + cost >= (costs[end] as number)) return;
    costs[end] = (costs[from] as number) + cost;
    begins[end] = from;
  };
  for (let from = 0; from < run.length; from += 1) {
    offerWords(table, run, from, offer);
    if (isKatakana(run.charCodeAt(from)) && !(from > 0 && isKatakana(run.charCodeAt(from - 1)))) {
      const length = katakanaLength(run, from);
      if (length < LONGEST_KATAKANA) {
        offer(from, from + length, KATAKANA_COSTS[length] ?? LONG_KATAKANA_COST);
      }
    }
  }
  const words: string[] = [];
  for (let end = run.length; end > 0; end = begins[end] as number) {
    words.push(run.slice(begins[end] as number, end));
  }
  return { words: words.reverse(), cost: costs[run.length] as number };
}

function offerWords(
  table: DictionaryTable,
  run: string,
  from: number,
  offer: (from: number, end: number, cost: number) => void,
): void {
  let node = 0;
  const last = Math.min(run.length, from + LONGEST_WORD);
  for (let at = from; at < last; at += 1) {
    const found = step(table, node, run.charCodeAt(at));
    const saving = found & 0xff;
    if (saving > 0 || at === from) offer(from, at + 1, MOST_COST - saving);
    node = found >>> 8;
    if (node === 0) return;
  }
}

function katakanaLength(run: string, from: number): number {
  let length = 1;
  while (length < LONGEST_KATAKANA && isKatakana(run.charCodeAt(from + length))) length += 1;
  return length;
}
