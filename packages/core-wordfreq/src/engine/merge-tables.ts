import { type TableEntries, WordTable } from '../count/word-table.ts';
import { resolveOptions } from '../options.ts';
import { Warnings } from '../warnings.ts';
import { EngineMemory } from './engine-memory.ts';
import { isWasmAvailable } from './wasm-module.ts';

/** Fewer entries are not worth an engine. */
const FEW = 10_000;
/** More may not fit in the engine's memory, beside their tables. */
const MANY = 8_000_000;
const MANY_BYTES = 2 ** 29;

/** All entries in one table, equal words together. */
export function mergeTables(tables: readonly TableEntries[]): WordTable {
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes.length, 0);
  const isSuited = entries > FEW && entries < MANY && bytes < MANY_BYTES;
  return isSuited && isWasmAvailable() ? mergeInWasm(tables) : mergeInJavaScript(tables);
}

function mergeInWasm(tables: readonly TableEntries[]): WordTable {
  const memory = new EngineMemory(resolveOptions(), new Warnings(), () => undefined);
  for (const entries of tables) memory.add(entries);
  return memory.result().table;
}

function mergeInJavaScript(tables: readonly TableEntries[]): WordTable {
  const merged = new WordTable();
  for (const entries of tables) merged.addAll(entries);
  return merged;
}
