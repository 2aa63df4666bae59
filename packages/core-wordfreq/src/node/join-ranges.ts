import { readableWords, spellingOf } from '../count/readable-words.ts';
import { type TableEntries, WordTable } from '../count/word-table.ts';
import { mergerFor } from '../engine/create-engine.ts';
import { boundedCounts } from '../merge-counts.ts';
import type { ResolvedOptions } from '../options.ts';
import { originOf, requireFewWords } from '../tally.ts';
import { mergeWarnings } from '../warnings.ts';
import { sumTotals, type WordCounts } from '../word-counts.ts';
import type { RangeCounts } from './range-thread.ts';

/**
 * Combines the counts of a file's ranges into the counts of the file.
 *
 * @throws WordfreqError `too-many-distinct-words`, `count-too-large`
 */
export function joinRanges(ranges: readonly RangeCounts[], options: ResolvedOptions): WordCounts {
  const tables = ranges.map(({ entries }) => entries);
  const warnings = mergeWarnings(ranges.map((range) => range.warnings));
  const hasInvalidBytes = warnings.some(({ code }) => code === 'invalid-utf8');
  const areDisjoint = ranges.every(({ hasOwnWords }) => hasOwnWords);
  const merger = mergerFor(options);
  const table = areDisjoint ? joinTables(tables) : merger(tables);
  if (options.overflow === 'error') requireFewWords(table.size, options.maxDistinctWords);
  return boundedCounts(
    readableWords(table, spellingOf(options, hasInvalidBytes)),
    sumTotals(ranges.map(({ totals }) => totals)),
    warnings,
    originOf(options, merger),
  );
}

/** Joins tables that have no word in common, in the memory of the first one, which has room for all. */
function joinTables([first, ...others]: readonly TableEntries[]): WordTable {
  if (first === undefined) return new WordTable();
  const tables = [first, ...others];
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const bytes = withRoom(
    first.bytes,
    tables.reduce((sum, table) => sum + table.bytes.length, 0),
  );
  const starts = withRoom(first.starts, entries + 1);
  const counts = withRoom(first.counts, entries);
  let entry = first.counts.length;
  let end = first.bytes.length;
  for (const other of others) {
    bytes.set(other.bytes, end);
    counts.set(other.counts, entry);
    for (let index = 1; index < other.starts.length; index += 1) {
      starts[entry + index] = (other.starts[index] as number) + end;
    }
    entry += other.counts.length;
    end += other.bytes.length;
  }
  return new WordTable({ bytes, starts, counts });
}

type Arrays = Uint8Array | Uint32Array | Float64Array;

/** Returns an array of the given length with the same start: in the same memory, if there is enough of it. */
function withRoom<T extends Arrays>(array: T, length: number): T {
  const Kind = array.constructor as new (
    memory: ArrayBufferLike | number,
    from?: number,
    length?: number,
  ) => T;
  const isEnough = array.byteOffset === 0 && array.buffer.byteLength >= length * array.BYTES_PER_ELEMENT;
  if (isEnough) return new Kind(array.buffer, 0, length);
  const roomy = new Kind(length);
  roomy.set(array);
  return roomy;
}
