import { type TableEntries, WordTable } from '../count/word-table.ts';

/** Merges tables; all of them have different words each. */
export type TableMerger = (tables: readonly TableEntries[]) => WordTable;

/** Fewer entries are not worth an engine. */
const FEW = 10_000;
/** More may not fit in the engine's memory, beside their tables. */
const MANY = 8_000_000;
const MANY_BYTES = 2 ** 29;

let fastMerger: TableMerger | undefined;

/**
 * Lets large tables be merged faster from now on. The first WebAssembly engine offers it, so that an application that only merges need not
 * ship the engine.
 */
export function offerMerger(merger: TableMerger): void {
  fastMerger = merger;
}

/** All entries in one table, equal words together. */
export function mergeTables(tables: readonly TableEntries[]): WordTable {
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes.length, 0);
  const isSuited = entries > FEW && entries < MANY && bytes < MANY_BYTES;
  return isSuited && fastMerger !== undefined ? fastMerger(tables) : mergeInJavaScript(tables);
}

function mergeInJavaScript(tables: readonly TableEntries[]): WordTable {
  const merged = new WordTable();
  for (const entries of tables) merged.addAll(entries);
  return merged;
}
