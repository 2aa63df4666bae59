import { topEntries } from './count/top-entries.ts';
import type { TableEntries, WordTable } from './count/word-table.ts';
import { mergeInJavaScript, type TableMerger } from './engine/table-merger.ts';
import { invalidOption, WordfreqError } from './errors.ts';
import type { CountWarning } from './warnings.ts';

/** A word and how often it occurs. */
export interface WordCount {
  readonly word: string;
  /** Exact up to 2^53 − 1. */
  readonly count: number;
}

/** What {@link WordCounts.toJSON} gives. */
export interface WordCountsJson {
  readonly totalWords: number;
  readonly totalBytes: number;
  readonly distinctWords: number;
  /** 0 where counts are exact. */
  readonly maxError: number;
  readonly warnings: readonly CountWarning[];
  readonly words: readonly (readonly [word: string, count: number])[];
}

/** What counts are about, beside single words. */
export interface CountTotals {
  readonly bytes: number;
  readonly words: number;
  /** By how much each count may be too low; 0 if exact. */
  readonly maxError: number;
  /** Of `words`, how many are in no count. */
  readonly uncounted: number;
}

// A word may begin with U+FEFF, which must not be taken for a byte order mark.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * What a counter found. Iterating gives every `[word, count]`, in no particular order; {@link WordCounts.top} ranks.
 *
 * @example
 * for (const [word, count] of counts) console.log(word, count);
 */
export class WordCounts implements Iterable<readonly [word: string, count: number]> {
  /** How many bytes were pushed. */
  readonly totalBytes: number;
  /** How many words there are, repeated ones too. */
  readonly totalWords: number;
  /** What was noteworthy about the text; see {@link CountWarning}. */
  readonly warnings: readonly CountWarning[];
  /**
   * By how much any count may be too low: a word's true count is from `count` to `count + maxError`, and what has no count occurs at most
   * `maxError` times. 0, exact, except where the option `overflow` let words go.
   */
  readonly maxError: number;
  readonly #totals: CountTotals;
  readonly #table: WordTable;

  /** @internal The merger of the engine that counted; see `engine/table-merger.ts`. */
  readonly merger: TableMerger;

  private constructor(
    table: WordTable,
    totals: CountTotals,
    warnings: readonly CountWarning[],
    merger: TableMerger,
  ) {
    this.merger = merger;
    this.#table = table;
    this.#totals = totals;
    this.totalBytes = totals.bytes;
    this.totalWords = totals.words;
    this.maxError = totals.maxError;
    this.warnings = warnings;
  }

  /** @internal Counters, {@link mergeCounts}, {@link filterCounts} and {@link decodeCounts} make counts. */
  static of(
    table: WordTable,
    totals: CountTotals,
    warnings: readonly CountWarning[],
    merger: TableMerger = mergeInJavaScript,
  ): WordCounts {
    return new WordCounts(table, totals, warnings, merger);
  }

  /** Whether counts may be too low; see {@link WordCounts.maxError}. */
  get approximate(): boolean {
    return this.maxError > 0;
  }

  /** How many different words there are; where counts are approximate, how many are kept. */
  get distinctWords(): number {
    return this.#table.size;
  }

  /** How often a word occurs; 0 if never. The word must be spelled as it is counted, in lower case for instance. */
  get(word: string): number {
    return this.#table.get(encoder.encode(word));
  }

  /**
   * The `n` most frequent words: count descending, then in code-point order. Takes time for each distinct word, but
   * sorts only `n`.
   *
   * @throws WordfreqError `invalid-option` if `n` is no whole number from 0 up (`Infinity` gives all)
   * @example
   * counts.top(2); // [{ word: 'the', count: 4507 }, { word: 'to', count: 4243 }]
   */
  top(n: number): readonly WordCount[] {
    if (!(n >= 0 && (Number.isInteger(n) || n === Number.POSITIVE_INFINITY))) {
      throw invalidOption('n', 'a whole number from 0 up', String(n));
    }
    return topEntries(this.#table, n).map((entry) => ({
      word: decoder.decode(this.#table.word(entry)),
      count: this.#table.count(entry),
    }));
  }

  /**
   * The words as UTF-8 with their counts, in code-point order: what merging and encoding work on. The bytes are valid until the next
   * one is taken.
   */
  *sorted(): IterableIterator<readonly [word: Uint8Array, count: number]> {
    const table = this.#table;
    const order = Uint32Array.from({ length: table.size }, (_, entry) => entry);
    order.sort((a, b) => table.compareWords(a, b));
    for (const entry of order) yield [table.word(entry), table.count(entry)];
  }

  /** @internal */
  get totals(): CountTotals {
    return this.#totals;
  }

  /** @internal The words as arrays, in no particular order. */
  entries(): TableEntries {
    return this.#table.entries();
  }

  /** @internal The same counts, of a text that begins at an offset of a larger one. */
  withOffset(offset: number): WordCounts {
    const warnings = this.warnings.map((warning) => ({
      ...warning,
      firstOffset: warning.firstOffset + offset,
    }));
    return new WordCounts(this.#table, this.totals, warnings, this.merger);
  }

  /**
   * Everything as plain data, ranked as by {@link WordCounts.top}; words are pairs in a list, because an object cannot have every
   * word as a name.
   */
  toJSON(): WordCountsJson {
    const { totalWords, totalBytes, distinctWords, maxError, warnings } = this;
    const words = this.top(distinctWords).map(({ word, count }) => [word, count] as const);
    return { totalWords, totalBytes, distinctWords, maxError, warnings, words };
  }

  *[Symbol.iterator](): IterableIterator<readonly [word: string, count: number]> {
    for (let entry = 0; entry < this.#table.size; entry += 1) {
      yield [decoder.decode(this.#table.word(entry)), this.#table.count(entry)];
    }
  }
}

/**
 * @internal What several texts have together. Errors add up: a word may have been let go in each of them.
 *
 * @throws WordfreqError `count-too-large`
 */
export function sumTotals(all: readonly CountTotals[]): CountTotals {
  const sum = (field: keyof CountTotals): number => {
    const total = all.reduce((before, totals) => before + totals[field], 0);
    if (total <= Number.MAX_SAFE_INTEGER) return total;
    throw new WordfreqError(
      'count-too-large',
      `Expected up to 2^53 − 1 ${field} together, but there are about ${total}. Merge fewer counts.`,
    );
  };
  return {
    bytes: sum('bytes'),
    words: sum('words'),
    maxError: sum('maxError'),
    uncounted: sum('uncounted'),
  };
}
