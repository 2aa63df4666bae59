import type { TextEncoding } from './charset/text-encoding.ts';
import { entriesByWord } from './count/entry-order.ts';
import { shownCounts } from './count/shown-counts.ts';
import { topEntries } from './count/top-entries.ts';
import { columnsOf, decodeWords } from './count/word-columns.ts';
import type { TableEntries, WordTable } from './count/word-table.ts';
import { mergeInJavaScript, type TableMerger } from './engine/table-merger.ts';
import { invalidOption, WordfreqError } from './errors.ts';
import type { CountWarning } from './warnings.ts';

/** A word and how often it occurs. */
export interface WordCount {
  /** The word, as the tokenizer gives it. */
  readonly word: string;
  /** Exact up to 2^53 − 1. */
  readonly count: number;
}

/** What {@link WordCounts.toJSON} returns. */
export interface WordCountsJson {
  /** All words, repeated ones too. */
  readonly totalWords: number;
  /** The length of the text in bytes. */
  readonly totalBytes: number;
  /** The number of distinct words. */
  readonly distinctWords: number;
  /** 0 where counts are exact. */
  readonly maxError: number;
  /** What was unusual about the text. */
  readonly warnings: readonly CountWarning[];
  /** Each word with its count, by count descending, then in code-point order. */
  readonly words: readonly (readonly [word: string, count: number])[];
}

/** The totals of counts. */
export interface CountTotals {
  readonly bytes: number;
  readonly words: number;
  /** By how much each count may be too low; 0 if counts are exact. */
  readonly maxError: number;
  /** How many of `words` no count includes. */
  readonly uncounted: number;
}

/** @internal Where counts come from. */
export interface CountOrigin {
  /** The merger of the engine that counted; see `engine/table-merger.ts`. */
  readonly merger: TableMerger;
  readonly engine?: 'wasm' | 'javascript' | undefined;
  readonly fingerprint?: string | undefined;
  readonly encoding?: TextEncoding | undefined;
  /** How many words heavy hitters keep. */
  readonly capacity?: number | undefined;
}

const UNKNOWN_ORIGIN: CountOrigin = { merger: mergeInJavaScript };

/** Words and their counts as columns: word `i` is the bytes from `starts[i]` to `starts[i + 1]`. */
export interface WordColumns {
  /** All words in UTF-8, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each word starts, and last the length of `bytes`. */
  readonly starts: Uint32Array;
  /** How often each word occurs. */
  readonly counts: Float64Array;
}

const encoder = new TextEncoder();

/**
 * The result of a count. Iteration returns each `[word, count]`, in no particular order; {@link
 * WordCounts.top} ranks them.
 *
 * @example
 * for (const [word, count] of counts) console.log(word, count);
 */
export class WordCounts implements Iterable<readonly [word: string, count: number]> {
  /** The number of bytes in the text. */
  readonly totalBytes: number;
  /** The number of words, repeated words included. */
  readonly totalWords: number;
  /** What is unusual about the text; see {@link CountWarning}. */
  readonly warnings: readonly CountWarning[];
  /**
   * By how much any count may be too low: the true count of a word is between `count` and `count + maxError`,
   * and words without a count occur at most `maxError` times. It is 0 (counts are exact) unless the option
   * `overflow` dropped words.
   */
  readonly maxError: number;
  readonly #totals: CountTotals;
  readonly #table: WordTable;

  /** @internal */
  readonly origin: CountOrigin;

  private constructor(
    table: WordTable,
    totals: CountTotals,
    warnings: readonly CountWarning[],
    origin: CountOrigin,
  ) {
    this.origin = origin;
    this.#table = table;
    this.#totals = totals;
    this.totalBytes = totals.bytes;
    this.totalWords = totals.words;
    this.maxError = totals.maxError;
    this.warnings = warnings;
    // Not a method: declarations cannot name this symbol.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => shownCounts(this) });
  }

  /** @internal Counters, {@link mergeCounts}, {@link filterCounts} and {@link decodeCounts} make counts. */
  static of(
    table: WordTable,
    totals: CountTotals,
    warnings: readonly CountWarning[],
    origin: CountOrigin = UNKNOWN_ORIGIN,
  ): WordCounts {
    return new WordCounts(table, totals, warnings, origin);
  }

  /** The encoding of the text; undefined for several texts in different ones, and for counts that were decoded. */
  get encoding(): TextEncoding | undefined {
    return this.origin.encoding;
  }

  /** What counted: `wasm` or `javascript`; undefined for counts that were decoded. */
  get engine(): 'wasm' | 'javascript' | undefined {
    return this.origin.engine;
  }

  /** The options of the count, by {@link fingerprintOptions}; undefined for counts that were decoded. */
  get fingerprint(): string | undefined {
    return this.origin.fingerprint;
  }

  /** Whether counts may be too low; see {@link WordCounts.maxError}. */
  get approximate(): boolean {
    return this.maxError > 0;
  }

  /** The number of distinct words; if counts are approximate, of those that were kept. */
  get distinctWords(): number {
    return this.#table.size;
  }

  /**
   * Returns the count of a word, or 0. The word must be spelled as it is counted, for instance in lower case.
   */
  get(word: string): number {
    return this.#table.get(encoder.encode(word));
  }

  /**
   * Returns the `n` most frequent words: by count, descending, then in code-point order. It looks at each
   * distinct word once, and sorts only `n` of them.
   *
   * @throws WordfreqError `invalid-option` if `n` is not a whole number from 0 up (`Infinity` returns all
   * words)
   * @example
   * counts.top(2); // [{ word: 'the', count: 4331 }, { word: 'to', count: 4163 }]
   */
  top(n: number): readonly WordCount[] {
    const columns = this.#ranked(n);
    const ranked: WordCount[] = [];
    for (const word of decodeWords(columns)) {
      ranked.push({ word, count: columns.counts[ranked.length] as number });
    }
    return ranked;
  }

  /**
   * Returns the `n` most frequent words in the order of {@link WordCounts.top}, as columns of bytes and
   * numbers: to write millions of words, or to hand them to another program, without a string for each. The
   * arrays are the caller's.
   *
   * @param n - Default: all words.
   * @throws WordfreqError `invalid-option` if `n` is not a whole number from 0 up, or `Infinity`
   * @example
   * const { bytes, starts, counts: occurrences } = counts.columns(1);
   * new TextDecoder().decode(bytes.subarray(starts[0], starts[1])); // 'the'
   */
  columns(n: number = Number.POSITIVE_INFINITY): WordColumns {
    return this.#ranked(n);
  }

  #ranked(n: number): WordColumns {
    if (!(n >= 0 && (Number.isInteger(n) || n === Number.POSITIVE_INFINITY))) {
      throw invalidOption('n', 'a whole number from 0 up', String(n));
    }
    return columnsOf(this.#table.entries(), topEntries(this.#table, n));
  }

  /**
   * Iterates over the words, as UTF-8, with their counts, in code-point order. The bytes of a word are valid
   * until the next iteration.
   */
  *sorted(): IterableIterator<readonly [word: Uint8Array, count: number]> {
    const table = this.#table;
    for (const entry of entriesByWord(table)) yield [table.word(entry), table.count(entry)];
  }

  /** @internal */
  get totals(): CountTotals {
    return this.#totals;
  }

  /** @internal The entries as arrays, in no particular order. */
  entries(): TableEntries {
    return this.#table.entries();
  }

  /** @internal The same counts, of a text that starts at an offset in a larger one. */
  withOffset(offset: number): WordCounts {
    const warnings = this.warnings.map((warning) => ({
      ...warning,
      firstOffset: warning.firstOffset + offset,
    }));
    return new WordCounts(this.#table, this.totals, warnings, this.origin);
  }

  /** @internal The same counts, of a text that was read in this encoding. */
  withEncoding(encoding: TextEncoding | undefined): WordCounts {
    return new WordCounts(this.#table, this.totals, this.warnings, { ...this.origin, encoding });
  }

  /**
   * Returns everything as plain data, ranked as by {@link WordCounts.top}. Words are pairs in a list, because
   * some words, such as `__proto__`, cannot be keys of an object.
   */
  toJSON(): WordCountsJson {
    const { totalWords, totalBytes, distinctWords, maxError, warnings } = this;
    const words = this.top(distinctWords).map(({ word, count }) => [word, count] as const);
    return { totalWords, totalBytes, distinctWords, maxError, warnings, words };
  }

  /** Iterates over `[word, count]` in no particular order. */
  *[Symbol.iterator](): IterableIterator<readonly [word: string, count: number]> {
    const entries = this.#table.entries();
    let entry = 0;
    for (const word of decodeWords(entries)) {
      yield [word, entries.counts[entry] as number];
      entry += 1;
    }
  }
}

/**
 * @internal The totals of several texts. Errors add up, because a word may have been dropped in each of them.
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
