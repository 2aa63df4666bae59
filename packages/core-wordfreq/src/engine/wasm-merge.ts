import type { TableEntries, WordTable } from '../count/word-table.ts';
import { resolveOptions } from '../options.ts';
import { Warnings } from '../warnings.ts';
import { EngineMemory } from './engine-memory.ts';
import type { MemoryPool } from './memory-pool.ts';
import { mergeInJavaScript, type TableMerger } from './table-merger.ts';

/** Smaller tables are merged faster in JavaScript, because an engine takes time to start. */
const MIN_ENTRIES = 10_000;
/** Larger tables may not fit in the engine's memory together with the result. */
const MAX_ENTRIES = 8_000_000;
const MAX_BYTES = 2 ** 29;

/** Returns a merger that merges large tables in an engine of its own. */
export function wasmMerger(pool: MemoryPool): TableMerger {
  return (tables) => (isWorthEngine(tables) ? mergeInEngine(pool, tables) : mergeInJavaScript(tables));
}

function isWorthEngine(tables: readonly TableEntries[]): boolean {
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes.length, 0);
  return entries > MIN_ENTRIES && entries < MAX_ENTRIES && bytes < MAX_BYTES;
}

/** Merges tables of any size in an engine. */
export function mergeInEngine(pool: MemoryPool, tables: readonly TableEntries[]): WordTable {
  const memory = new EngineMemory(pool, resolveOptions(), new Warnings(), () => undefined);
  for (const entries of tables) memory.add(entries);
  const { table } = memory.result();
  memory.release();
  return table;
}
