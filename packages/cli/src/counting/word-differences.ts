import type { WordCounts } from '@org/wordfreq-core';

/** How differently two texts use a word. */
export interface WordDifference {
  readonly word: string;
  /** Occurrences in the first and in the second text. */
  readonly a: number;
  readonly b: number;
  /** Occurrences in a million words. */
  readonly aPerMillion: number;
  readonly bPerMillion: number;
  /** How certain it is that they differ: the log-likelihood ratio G². */
  readonly g2: number;
  /** How much they differ, as a power of two: 1 is twice as often in the first text, −1 in the second. */
  readonly logRatio: number;
}

/** G² above these is unlikely to be chance: χ² with one degree of freedom, at p = 0.001 and p = 0.0001. */
export const CRITICAL_G2 = { 'p < 0.001': 10.83, 'p < 0.0001': 15.13 } as const;

/** Where the statistics are from. */
export const SOURCES: readonly string[] = [
  'G²: Dunning 1993, “Accurate Methods for the Statistics of Surprise and Coincidence”, Computational Linguistics 19(1)',
  'G² for two corpora: Rayson & Garside 2000, “Comparing Corpora using Frequency Profiling”',
  'log ratio: Hardie 2014, “Log Ratio: an informal introduction”',
];

/**
 * Compares each word of two texts: G² says how certain it is that they use it differently, the log ratio how
 * much. The most certain come first, ties in code-point order.
 *
 * G² is Rayson and Garside's: 2 (a ln(a/E₁) + b ln(b/E₂)), where E₁ and E₂ share a + b as the texts' lengths
 * do. For the log ratio, a count of 0 is taken as a half, as Hardie does.
 *
 * @example
 * wordDifferences(await countWords('red red'), await countWords('red blue'))[0]?.word; // 'blue'
 */
export function wordDifferences(first: WordCounts, second: WordCounts): readonly WordDifference[] {
  const totals = [first.totalWords, second.totalWords] as const;
  const differences: WordDifference[] = [];
  for (const [word, a] of first) differences.push(difference(word, a, second.get(word), totals));
  for (const [word, b] of second) if (first.get(word) === 0) differences.push(difference(word, 0, b, totals));
  return differences.sort((one, other) => other.g2 - one.g2 || (one.word < other.word ? -1 : 1));
}

function difference(word: string, a: number, b: number, [c, d]: readonly [number, number]): WordDifference {
  const all = (a + b) / (c + d);
  return {
    word,
    a,
    b,
    aPerMillion: perMillion(a, c),
    bPerMillion: perMillion(b, d),
    // Rounding may make a zero negative.
    g2: Math.max(0, 2 * (term(a, c * all) + term(b, d * all))),
    logRatio: c === 0 || d === 0 ? 0 : Math.log2((a || 0.5) / c / ((b || 0.5) / d)),
  };
}

function term(observed: number, expected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observed / expected);
}

function perMillion(count: number, total: number): number {
  return total === 0 ? 0 : (count / total) * 1e6;
}
