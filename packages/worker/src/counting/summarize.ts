import { WordCounter } from '@org/wordfreq-core';
import { detectEncoding } from '@org/wordfreq-core/encoding';
import type { CountingTask, CountSummary } from './counting.ts';

/** Starts to count a text. */
export function startCounter({ top: _, encoding, ...options }: CountingTask): WordCounter {
  return new WordCounter({ ...options, encoding: encoding ?? detectEncoding });
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
