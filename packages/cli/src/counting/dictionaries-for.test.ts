import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countWords } from '@org/wordfreq-core';
import { cjkDictionary } from '@org/wordfreq-core/cjk';
import { describe, expect, it } from 'vitest';
import { dictionariesFor } from './dictionaries-for.ts';

const SAMPLES = join(import.meta.dirname, '../../../../samples/texts');
const SAME_ICU = `${cjkDictionary.version.replace('cjk-icu', '')}.1`;
const large = { tokenizer: 'unicode', cjk: 'word', words: [], sizeBytes: 1_000_000, threads: 1 } as const;
const small = { ...large, sizeBytes: 1000 };

describe(dictionariesFor, () => {
  it.each([
    ['much text', large, SAME_ICU, 5],
    ['little text', small, SAME_ICU, 0],
    ['little text, where ICU has other words', small, '77.1', 5],
    ['little text, with words of the user’s own', { ...small, words: ['云原生'] }, SAME_ICU, 5],
    ['a pipe', { ...large, sizeBytes: undefined }, SAME_ICU, 5],
    ['several threads', { ...large, threads: 2 }, SAME_ICU, 0],
    ['several threads, where ICU has other words', { ...large, threads: 2 }, '77.1', 5],
    ['each ideograph', { ...large, cjk: 'character' as const }, SAME_ICU, 4],
    ['white space', { ...large, tokenizer: 'whitespace' as const }, '77.1', 0],
  ])('for %s', (_, texts, icu, number) => {
    expect(dictionariesFor(texts, icu)).toHaveLength(number);
  });

  it.runIf(dictionariesFor(small).length === 0)(
    `count the same as the platform (it needs ICU of ${cjkDictionary.version})`,
    async () => {
      for (const name of [
        'zh-shijing.txt',
        'ja-sekai-jinken-sengen.txt',
        'th-sitthi-manutsayachon.txt',
        'en-northanger-abbey.txt',
      ]) {
        const text = readFileSync(join(SAMPLES, name));
        const [ours, platform] = await Promise.all(
          [large, small].map((texts) => countWords(text, { dictionary: dictionariesFor(texts) })),
        );
        expect(ours?.toJSON()).toEqual(platform?.toJSON());
      }
    },
  );
});
