import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Engine, WordCounter } from '../src/index.ts';

/** Platforms without dictionaries: no `Intl` at all, or one without a segmenter. */
const PLATFORMS: readonly (readonly [string, unknown])[] = [
  ['no Intl', undefined],
  ['an Intl without Segmenter', { Collator: Intl.Collator }],
];

function words(text: string, engine: Engine): ReadonlyMap<string, number> {
  const counter = new WordCounter({ engine });
  counter.push(new TextEncoder().encode(text));
  return new Map(counter.finish());
}

describe.each(PLATFORMS)('a platform with %s', (_, intl) => {
  afterEach(() => vi.unstubAllGlobals());

  it.each<Engine>(['wasm', 'javascript'])('counts as documented, in %s', (engine) => {
    vi.stubGlobal('Intl', intl);
    const expected: readonly (readonly [string, readonly string[]])[] = [
      ['each ideograph', ['我', '爱', '北', '京']],
      ['each hiragana', ['ひ', 'ら', 'が', 'な']],
      ['katakana together', ['カタカナ']],
      ['Thai as one', ['ภาษาไทย']],
      ['Lao as one', ['ພາສາລາວ']],
      ['Khmer as one', ['ភាសាខ្មែរ']],
      ['Burmese as one', ['မြန်မာဘာသာ']],
    ];
    for (const [what, each] of expected) {
      expect([...words(each.join(''), engine).keys()].sort(), what).toEqual([...each].sort());
    }
    expect(words('我爱我, the 東京タワー cat', engine)).toEqual(
      new Map([
        ['我', 2],
        ['爱', 1],
        ['the', 1],
        ['東', 1],
        ['京', 1],
        ['タワー', 1],
        ['cat', 1],
      ]),
    );
  });
});

describe('the tokenizers that need no dictionary', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('do not care whether there is one', () => {
    const count = (): unknown[] =>
      (['whitespace', 'aws-go-wordfreq-sample'] as const).map((tokenizer) => {
        const counter = new WordCounter({ tokenizer });
        counter.push(new TextEncoder().encode('我爱北京 tower, ภาษาไทย'));
        return counter.finish().toJSON();
      });
    const before = count();
    vi.stubGlobal('Intl', undefined);
    expect(count()).toEqual(before);
  });
});
