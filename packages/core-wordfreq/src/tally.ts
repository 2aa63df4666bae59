import { HeavyHitters } from './count/heavy-hitters.ts';
import { readableWords } from './count/readable-words.ts';
import type { WordTable } from './count/word-table.ts';
import type { CountEngine } from './engine/count-engine.ts';
import { createEngine } from './engine/create-engine.ts';
import type { WordExchange } from './engine/word-exchange.ts';
import { WordfreqError } from './errors.ts';
import { MAX_DISTINCT_WORDS, type ResolvedOptions } from './options.ts';
import type { Warnings } from './warnings.ts';
import { type CountTotals, sumTotals, WordCounts } from './word-counts.ts';

/** Where a tally is, at a place where no word is open. */
export interface TallyState {
  /** What the engine's table has, as it was counted, and all warnings. */
  readonly counted: WordCounts;
  /** What was kept of the words before, where only heavy hitters are. */
  readonly kept: WordCounts | undefined;
  /** What runs of words still need. */
  readonly lastWords: readonly Uint8Array[];
}

/** Letting words go takes a while, so at least so many wait for it. */
const MIN_WAITING_WORDS = 65_536;
const SPACE = Uint8Array.of(0x20);

/** The words counted so far: a full table, or with the option `overflow` only the most frequent ones. */
export class Tally {
  readonly #options: ResolvedOptions;
  readonly #warnings: Warnings;
  readonly #heavy: HeavyHitters | undefined;
  readonly #limit: number;
  readonly #exchange: WordExchange | undefined;
  #engine: CountEngine;
  /** Words in the engine's table that the engine did not count itself. */
  #addedWords = 0;
  /** Words that were counted before the engine's table was begun. */
  #settledWords = 0;

  /** Counts on from a state, at an offset; `undefined` is the beginning of a text. */
  constructor(
    options: ResolvedOptions,
    warnings: Warnings,
    state: TallyState | undefined,
    offset: number | undefined,
    exchange?: WordExchange,
  ) {
    this.#options = options;
    this.#exchange = exchange;
    this.#warnings = warnings;
    const isBounded = options.overflow === 'heavy-hitters';
    this.#limit = isBounded ? MAX_DISTINCT_WORDS : options.maxDistinctWords;
    this.#engine = this.#begin(offset, state?.lastWords);
    this.#heavy = isBounded ? new HeavyHitters(options.maxDistinctWords, this.#engine.merge) : undefined;
    if (state === undefined) return;
    this.#engine.add(state.counted.entries());
    this.#addedWords = state.counted.totalWords;
    if (state.kept === undefined) return;
    this.#heavy?.add(state.kept.entries(), state.kept.maxError);
    this.#settledWords = state.kept.totalWords;
  }

  /** Takes text. */
  push(bytes: Uint8Array, base: number): void {
    this.#engine.push(bytes, base);
  }

  /** Where no word is open: lets words go, if only heavy hitters are kept and enough others wait. */
  settle(offset: number): void {
    const waiting = Math.max(MIN_WAITING_WORDS, this.#options.maxDistinctWords);
    if (this.#heavy === undefined || this.#engine.distinctWords <= waiting) return;
    this.#settleAll(this.#heavy, offset);
    const { lastWords } = this.#engine;
    this.#engine.release();
    this.#engine = this.#begin(offset, lastWords);
  }

  /** Takes the end of the text, `bytes` long in all. */
  finish(offset: number, bytes: number): WordCounts {
    if (this.#heavy !== undefined) {
      this.#settleAll(this.#heavy, offset);
      this.#engine.release();
      return this.#keptCounts(this.#heavy, bytes);
    }
    const { table, words } = this.#engine.finish(offset);
    this.requireFewWords();
    this.#engine.release();
    const totals = exactTotals(words + this.#addedWords, bytes);
    return WordCounts.of(this.#readable(table), totals, this.#warnings.list(), this.#engine.merge);
  }

  /** What another tally can count on from, where no word is open. It is valid until more is counted. */
  save(offset: number): TallyState {
    const { table, words } = this.#engine.finish(offset);
    const totals = exactTotals(words + this.#addedWords, 0);
    return {
      counted: WordCounts.of(table, totals, this.#warnings.list()),
      kept: this.#heavy && this.#keptCounts(this.#heavy, 0),
      lastWords: this.#engine.lastWords,
    };
  }

  /** @throws WordfreqError `too-many-distinct-words` */
  requireFewWords(): void {
    const words = this.#engine.distinctWords;
    if (this.#heavy === undefined) requireFewWords(words, this.#limit);
    else if (words > this.#limit) {
      throw new WordfreqError(
        'too-many-distinct-words',
        `Expected white space before there are ${this.#limit} different words without any, but there are ${words}. Split the text.`,
      );
    }
  }

  #begin(offset: number | undefined, lastWords?: readonly Uint8Array[]): CountEngine {
    const engine = createEngine(this.#options, this.#warnings, lastWords, this.#exchange);
    // Inside of a text white space came before; a joiner at its start would otherwise join nothing.
    if (offset !== undefined) engine.push(SPACE, offset - 1);
    return engine;
  }

  #settleAll(heavy: HeavyHitters, offset: number): void {
    const { table, words } = this.#engine.finish(offset);
    heavy.add(this.#readable(table).entries());
    this.#settledWords += words + this.#addedWords;
    this.#addedWords = 0;
  }

  #keptCounts({ table, maxError }: HeavyHitters, bytes: number): WordCounts {
    const words = this.#settledWords;
    const counted = table.entries().counts.reduce((sum, count) => sum + count, 0);
    const totals = { words, bytes, maxError, uncounted: words - counted };
    return WordCounts.of(table, totals, this.#warnings.list(), this.#engine.merge);
  }

  #readable(table: WordTable): WordTable {
    return readableWords(table, {
      hasInvalidBytes: this.#warnings.has('invalid-utf8'),
      isComposed: this.#options.normalize === 'NFC',
    });
  }
}

/** @throws WordfreqError `too-many-distinct-words` */
export function requireFewWords(words: number, limit: number): void {
  if (words <= limit) return;
  throw new WordfreqError(
    'too-many-distinct-words',
    `Expected at most ${limit} different words (option maxDistinctWords), but there are ${words} so far. Allow more, ` +
      'keep only the most frequent (option overflow), or split the text and merge encoded counts.',
  );
}

function exactTotals(words: number, bytes: number): CountTotals {
  return sumTotals([{ words, bytes, maxError: 0, uncounted: 0 }]);
}
