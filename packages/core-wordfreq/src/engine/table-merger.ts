import { type TableEntries, WordTable } from '../count/word-table.ts';

/**
 * Merges tables into one, in which each word has the sum of its counts. No word may occur twice within one
 * table.
 *
 * An engine brings its merger, and counts carry the merger of the engine that made them. So `mergeCounts`
 * merges in WebAssembly what was counted in WebAssembly, and an application that only merges need not ship
 * the engine.
 */
export type TableMerger = (tables: readonly TableEntries[]) => WordTable;

/** The merger that runs everywhere. */
export const mergeInJavaScript: TableMerger = (tables) => {
  const merged = new WordTable();
  for (const entries of tables) merged.addAll(entries);
  return merged;
};
