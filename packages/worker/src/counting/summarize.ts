import type { WordCounter } from '@org/wordfreq-core';
import type { CountSummary } from './counting.ts';

/** Finishes a count and returns what a result holds of it. */
export function summarize(counter: WordCounter, top: number): CountSummary {
  const counts = counter.finish();
  return {
    words: counts.top(top),
    totals: { bytes: counts.totalBytes, words: counts.totalWords, distinctWords: counts.distinctWords },
    warnings: counts.warnings,
  };
}
