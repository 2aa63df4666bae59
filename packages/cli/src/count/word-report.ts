import type { WordCounts } from '@org/wordfreq-core';

/** What is known of one text, or of several together. */
export interface WordReport {
  /** A path, `-`, or absent for several texts together. */
  readonly name?: string;
  readonly totalBytes: number;
  readonly totalWords: number;
  readonly distinctWords: number;
  readonly warnings: WordCounts['warnings'];
  readonly top: ReturnType<WordCounts['top']>;
}

/** Sums up counts; `top` of 0 stands for every word. */
export function wordReport(counts: WordCounts, top: number, name?: string): WordReport {
  return {
    ...(name === undefined ? {} : { name }),
    totalBytes: counts.totalBytes,
    totalWords: counts.totalWords,
    distinctWords: counts.distinctWords,
    warnings: counts.warnings,
    top: counts.top(top === 0 ? counts.distinctWords : top),
  };
}
