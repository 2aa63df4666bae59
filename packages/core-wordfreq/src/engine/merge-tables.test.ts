import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordTable } from '../count/word-table.ts';
import { mergeTables, offerMerger } from './merge-tables.ts';
import { mergeInWasm } from './wasm-merge.ts';

const encoder = new TextEncoder();

function tableOf(words: ReadonlyMap<string, number>): WordTable {
  const table = new WordTable();
  for (const [word, count] of words) table.add(encoder.encode(word), encoder.encode(word).length, count);
  return table;
}

function plain(table: WordTable): ReadonlyMap<string, number> {
  const decoder = new TextDecoder();
  return new Map(
    Array.from({ length: table.size }, (_, entry) => [decoder.decode(table.word(entry)), table.count(entry)]),
  );
}

describe(mergeTables, () => {
  it('adds up the same with an engine and without', () => {
    const words = fc
      .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 1, max: 2 ** 40 })))
      .map((entries) => new Map(entries));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (all) => {
        const tables = all.map((each) => tableOf(each).entries());
        expect(plain(mergeInWasm(tables))).toEqual(plain(mergeTables(tables)));
      }),
      { numRuns: 200 },
    );
  });

  it('uses what was offered for large tables only', () => {
    const used: number[] = [];
    offerMerger((tables) => {
      used.push(tables.length);
      return mergeInWasm(tables);
    });
    const few = tableOf(new Map([['a', 1]]));
    const many = tableOf(new Map(Array.from({ length: 11_000 }, (_, index) => [`w${index}`, 1])));
    expect(mergeTables([few.entries(), few.entries()]).get(encoder.encode('a'))).toBe(2);
    expect(used).toEqual([]);
    expect(mergeTables([few.entries(), many.entries()]).size).toBe(11_001);
    expect(used).toEqual([2]);
  });
});
