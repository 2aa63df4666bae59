import { fingerprintOptions, WordCounter, type WordCounterOptions } from '@org/wordfreq-core';
import { dictionariesFor } from '@org/wordfreq-core/dictionaries';
import { detectEncoding } from '@org/wordfreq-core/encoding';
import type { CountingTask, CountSummary, WordRules } from './counting.ts';

/** What is derived from rules. */
interface ResolvedRules {
  /** The rules as text, to compare them. */
  readonly rules: string;
  readonly options: WordCounterOptions;
  readonly fingerprint: string;
}

/** Counts texts by rules, with words that join the dictionaries of languages without spaces. */
export class WordCounting {
  readonly #ownWords: readonly string[];
  /** Of the last text: a worker counts all texts by the same rules, and adding words takes a while. */
  #last: ResolvedRules | undefined;

  constructor(ownWords: readonly string[]) {
    this.#ownWords = ownWords;
  }

  /** Starts to count a text. */
  start({ top: _, encoding, maxDistinctWords, ...rules }: CountingTask): WordCounter {
    const limits = maxDistinctWords === undefined ? {} : { maxDistinctWords };
    return new WordCounter({
      ...this.#resolved(rules).options,
      ...limits,
      encoding: encoding ?? detectEncoding,
    });
  }

  /** The fingerprint of the counts by these rules. */
  fingerprint(rules: WordRules): string {
    return this.#resolved(rules).fingerprint;
  }

  #resolved(rules: WordRules): ResolvedRules {
    const key = JSON.stringify(rules);
    if (this.#last?.rules !== key) {
      const options = { ...rules, dictionary: dictionariesFor(rules, this.#ownWords) };
      this.#last = { rules: key, options, fingerprint: fingerprintOptions(options) };
    }
    return this.#last;
  }
}

/** Finishes a count and returns what a result holds of it. */
export function summarize(counter: WordCounter, top: number): CountSummary {
  const counts = counter.finish();
  return {
    words: counts.top(top),
    totals: { bytes: counts.totalBytes, words: counts.totalWords, distinctWords: counts.distinctWords },
    warnings: counts.warnings,
    encoding: counts.encoding,
  };
}
