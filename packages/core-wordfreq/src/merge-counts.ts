import { mergeTables } from './engine/merge-tables.ts';
import { mergeWarnings } from './warnings.ts';
import { sumTotals, WordCounts } from './word-counts.ts';

/**
 * The counts of several texts together, as if each had been counted after the other by the same options. Warnings keep their
 * offsets, each in its own text. Where counts are approximate, their `maxError` add up.
 *
 * @throws WordfreqError `count-too-large`
 * @example
 * const both = mergeCounts([first, second]);
 */
export function mergeCounts(parts: Iterable<WordCounts>): WordCounts {
  const all = [...parts];
  return new WordCounts(
    mergeTables(all.map((part) => part.entries())),
    sumTotals(all.map((part) => part.totals)),
    mergeWarnings(all.map((part) => part.warnings)),
  );
}
