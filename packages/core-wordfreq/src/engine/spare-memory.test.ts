import { describe, expect, it } from 'vitest';
import { TABLE_BYTES } from '../dictionary/word-dictionary.ts';
import { giveBack, takeMemory } from './spare-memory.ts';
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

describe(takeMemory, () => {
  it('gives memory back as new as it was, also to an engine that begins anew in it', () => {
    const spare = takeMemory(false);
    instantiateEngine(spare.memory, host).allocate(100_000);
    const used = new Uint8Array(spare.memory.buffer);
    const begun = used.slice();
    used.fill(7);
    giveBack(spare);
    const again = takeMemory(false);
    expect(again).toBe(spare);
    expect(new Uint8Array(again.memory.buffer).every((byte) => byte === 0)).toBe(true);
    instantiateEngine(again.memory, host);
    expect(new Uint8Array(again.memory.buffer)).toEqual(begun);
  });

  it('keeps a dictionary where it stands, and nothing else', () => {
    const spare = takeMemory(true);
    spare.dictionaryAt = instantiateEngine(spare.memory, host).allocate(TABLE_BYTES);
    const table = new Uint32Array(TABLE_BYTES / 4).fill(3);
    spare.dictionary = table;
    const bytes = new Uint8Array(spare.memory.buffer).fill(7);
    bytes.set(new Uint8Array(table.buffer), spare.dictionaryAt);
    giveBack(spare);
    const again = takeMemory(true);
    expect(again.dictionary).toBe(table);
    const kept = new Uint8Array(again.memory.buffer);
    const end = spare.dictionaryAt + TABLE_BYTES;
    expect(new Uint32Array(kept.buffer, spare.dictionaryAt, table.length)).toEqual(table);
    expect(kept.subarray(0, spare.dictionaryAt).every((byte) => byte === 0)).toBe(true);
    expect(kept.subarray(end).every((byte) => byte === 0)).toBe(true);
  });

  it('lends memory to one at a time, and not what has a dictionary to one without', () => {
    const spare = takeMemory(false);
    giveBack(spare);
    expect(takeMemory(true)).not.toBe(spare);
    expect(takeMemory(false)).toBe(spare);
    expect(takeMemory(false)).not.toBe(spare);
  });

  it('does not keep memory that a large text has made large', () => {
    const spare = takeMemory(false);
    instantiateEngine(spare.memory, host).allocate(8 * 1024 * 1024);
    giveBack(spare);
    expect(takeMemory(false)).not.toBe(spare);
  });
});
