import { type DictionaryTable, TABLE_BYTES } from '../dictionary/word-dictionary.ts';
import { newMemory, type WasmMemory } from './wasm-module.ts';

/** An engine's memory, to be used again: new memory takes time at its first touch, and a dictionary is much of it. */
export interface SpareMemory {
  readonly memory: WasmMemory;
  /** Where there is room for a dictionary, if there is. */
  dictionaryAt?: number;
  /** What stands there. */
  dictionary?: DictionaryTable;
}

/** More than this, besides the dictionary, is not kept: a small text would wait for zeros that a large one made necessary. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** One with a dictionary and one without, as long as nobody else wants the memory. */
const spares = new Map<'with dictionary' | 'without', WeakRef<SpareMemory>>();

/** Memory that is zero, but for a dictionary that stands there already, if there shall be one. */
export function takeMemory(hasDictionary: boolean): SpareMemory {
  const kind = hasDictionary ? 'with dictionary' : 'without';
  const spare = spares.get(kind)?.deref();
  if (spare === undefined) return { memory: newMemory() };
  spares.delete(kind);
  const bytes = new Uint8Array(spare.memory.buffer);
  if (spare.dictionaryAt === undefined) bytes.fill(0);
  else bytes.fill(0, 0, spare.dictionaryAt).fill(0, spare.dictionaryAt + TABLE_BYTES);
  return spare;
}

/** Gives memory back; its engine must not be used any more. */
export function giveBack(spare: SpareMemory): void {
  const hasDictionary = spare.dictionaryAt !== undefined;
  if (spare.memory.buffer.byteLength - (hasDictionary ? TABLE_BYTES : 0) > KEPT_BYTES) return;
  spares.set(hasDictionary ? 'with dictionary' : 'without', new WeakRef(spare));
}
