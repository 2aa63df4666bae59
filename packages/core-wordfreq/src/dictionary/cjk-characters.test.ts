import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords, type Engine, fingerprintOptions, WordCounter } from '../index.ts';
import { cjkDictionary } from './cjk-dictionary.ts';
import { thaiDictionary } from './southeast-asian-dictionaries.ts';

const SAMPLES = join(import.meta.dirname, '../../../../samples/texts');
const engines: readonly Engine[] = ['wasm', 'javascript'];

async function count(text: string, engine: Engine): Promise<Record<string, number>> {
  return Object.fromEntries(await countWords(text, { cjk: 'character', engine }));
}

describe('the option cjk: character', () => {
  it.each(engines)(
    'counts each ideograph and each kana, and words of other scripts, in %s',
    async (engine) => {
      expect(await count('我爱北京，我 love 東京タワー！', engine)).toEqual({
        ...{ 我: 2, 爱: 1, 北: 1, 京: 2, 東: 1, タ: 1, ワ: 1, ー: 1, love: 1 },
      });
      expect(await count('ひらがな 한국어 𠀀𠀀 ｶﾅ 々', engine)).toEqual({
        ...{ ひ: 1, ら: 1, が: 1, な: 1, 한국어: 1, 𠀀: 2, ｶ: 1, ﾅ: 1, 々: 1 },
      });
      // A mark belongs to its character.
      expect(await count('か\u3099き', engine)).toEqual({ 'か\u3099': 1, き: 1 });
    },
  );

  it.each(['zh-lunyu.txt', 'ja-sekai-jinken-sengen.txt'])(
    'counts as many words as %s has characters',
    async (name) => {
      const text = readFileSync(join(SAMPLES, name), 'utf8').replace(/\p{Script=Latin}+|\p{N}+/gu, ' ');
      const characters = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/gu) ?? [];
      for (const engine of engines) {
        const counts = await countWords(text, { cjk: 'character', engine });
        expect(counts.totalWords).toBe(characters.length);
        expect(counts.distinctWords).toBe(new Set(characters).size);
      }
    },
  );

  it('counts alike in both engines, whatever is beside the characters', () => {
    const text = fc
      .array(fc.constantFrom(...'中国々か\u3099カー𠀀ﾊ\u200d❤_aไัย 。\n1', 'abc ', '한국'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(1, 5, 1000), (each, pushed) => {
        const [wasm, javascript] = engines.map((engine) => {
          const counter = new WordCounter({ cjk: 'character', dictionary: thaiDictionary, engine });
          const bytes = new TextEncoder().encode(each);
          for (let at = 0; at < bytes.length; at += pushed) counter.push(bytes.subarray(at, at + pushed));
          return new Map(counter.finish());
        });
        expect(wasm).toEqual(javascript);
      }),
      { numRuns: 500 },
    );
  });

  it('is part of the fingerprint', () => {
    expect(fingerprintOptions({ cjk: 'character' })).toBe(`${fingerprintOptions()}-cjk-character`);
    expect(fingerprintOptions({ cjk: 'word' })).toBe(fingerprintOptions());
  });

  it.each([
    [{ cjk: 'kanji' as 'word' }, 'cjk'],
    [{ cjk: 'character', tokenizer: 'whitespace' }, 'cjk'],
    [{ cjk: 'character', dictionary: cjkDictionary }, 'dictionary'],
  ] as const)('refuses %o', (options, field) => {
    expect(() => new WordCounter(options)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field }),
    );
  });
});
