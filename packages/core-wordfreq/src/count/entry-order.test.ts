import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesByCount, entriesByWord } from './entry-order.ts';
import { WordTable } from './word-table.ts';

function tableOf(words: readonly Uint8Array[], counts: readonly number[]): WordTable {
  const table = new WordTable();
  for (const [index, word] of words.entries()) table.add(word, word.length, counts[index % counts.length]);
  return table;
}

const numbers = ({ size }: WordTable): number[] => Array.from({ length: size }, (_, entry) => entry);

/** Words that begin alike, end in zero bytes, and differ by the highest bits of a byte. */
const words = fc.uniqueArray(
  fc.array(fc.constantFrom(0, 1, 0x61, 0x62, 0x7f, 0x80, 0xff), { minLength: 1, maxLength: 20 }),
  { minLength: 1, maxLength: 200, selector: String },
);
const listOf = (count: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(count, { minLength: 1, maxLength: 50 });
/** Counts of small texts, counts that are as far apart as those can be or a little farther, and larger ones. */
const counts = fc.oneof(
  listOf(fc.integer({ min: 1, max: 4 })),
  listOf(fc.constantFrom(1, 2, 32_768, 65_535, 65_536, 65_537)),
  listOf(fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 2 ** 45 }))),
);

describe('the order of entries', () => {
  it('is that of a sort by comparison', () => {
    fc.assert(
      fc.property(words, counts, (list, occurrences) => {
        const table = tableOf(
          list.map((word) => Uint8Array.from(word)),
          occurrences,
        );
        expect([...entriesByWord(table)]).toEqual(numbers(table).sort((a, b) => table.compareWords(a, b)));
        expect([...entriesByCount(table)]).toEqual(
          numbers(table).sort((a, b) => table.count(b) - table.count(a) || table.compareWords(a, b)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is the same with so many words that digits have 16 bits', () => {
    const encoder = new TextEncoder();
    const table = tableOf(
      Array.from({ length: 20_000 }, (_, index) => encoder.encode(`${(index * 7919) % 20_011}-number`)),
      [1, 70_000, 5, 1, 2 ** 40, 3, 1],
    );
    expect([...entriesByCount(table)]).toEqual(
      numbers(table).sort((a, b) => table.count(b) - table.count(a) || table.compareWords(a, b)),
    );
  });
});
