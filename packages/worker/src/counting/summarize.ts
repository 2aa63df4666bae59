import type { WordCounter } from '@org/wordfreq-core';
import type { CountSummary } from './counting.ts';

/** Ends a count and keeps of it what a result holds. */
export function summarize(counter: WordCounter, top: number): CountSummary {
  const counts = counter.finish();
  return {
    words: counts.top(top),
    totals: { bytes: counts.totalBytes, words: counts.totalWords, distinctWords: counts.distinctWords },
    warnings: counts.warnings,
  };
}
