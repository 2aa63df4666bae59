import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topEntries } from './top-entries.ts';
import { WordTable } from './word-table.ts';

const encoder = new TextEncoder();

function tableOf(counts: readonly number[]): WordTable {
  const table = new WordTable();
  for (const [index, count] of counts.entries()) {
    // Neither in the order of counts nor of words.
    const word = encoder.encode(`w${(index * 7919) % 1009}`);
    table.add(word, word.length, count);
  }
  return table;
}

function sorted(table: WordTable): number[] {
  return Array.from({ length: table.size }, (_, entry) => entry).sort(
    (a, b) => table.count(b) - table.count(a) || table.compareWords(a, b),
  );
}

describe(topEntries, () => {
  it('ranks as a full sort does, however many are asked for, also when counts are the same', () => {
    fc.assert(
      fc.property(
        // A heap ranks few of many, a sort ranks many.
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 400 }),
        fc.nat({ max: 60 }),
        (counts, n) => {
          const table = tableOf(counts);
          expect([...topEntries(table, n)]).toEqual(sorted(table).slice(0, n));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([[[5, 4, 3, 2, 1]], [[1, 2, 3, 4, 5]], [[3, 3, 3, 3, 3]]])(
    'ranks few of many, in whatever order they came: %j',
    (pattern) => {
      const table = tableOf(Array.from({ length: 200 }, (_, index) => pattern[index % 5] ?? 0));
      for (const n of [0, 1, 2, 7, 24]) expect([...topEntries(table, n)]).toEqual(sorted(table).slice(0, n));
    },
  );
});
