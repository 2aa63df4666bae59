import { WordTable } from './count/word-table.ts';
import { invalidOption } from './errors.ts';
import { WordCounts } from './word-counts.ts';

/** Which words to keep, and how to spell them. */
export interface FilterOptions {
  /** Words to leave out, spelled as they are counted (and normalized, if they are). */
  readonly stopWords?: Iterable<string>;
  /** Leave out words of fewer characters (code points). Default: 1. */
  readonly minLength?: number;
  /**
   * Spells each different word anew, for instance `(word) => word.normalize('NFC')`, or a stemmer; words that become equal are counted
   * together, and `undefined` leaves one out. It is called once for each different word, not for each occurrence.
   */
  readonly normalize?: (word: string) => string | undefined;
}

const FIELDS: readonly string[] = ['stopWords', 'minLength', 'normalize'] satisfies (keyof FilterOptions)[];

/**
 * The counts of only some words, normalized first and then left out if they are stop words or too short. `totalWords` is of what is kept.
 *
 * @throws WordfreqError `invalid-option`
 * @example
 * filterCounts(counts, { stopWords: ['the', 'and'], minLength: 3 }).top(10);
 */
export function filterCounts(counts: WordCounts, options: FilterOptions): WordCounts {
  for (const field of Object.keys(options)) {
    if (!FIELDS.includes(field)) throw invalidOption(field, `one of ${FIELDS.join(', ')}`, `"${field}"`);
  }
  const { minLength = 1, normalize = (word: string) => word } = options;
  if (!Number.isInteger(minLength) || minLength < 1) {
    throw invalidOption('minLength', 'a whole number from 1', String(minLength));
  }
  const stopWords = new Set(options.stopWords ?? []);
  const encoder = new TextEncoder();
  const table = new WordTable();
  let words = 0;
  for (const [counted, count] of counts) {
    const word = normalize(counted);
    if (word === undefined || stopWords.has(word) || [...word].length < minLength) continue;
    const bytes = encoder.encode(word);
    table.add(bytes, bytes.length, count);
    words += count;
  }
  return new WordCounts(table, { bytes: counts.totalBytes, words }, counts.warnings);
}
