import { describe, expect, it } from 'vitest';
import { TABLE_BYTES } from '../dictionary/cjk-table.ts';
import { MemoryPool } from './memory-pool.ts';
import { instantiateEngine } from './wasm-module.ts';

const host = {
  tokenTruncated: () => undefined,
  invalidUtf8: () => undefined,
  segmentRuns: () => undefined,
  dictionaryNeeded: () => undefined,
  sendWords: () => undefined,
  randomBits: () => 0,
  outOfMemory: () => {
    throw new Error('out of memory');
  },
};

describe(MemoryPool, () => {
  it('returns memory that is as good as new, also to an engine that starts in it', () => {
    const pool = new MemoryPool();
    const used = pool.take(false);
    instantiateEngine(used.memory, host).allocate(100_000);
    const bytes = new Uint8Array(used.memory.buffer);
    const fresh = bytes.slice();
    bytes.fill(7);
    pool.giveBack(used);
    const again = pool.take(false);
    expect(again).toBe(used);
    expect(new Uint8Array(again.memory.buffer).every((byte) => byte === 0)).toBe(true);
    instantiateEngine(again.memory, host);
    expect(new Uint8Array(again.memory.buffer)).toEqual(fresh);
  });

  it('keeps a dictionary where it is, and nothing else', () => {
    const pool = new MemoryPool();
    const used = pool.take(true);
    used.dictionaryAt = instantiateEngine(used.memory, host).allocate(TABLE_BYTES);
    const table = new Uint32Array(TABLE_BYTES / 4).fill(3);
    used.dictionary = table;
    const bytes = new Uint8Array(used.memory.buffer).fill(7);
    bytes.set(new Uint8Array(table.buffer), used.dictionaryAt);
    pool.giveBack(used);
    const again = pool.take(true);
    expect(again.dictionary).toBe(table);
    const kept = new Uint8Array(again.memory.buffer);
    const end = used.dictionaryAt + TABLE_BYTES;
    expect(new Uint32Array(kept.buffer, used.dictionaryAt, table.length)).toEqual(table);
    expect(kept.subarray(0, used.dictionaryAt).every((byte) => byte === 0)).toBe(true);
    expect(kept.subarray(end).every((byte) => byte === 0)).toBe(true);
  });

  it('lends memory to one engine at a time, and memory with a dictionary only to engines that have one', () => {
    const pool = new MemoryPool();
    const used = pool.take(false);
    pool.giveBack(used);
    expect(pool.take(true)).not.toBe(used);
    expect(pool.take(false)).toBe(used);
    expect(pool.take(false)).not.toBe(used);
  });

  it('does not keep memory that a large text made large', () => {
    const pool = new MemoryPool();
    const used = pool.take(false);
    instantiateEngine(used.memory, host).allocate(8 * 1024 * 1024);
    pool.giveBack(used);
    expect(pool.take(false)).not.toBe(used);
  });
});
