import { WordTable } from './count/word-table.ts';
import { invalidOption, WordfreqError } from './errors.ts';
import { requireObject } from './options.ts';
import { WordCounts } from './word-counts.ts';

/** Options of {@link filterCounts}. */
export interface FilterOptions {
  /** Words to leave out, spelled as they are counted, or as `normalize` returns them. */
  readonly stopWords?: Iterable<string>;
  /** Leave out words of fewer characters (code points). Default: 1. */
  readonly minLength?: number;
  /**
   * Returns another form of a word, for instance its stem. Words that become equal are counted together;
   * `undefined` or an empty text leaves a word out. It is called once for each distinct word, not for each
   * occurrence.
   */
  readonly normalize?: (word: string) => string | undefined;
}

const FIELDS: readonly string[] = ['stopWords', 'minLength', 'normalize'] satisfies (keyof FilterOptions)[];

/**
 * Normalizes words, and then leaves out stop words and short words. `totalWords` is the number of words that
 * are kept. If counts are approximate, it includes the words that no count includes, and `normalize` raises
 * `maxError` to their number, because any of them might have become any word.
 *
 * @throws WordfreqError `invalid-option`; `normalizer-failed` with the error as its `cause`
 * @example
 * filterCounts(counts, { stopWords: ['the', 'and'], minLength: 3 }).top(10);
 */
export function filterCounts(counts: WordCounts, options: FilterOptions): WordCounts {
  const { stopWords, minLength, normalize } = resolveFilter(options);
  const encoder = new TextEncoder();
  const table = new WordTable();
  let words = 0;
  for (const [counted, count] of counts) {
    const word = normalize === undefined ? counted : normalized(counted, normalize);
    if (word === undefined || stopWords.has(word) || isShorter(word, minLength)) continue;
    const bytes = encoder.encode(word);
    table.add(bytes, bytes.length, count);
    words += count;
  }
  const { uncounted, bytes } = counts.totals;
  const maxError = normalize === undefined ? counts.maxError : uncounted;
  const totals = { bytes, words: words + uncounted, maxError, uncounted };
  return WordCounts.of(table, totals, counts.warnings, counts.origin);
}

interface ResolvedFilter {
  readonly stopWords: ReadonlySet<string>;
  readonly minLength: number;
  readonly normalize: FilterOptions['normalize'];
}

function resolveFilter(options: FilterOptions): ResolvedFilter {
  requireObject(options);
  for (const field of Object.keys(options)) {
    if (!FIELDS.includes(field)) throw invalidOption(field, `one of ${FIELDS.join(', ')}`, `"${field}"`);
  }
  const { minLength = 1, normalize, stopWords = [] } = options;
  if (!Number.isInteger(minLength) || minLength < 1) {
    throw invalidOption('minLength', 'a whole number from 1', String(minLength));
  }
  if (normalize !== undefined && typeof normalize !== 'function') {
    throw invalidOption('normalize', 'a function', typeof normalize);
  }
  // A string is iterable, too: over its characters.
  if (typeof stopWords === 'string' || typeof stopWords?.[Symbol.iterator] !== 'function') {
    throw invalidOption('stopWords', 'a list or set of words', typeof stopWords);
  }
  return { stopWords: new Set(stopWords), minLength, normalize };
}

function normalized(word: string, normalize: (word: string) => string | undefined): string | undefined {
  let spelled: unknown;
  try {
    spelled = normalize(word);
  } catch (cause) {
    throw new WordfreqError(
      'normalizer-failed',
      `Option normalize: expected a text for the word "${word}", but the function threw.`,
      'normalize',
      { cause },
    );
  }
  if (spelled === undefined || spelled === '') return undefined;
  if (typeof spelled === 'string') return spelled;
  throw new WordfreqError(
    'normalizer-failed',
    `Option normalize: expected a text or undefined for the word "${word}", got ${typeof spelled}.`,
    'normalize',
  );
}

/** Compares the number of code points. */
function isShorter(word: string, length: number): boolean {
  if (word.length >= 2 * length) return false;
  return [...word].length < length;
}
