import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countWords } from '@org/wordfreq-core';
import { cjkDictionary } from '@org/wordfreq-core/cjk';
import { describe, expect, it } from 'vitest';
import { dictionaryFor } from './counting-options.ts';

const SAMPLES = join(import.meta.dirname, '../../../../samples/texts');
const SAME_ICU = `${cjkDictionary.version.replace('cjk-icu', '')}.1`;
const large = { tokenizer: 'unicode', sizeBytes: 1_000_000, threads: 1 } as const;
const small = { ...large, sizeBytes: 1000 };

describe(dictionaryFor, () => {
  it('is the core’s, by its name and by its words', () => {
    const dictionary = dictionaryFor(large, SAME_ICU);
    expect(dictionary?.version).toBe(cjkDictionary.version);
    expect(dictionary?.table()).toEqual(cjkDictionary.table());
  });

  it.each([
    ['much text', large, SAME_ICU, true],
    ['little text', small, SAME_ICU, false],
    ['little text, where ICU has other words', small, '77.1', true],
    ['a pipe', { ...large, sizeBytes: undefined }, SAME_ICU, true],
    ['several threads', { ...large, threads: 2 }, SAME_ICU, false],
    ['several threads, where ICU has other words', { ...large, threads: 2 }, '77.1', true],
    ['white space', { ...large, tokenizer: 'whitespace' as const }, '77.1', false],
  ])('for %s', (_, text, icu, isOurs) => {
    expect(dictionaryFor(text, icu) !== undefined).toBe(isOurs);
  });

  it.runIf(dictionaryFor(small) === undefined)(
    `counts the same as the platform (it needs ICU of ${cjkDictionary.version})`,
    async () => {
      for (const name of ['zh-shijing.txt', 'ja-sekai-jinken-sengen.txt', 'en-northanger-abbey.txt']) {
        const text = readFileSync(join(SAMPLES, name));
        const [ours, platform] = await Promise.all(
          [dictionaryFor(large), undefined].map((dictionary) => countWords(text, { dictionary })),
        );
        expect(ours?.toJSON()).toEqual(platform?.toJSON());
      }
    },
  );
});
