import { describe, expect, it } from 'vitest';
import { WordTable } from '../count/word-table.ts';
import { resolveOptions } from '../options.ts';
import { Warnings } from '../warnings.ts';
import { EngineMemory } from './engine-memory.ts';
import { MemoryPool } from './memory-pool.ts';

function someEntries(count: number): WordTable {
  const table = new WordTable();
  const encoder = new TextEncoder();
  for (let index = 0; index < count; index += 1) {
    const word = encoder.encode(`${'w'.repeat(index % 30)}${index}`);
    table.add(word, word.length, index + 1);
  }
  return table;
}

describe(EngineMemory, () => {
  it('does not grow while the same words are added and read again and again', () => {
    const memory = new EngineMemory(new MemoryPool(), resolveOptions(), new Warnings(), () => undefined);
    const table = someEntries(20_000);
    memory.add(table.entries());
    memory.result();
    const before = memory.bytes.length;
    for (let turn = 0; turn < 50; turn += 1) {
      memory.add(table.entries());
      memory.result();
    }
    expect(memory.bytes.length).toBe(before);
    const word = table.word(9999);
    expect(memory.result().table.get(word)).toBe(51 * 10_000);
  });

  it('gives the same result after its memory was read and used again', () => {
    const memory = new EngineMemory(new MemoryPool(), resolveOptions(), new Warnings(), () => undefined);
    for (const size of [10, 3000, 20_000]) {
      memory.add(someEntries(size).entries());
      memory.result();
    }
    expect(memory.result().table.size).toBe(20_000);
    expect(memory.result().table.get(someEntries(10).word(7))).toBe(24);
  });
});
