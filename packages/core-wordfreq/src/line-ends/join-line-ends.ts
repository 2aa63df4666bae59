import { decodeWords } from '../count/word-columns.ts';
import { type TableEntries, WordTable } from '../count/word-table.ts';
import { WordCounts } from '../word-counts.ts';
import { AT_LINE_END, IN_LINE } from './hyphen-finder.ts';

/** Two words with a hyphen and line ends between them. */
export interface DividedWord {
  readonly left: string;
  readonly right: string;
  /** The joined word. */
  readonly whole: string;
  /** How often they are divided at a line end. */
  readonly times: number;
}

/**
 * A word with this share of a text is taken for an "and": the hyphen before it is a suspended one
 * (`Haupt-⏎und Nebensatz`).
 */
const SHARE_OF_AND = 1 / 400;
/** In a short text, other words reach that share, too. */
const LEAST_OF_AND = 5;

/**
 * Returns which of the words that a {@link HyphenFinder} found at line ends are one word. The rest of the text
 * decides:
 *
 * 1. If it has the joined word, or both parts with a hyphen within a line, the more frequent form is right.
 * 2. If it has neither, they are one word if one of the parts is no word of the text by itself, unless the second
 *    is as frequent as an "and".
 *
 * @param found - with the parts as the engine counts them
 * @param spell - how `counts` spell such a word
 */
export function dividedWords(
  counts: WordCounts,
  found: TableEntries,
  spell: (word: string) => string,
): readonly DividedWord[] {
  const { divided, inLine } = byPlace(found, spell);
  const partsAtLineEnds = new Map<string, number>();
  for (const { left, right, times } of divided) {
    for (const part of [left, right]) add(partsAtLineEnds, part, times);
  }
  const elsewhere = (part: string): number => counts.get(part) - (partsAtLineEnds.get(part) ?? 0);
  const least = Math.max(LEAST_OF_AND, counts.totalWords * SHARE_OF_AND);

  function isOneWord({ left, right, whole }: DividedWord): boolean {
    const joined = counts.get(whole);
    const hyphened = inLine.get(`${left}${IN_LINE}${right}`) ?? 0;
    if (joined !== hyphened) return joined > hyphened;
    if (joined > 0 || elsewhere(right) >= least) return false;
    return elsewhere(left) <= 0 || elsewhere(right) <= 0;
  }

  return divided.filter(isOneWord);
}

/** Returns the counts of a text in which {@link dividedWords} are joined. */
export function joinLineEnds(
  counts: WordCounts,
  found: TableEntries,
  spell: (word: string) => string,
): WordCounts {
  const changes = new Map<string, number>();
  let words = counts.totalWords;
  for (const { left, right, whole, times } of dividedWords(counts, found, spell)) {
    add(changes, left, -times);
    add(changes, right, -times);
    add(changes, whole, times);
    words -= times;
  }
  return changes.size === 0 ? counts : changed(counts, changes, words);
}

function byPlace(
  found: TableEntries,
  spell: (word: string) => string,
): { readonly divided: readonly DividedWord[]; readonly inLine: ReadonlyMap<string, number> } {
  const atLineEnd = new Map<string, number>();
  const inLine = new Map<string, number>();
  let entry = 0;
  for (const key of decodeWords(found)) {
    const between = key.includes(AT_LINE_END) ? AT_LINE_END : IN_LINE;
    const spelled = key.split(between).map(spell).join(between);
    add(between === AT_LINE_END ? atLineEnd : inLine, spelled, found.counts[entry]);
    entry += 1;
  }
  const divided = Array.from(atLineEnd, ([key, times]) => {
    const [left = '', right = ''] = key.split(AT_LINE_END);
    return { left, right, whole: spell(`${left}${right}`), times };
  });
  return { divided, inLine };
}

function add(to: Map<string, number>, key: string, count = 0): void {
  to.set(key, (to.get(key) ?? 0) + count);
}

function changed(counts: WordCounts, changes: ReadonlyMap<string, number>, words: number): WordCounts {
  const table = new WordTable();
  const entries = counts.entries();
  const changing = new WordTable();
  for (const word of changes.keys()) {
    const bytes = encoder.encode(word);
    changing.add(bytes, bytes.length);
  }
  for (let entry = 0; entry < entries.counts.length; entry += 1) {
    const word = entries.bytes.subarray(entries.starts[entry], entries.starts[entry + 1]);
    if (changing.get(word) === 0) table.add(word, word.length, entries.counts[entry]);
  }
  for (const [word, change] of changes) {
    const count = counts.get(word) + change;
    const bytes = encoder.encode(word);
    if (count > 0) table.add(bytes, bytes.length, count);
  }
  return WordCounts.of(table, { ...counts.totals, words }, counts.warnings, counts.origin);
}

const encoder = new TextEncoder();
