import { mergeTables } from './engine/merge-tables.ts';
import { mergeWarnings } from './warnings.ts';
import { WordCounts } from './word-counts.ts';

/**
 * The counts of several texts together, as if each had been counted after the other by the same options. Warnings keep their
 * offsets, each in its own text.
 *
 * @example
 * const both = mergeCounts([first, second]);
 */
export function mergeCounts(parts: Iterable<WordCounts>): WordCounts {
  const all = [...parts];
  const totals = {
    bytes: all.reduce((sum, part) => sum + part.totalBytes, 0),
    words: all.reduce((sum, part) => sum + part.totalWords, 0),
  };
  return new WordCounts(
    mergeTables(all.map((part) => part.entries())),
    totals,
    mergeWarnings(all.map((part) => part.warnings)),
  );
}
