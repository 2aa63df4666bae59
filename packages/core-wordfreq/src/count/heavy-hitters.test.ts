import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeInJavaScript } from '../engine/table-merger.ts';
import { countWords, mergeCounts, type WordCounterOptions } from '../index.ts';
import { HeavyHitters } from './heavy-hitters.ts';
import { WordTable } from './word-table.ts';

const encoder = new TextEncoder();

function tableOf(words: readonly number[]): WordTable {
  const table = new WordTable();
  for (const word of words) {
    const bytes = encoder.encode(`w${word}`);
    table.add(bytes, bytes.length);
  }
  return table;
}

/** A few words often, many rarely: squares crowd small numbers. */
const batch = fc.array(
  fc.double({ min: 0, max: 1, noNaN: true }).map((drawn) => Math.floor(drawn ** 4 * 200)),
  { maxLength: 300 },
);

function requireBounds(heavy: HeavyHitters, exact: WordTable, words: number, capacity: number): void {
  expect(heavy.table.size).toBeLessThanOrEqual(capacity);
  expect(heavy.maxError).toBeLessThanOrEqual(words / (capacity + 1));
  for (let entry = 0; entry < exact.size; entry += 1) {
    const truth = exact.count(entry);
    const count = heavy.table.get(exact.word(entry));
    expect(count).toBeLessThanOrEqual(truth);
    expect(count + heavy.maxError).toBeGreaterThanOrEqual(truth);
  }
}

describe(HeavyHitters, () => {
  it('counts no word too often, and none too seldom by more than words / (capacity + 1)', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (batches, capacity) => {
        const heavy = new HeavyHitters(capacity, mergeInJavaScript);
        for (const words of batches) heavy.add(tableOf(words).entries());
        requireBounds(heavy, tableOf(batches.flat()), batches.flat().length, capacity);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the bounds when what others kept is added', () => {
    fc.assert(
      fc.property(
        fc.array(batch, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        (batches, capacity) => {
          const all = batches.map((words) => {
            const heavy = new HeavyHitters(capacity, mergeInJavaScript);
            for (let at = 0; at < words.length; at += 50)
              heavy.add(tableOf(words.slice(at, at + 50)).entries());
            return heavy;
          });
          const merged = all.reduce((left, right) => {
            left.add(right.table.entries(), right.maxError);
            return left;
          });
          requireBounds(merged, tableOf(batches.flat()), batches.flat().length, capacity);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is exact as long as all words have a place', () => {
    const heavy = new HeavyHitters(3, mergeInJavaScript);
    heavy.add(tableOf([1, 2, 3, 3]).entries());
    heavy.add(tableOf([3, 2]).entries());
    expect([heavy.maxError, heavy.table.size, heavy.table.get(encoder.encode('w3'))]).toEqual([0, 3, 3]);
  });
});

describe('counts of several texts', () => {
  it('keep no more words together than each may keep, and bound the error', async () => {
    const options: WordCounterOptions = { overflow: 'heavy-hitters', maxDistinctWords: 10 };
    const texts = [0, 1, 2].map((text) =>
      Array.from({ length: 30 }, (_, word) => `often w${text * 30 + word}`),
    );
    const parts = await Promise.all(texts.map((words) => countWords(words.join(' '), options)));
    const merged = mergeCounts(parts);
    expect(merged.distinctWords).toBeLessThanOrEqual(10);
    expect(merged.totalWords).toBe(180);
    expect(merged.get('often') + merged.maxError).toBeGreaterThanOrEqual(90);
    expect(merged.maxError).toBeLessThanOrEqual(180 / 11);
    expect(merged.get('often')).toBeLessThanOrEqual(90);
  });
});
