import { readableWords } from '../count/readable-words.ts';
import { type TableEntries, WordTable } from '../count/word-table.ts';
import { mergeTables } from '../engine/merge-tables.ts';
import type { ResolvedOptions } from '../options.ts';
import { requireFewWords } from '../tally.ts';
import { mergeWarnings } from '../warnings.ts';
import { sumTotals, WordCounts } from '../word-counts.ts';
import type { RangeCounts } from './range-thread.ts';

/**
 * The counts of a file from those of its ranges.
 *
 * @throws WordfreqError `too-many-distinct-words`, `count-too-large`
 */
export function joinRanges(ranges: readonly RangeCounts[], options: ResolvedOptions): WordCounts {
  const tables = ranges.map(({ entries }) => entries);
  const warnings = mergeWarnings(ranges.map((range) => range.warnings));
  const hasInvalidBytes = warnings.some(({ code }) => code === 'invalid-utf8');
  const isComposed = options.normalize === 'NFC';
  // Where words are spelled anew, those of two ranges may become alike.
  const areDisjoint = !hasInvalidBytes && !isComposed && ranges.every(({ hasOwnWords }) => hasOwnWords);
  const table = areDisjoint ? joinTables(tables) : mergeTables(tables);
  if (options.overflow === 'error') requireFewWords(table.size, options.maxDistinctWords);
  return new WordCounts(
    readableWords(table, { hasInvalidBytes, isComposed }),
    sumTotals(ranges.map(({ totals }) => totals)),
    warnings,
  );
}

/** Tables without a common word as one. */
function joinTables(tables: readonly TableEntries[]): WordTable {
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const joined: TableEntries = {
    bytes: new Uint8Array(tables.reduce((sum, { bytes }) => sum + bytes.length, 0)),
    starts: new Uint32Array(entries + 1),
    counts: new Float64Array(entries),
  };
  let entry = 0;
  let end = 0;
  for (const { bytes, starts, counts } of tables) {
    joined.bytes.set(bytes, end);
    joined.counts.set(counts, entry);
    for (let index = 0; index <= counts.length; index += 1) {
      joined.starts[entry + index] = (starts[index] as number) + end;
    }
    entry += counts.length;
    end += bytes.length;
  }
  return WordTable.adopt(joined);
}
