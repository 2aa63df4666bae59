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
/** The engine reads whole vectors, and so beyond the end. */
const READ_AHEAD_BYTES = 16;

/** All entries in one table, equal words together. */
export function mergeTables(tables: readonly TableEntries[]): WordTable {
  const entries = tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes.length, 0);
  const isSuited = entries > FEW && entries < MANY && bytes < MANY_BYTES;
  return isSuited && isWasmAvailable() ? mergeInWasm(tables) : mergeInJavaScript(tables);
}

function mergeInWasm(tables: readonly TableEntries[]): WordTable {
  const memory = new EngineMemory(resolveOptions(), new Warnings(), () => undefined);
  const place = (array: Uint8Array | Uint32Array | Float64Array): number => {
    const address = memory.wasm.allocate(array.byteLength + READ_AHEAD_BYTES);
    memory.bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
    return address;
  };
  for (const { bytes, starts, counts } of tables) {
    memory.wasm.addEntries(place(bytes), place(starts), place(counts), counts.length);
  }
  return memory.result().table;
}

function mergeInJavaScript(tables: readonly TableEntries[]): WordTable {
  const merged = new WordTable();
  for (const { bytes, starts, counts } of tables) {
    for (let entry = 0; entry < counts.length; entry += 1) {
      const word = bytes.subarray(starts[entry], starts[entry + 1]);
      merged.add(word, word.length, counts[entry]);
    }
  }
  return merged;
}
