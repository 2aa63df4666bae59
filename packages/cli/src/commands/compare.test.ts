import { CASE_LOCALES, countWords, FOLDS, NORMALIZATIONS, TOKENIZERS } from '@org/wordfreq-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTING_OPTIONS } from '../counting/counting-options.ts';
import { wordDifferences } from './compare.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 50 }).map((words) => words.join(' '));

describe(wordDifferences, () => {
  it('gives G² and log ratio as computed by hand', async () => {
    // a = 3 of 4 words, b = 1 of 8: E₁ = 4 · 4/12, E₂ = 8 · 4/12.
    const first = await countWords('x x x y');
    const second = await countWords('x y y y y y y y');
    const [x] = wordDifferences(first, second).filter(({ word }) => word === 'x');
    expect(x?.g2).toBeCloseTo(2 * (3 * Math.log(3 / (4 / 3)) + Math.log(1 / (8 / 3))), 10);
    expect(x?.logRatio).toBeCloseTo(Math.log2(6), 10);
    expect(x).toMatchObject({ a: 3, b: 1, aPerMillion: 750_000, bPerMillion: 125_000 });
  });

  it('takes a word that one text lacks as half a word for the ratio', async () => {
    const [only] = wordDifferences(await countWords('new new'), await countWords('old old'));
    expect(only).toMatchObject({ word: 'new', a: 2, b: 0, logRatio: 2 });
  });

  it('is nothing where texts use a word alike, and the same both ways but for the sign', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const [first, second] = [await countWords(one), await countWords(other)];
        for (const { g2, logRatio } of wordDifferences(first, first)) {
          expect(g2).toBeCloseTo(0, 10);
          expect(logRatio).toBeCloseTo(0, 10);
        }
        const back = new Map(wordDifferences(second, first).map((entry) => [entry.word, entry]));
        for (const { word, g2, logRatio } of wordDifferences(first, second)) {
          expect(g2).toBeGreaterThanOrEqual(0);
          expect(back.get(word)?.g2).toBeCloseTo(g2, 8);
          expect(back.get(word)?.logRatio).toBeCloseTo(-logRatio, 8);
        }
      }),
    );
  });

  it('survives a text without words', async () => {
    const differences = wordDifferences(await countWords(''), await countWords('word'));
    expect(differences).toMatchObject([{ word: 'word', a: 0, b: 1, g2: 0, logRatio: 0 }]);
  });
});

describe('the tokenizers that options name', () => {
  it('are the core’s', () => {
    expect(COUNTING_OPTIONS.tokenizer.choices).toEqual(TOKENIZERS);
    expect(COUNTING_OPTIONS.normalize.choices).toEqual(NORMALIZATIONS);
    expect([...(COUNTING_OPTIONS.fold.choices ?? [])].sort()).toEqual([...FOLDS].sort());
    expect(COUNTING_OPTIONS.locale.choices).toEqual(['none', ...CASE_LOCALES]);
  });
});
