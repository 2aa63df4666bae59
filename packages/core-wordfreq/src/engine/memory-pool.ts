import { TABLE_BYTES } from '../dictionary/cjk-table.ts';
import type { DictionaryTable } from '../dictionary/word-dictionary.ts';
import { newMemory, type WasmMemory } from './wasm-module.ts';

/**
 * The memory of one engine. It is reused: the first access to new memory is slow, and a dictionary of Chinese and
 * Japanese fills much of it.
 */
export interface PooledMemory {
  readonly memory: WasmMemory;
  /** The address of the room for a dictionary of Chinese and Japanese, if there is any. */
  dictionaryAt?: number;
  /** The dictionary that is there already. */
  dictionary?: DictionaryTable;
}

/**
 * More than this, apart from the dictionary, is not kept: a small text would wait until all of it is zeroed.
 */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Memory of engines that are finished, for the next ones. It keeps at most one memory with a dictionary and
 * one without, and only until the garbage collector needs them.
 */
export class MemoryPool {
  readonly #free = new Map<'with dictionary' | 'without', WeakRef<PooledMemory>>();

  /** Returns memory that is all zeros, except for a dictionary that may be there already. */
  take(hasDictionary: boolean): PooledMemory {
    const kind = hasDictionary ? 'with dictionary' : 'without';
    const free = this.#free.get(kind)?.deref();
    if (free === undefined) return { memory: newMemory() };
    this.#free.delete(kind);
    const bytes = new Uint8Array(free.memory.buffer);
    if (free.dictionaryAt === undefined) bytes.fill(0);
    else bytes.fill(0, 0, free.dictionaryAt).fill(0, free.dictionaryAt + TABLE_BYTES);
    return free;
  }

  /** Takes memory back; its engine must not be used again. */
  giveBack(used: PooledMemory): void {
    const hasDictionary = used.dictionaryAt !== undefined;
    if (used.memory.buffer.byteLength - (hasDictionary ? TABLE_BYTES : 0) > KEPT_BYTES) return;
    this.#free.set(hasDictionary ? 'with dictionary' : 'without', new WeakRef(used));
  }
}
