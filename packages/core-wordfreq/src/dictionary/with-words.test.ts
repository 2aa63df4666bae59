import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords, type Engine, fingerprintOptions, type WordDictionary, withWords } from '../index.ts';
import { cjkDictionary } from './cjk-dictionary.ts';
import { khmerDictionary, thaiDictionary } from './southeast-asian-dictionaries.ts';

const engines: readonly Engine[] = ['wasm', 'javascript'];

async function wordsOf(
  text: string,
  dictionary: WordDictionary | readonly WordDictionary[],
  engine: Engine = 'auto',
): Promise<readonly string[]> {
  return Array.from(await countWords(text, { dictionary, engine }), ([word]) => word).sort();
}

describe(withWords, () => {
  it.each(engines)('lets a dictionary have words of its own, in %s', async (engine) => {
    expect(await wordsOf('云原生应用', cjkDictionary, engine)).not.toContain('云原生');
    expect(await wordsOf('云原生应用', withWords(cjkDictionary, ['云原生']), engine)).toEqual(
      ['云原生', '应用'].sort(),
    );
    const name = 'สมชายใจดี';
    expect(await wordsOf(`ภาษา${name}ไทย`, thaiDictionary, engine)).not.toContain(name);
    expect(await wordsOf(`ภาษา${name}ไทย`, withWords(thaiDictionary, [name]), engine)).toContain(name);
  });

  it('gives each word to the dictionary of its script', async () => {
    const dictionary = withWords([cjkDictionary, thaiDictionary, khmerDictionary], ['云原生', 'กขคฆง']);
    expect(dictionary.map(({ script }) => script)).toEqual(['cjk', 'thai', 'khmer']);
    expect(dictionary[2]).toBe(khmerDictionary);
    expect(await wordsOf('云原生 ภาษากขคฆงไทย', dictionary)).toEqual(['กขคฆง', 'ภาษา', 'ไทย', '云原生']);
  });

  it('changes nothing else: words that a dictionary has are as likely as before', async () => {
    const text = '我们在北京大学学习，北京很大';
    expect(await wordsOf(text, withWords(cjkDictionary, ['北京', '我们']))).toEqual(
      await wordsOf(text, cjkDictionary),
    );
  });

  it('keeps each word whole, whatever the dictionary has of it', async () => {
    const ideographs = fc
      .array(fc.integer({ min: 0x4e00, max: 0x5bff }), { minLength: 1, maxLength: 20 })
      .map((points) => String.fromCodePoint(...points));
    const words = fc.sample(ideographs, { numRuns: 300, seed: 1 });
    const dictionary = withWords(cjkDictionary, words);
    for (const engine of engines) {
      expect(await wordsOf(words.join(' '), dictionary, engine)).toEqual([...new Set(words)].sort());
    }
  });

  it('has a version of its own, the same for the same words', () => {
    const some = withWords(cjkDictionary, ['云原生', '区块链']);
    expect(some.version).toMatch(/^cjk-icu\d+\+2\.[0-9a-f]{8}$/);
    expect(withWords(cjkDictionary, new Set(['区块链', '云原生', '云原生'])).version).toBe(some.version);
    expect(withWords(cjkDictionary, ['云原生', '区块鏈']).version).not.toBe(some.version);
    expect(withWords(cjkDictionary, [])).toBe(cjkDictionary);
    expect(fingerprintOptions({ dictionary: some })).toBe(`${fingerprintOptions()}-${some.version}`);
  });

  it('can be repeated', async () => {
    const both = withWords(withWords(cjkDictionary, ['云原生']), ['区块鏈']);
    expect(await wordsOf('云原生区块鏈', both)).toEqual(['云原生', '区块鏈']);
  });

  it.each([
    ['of another script', ['ไทย']],
    ['of mixed scripts', ['iPhone手机']],
    ['with a space', ['云 原生']],
    ['that are empty', ['']],
    ['that are no text', [7 as unknown as string]],
    ['longer than 20 characters', ['云'.repeat(21)]],
  ])('refuses words %s', (_, words) => {
    expect(() => withWords(cjkDictionary, words)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'words' }),
    );
  });

  it('takes 50,000 words and no more', { timeout: 120_000 }, async () => {
    const words = Array.from({ length: 50_001 }, (_, number) =>
      [...String(number + 100_000)]
        .map((digit, place) => String.fromCharCode(0x4e00 + 97 * place + Number(digit)))
        .join(''),
    );
    expect(() => withWords(cjkDictionary, words)).toThrow(/at most 50000/);
    const dictionary = withWords(cjkDictionary, words.slice(0, 50_000));
    expect(await wordsOf(words[7] as string, dictionary)).toEqual([words[7]]);
  });
});
