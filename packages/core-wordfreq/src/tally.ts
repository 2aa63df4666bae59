import { HeavyHitters } from './count/heavy-hitters.ts';
import { readableWords, spellingOf } from './count/readable-words.ts';
import type { WordTable } from './count/word-table.ts';
import type { CountEngine } from './engine/count-engine.ts';
import { createEngine } from './engine/create-engine.ts';
import { mergeInJavaScript, type TableMerger } from './engine/table-merger.ts';
import type { WordExchange } from './engine/word-exchange.ts';
import { WordfreqError } from './errors.ts';
import { fingerprintOptions, MAX_DISTINCT_WORDS, type ResolvedOptions } from './options.ts';
import type { Warnings } from './warnings.ts';
import { type CountOrigin, type CountTotals, sumTotals, WordCounts } from './word-counts.ts';

/** The state of a tally at a place where no word is open. */
export interface TallyState {
  /** The engine's table, as it was counted, and all warnings. */
  readonly counted: WordCounts;
  /** With heavy hitters: the words that were kept of the text before. */
  readonly kept: WordCounts | undefined;
  /** The last words, which the next n-gram needs. */
  readonly lastWords: readonly Uint8Array[];
}

/** Merging into the heavy hitters takes a while, so it waits for at least this many new words. */
const MIN_WAITING_WORDS = 65_536;

/** The words counted so far: all of them, or with the option `overflow` only the most frequent ones. */
export class Tally {
  readonly #options: ResolvedOptions;
  readonly #warnings: Warnings;
  readonly #heavy: HeavyHitters | undefined;
  readonly #limit: number;
  readonly #exchange: WordExchange | undefined;
  #engine: CountEngine;
  /** Words in the engine's table that the engine did not count itself. */
  #addedWords = 0;
  /** Words that were counted before the engine's table was started. */
  #settledWords = 0;

  /**
   * Starts with a state, or with no words. The text that comes starts at the start of a text, or after white
   * space, which is never part of a word.
   */
  constructor(options: ResolvedOptions, warnings: Warnings, state?: TallyState, exchange?: WordExchange) {
    this.#options = options;
    this.#exchange = exchange;
    this.#warnings = warnings;
    const isBounded = options.overflow === 'heavy-hitters';
    this.#limit = isBounded ? MAX_DISTINCT_WORDS : options.maxDistinctWords;
    this.#engine = this.#start(state?.lastWords);
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

  /** With heavy hitters: merges the engine's table into them if it has enough words. No word may be open. */
  settle(offset: number): void {
    const waiting = Math.max(MIN_WAITING_WORDS, this.#options.maxDistinctWords);
    if (this.#heavy === undefined || this.#engine.distinctWords <= waiting) return;
    this.#settleAll(this.#heavy, offset);
    const { lastWords } = this.#engine;
    this.#engine.release();
    this.#engine = this.#start(lastWords);
  }

  /** Takes the end of the text, which has `bytes` bytes, and returns the counts. */
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
    // Engines that share words own them as they stand in the text: `joinRanges` spells those of all together.
    const spelled = this.#exchange === undefined ? this.#readable(table) : table;
    return WordCounts.of(spelled, totals, this.#warnings.list(), this.#origin);
  }

  /**
   * Returns the state, from which another tally can continue. No word may be open. It is valid until the next
   * call.
   */
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

  #start(lastWords?: readonly Uint8Array[]): CountEngine {
    return createEngine(this.#options, this.#warnings, lastWords, this.#exchange);
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
    return WordCounts.of(table, totals, this.#warnings.list(), this.#origin);
  }

  get #origin(): CountOrigin {
    return originOf(this.#options, this.#engine.merge);
  }

  #readable(table: WordTable): WordTable {
    return readableWords(table, spellingOf(this.#options, this.#warnings.has('invalid-utf8')));
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

/** Where the counts of an engine with this merger come from. */
export function originOf(options: ResolvedOptions, merger: TableMerger): CountOrigin {
  const engine = merger === mergeInJavaScript ? 'javascript' : 'wasm';
  const capacity = options.overflow === 'heavy-hitters' ? options.maxDistinctWords : undefined;
  return { merger, engine, fingerprint: fingerprintOptions(options), capacity };
}

function exactTotals(words: number, bytes: number): CountTotals {
  return sumTotals([{ words, bytes, maxError: 0, uncounted: 0 }]);
}
