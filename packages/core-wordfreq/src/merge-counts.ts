import { WordTable } from './count/word-table.ts';
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
  const table = new WordTable();
  const all = [...parts];
  for (const part of all) {
    const { bytes, starts, counts } = part.entries();
    for (let entry = 0; entry < counts.length; entry += 1) {
      const word = bytes.subarray(starts[entry], starts[entry + 1]);
      table.add(word, word.length, counts[entry]);
    }
  }
  const totals = {
    bytes: all.reduce((sum, part) => sum + part.totalBytes, 0),
    words: all.reduce((sum, part) => sum + part.totalWords, 0),
  };
  return new WordCounts(table, totals, mergeWarnings(all.map((part) => part.warnings)));
}
