import { type TableEntries, WordTable } from '../count/word-table.ts';
import { WordCounts } from '../word-counts.ts';

/** What a `HyphenFinder` found, in the form that is merged and encoded. */
export function foundCounts(found: TableEntries): WordCounts {
  const words = found.counts.reduce((sum, count) => sum + count, 0);
  return WordCounts.of(new WordTable(found), { bytes: 0, words, maxError: 0, uncounted: 0 }, []);
}
