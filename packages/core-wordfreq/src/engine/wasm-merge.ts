import type { TableEntries, WordTable } from '../count/word-table.ts';
import { resolveOptions } from '../options.ts';
import { Warnings } from '../warnings.ts';
import { EngineMemory } from './engine-memory.ts';

/** All entries in one table, equal words together, merged by an engine of their own. */
export function mergeInWasm(tables: readonly TableEntries[]): WordTable {
  const memory = new EngineMemory(resolveOptions(), new Warnings(), () => undefined);
  for (const entries of tables) memory.add(entries);
  const { table } = memory.result();
  memory.release();
  return table;
}
