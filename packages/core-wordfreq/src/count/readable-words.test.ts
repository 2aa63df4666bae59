import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cjkDictionary } from '../cjk/index.ts';
import { type Engine, TOKENIZERS, WordCounter, type WordCounterOptions } from '../index.ts';
import { readableWords, type Spelling } from './readable-words.ts';
import { WordTable } from './word-table.ts';

const encoder = new TextEncoder();
const AS_COUNTED: Spelling = { hasInvalidBytes: false, locale: undefined, fold: 'none', isComposed: false };

function count(text: string, options: WordCounterOptions): ReadonlyMap<string, number> {
  const counter = new WordCounter(options);
  counter.push(encoder.encode(text));
  return new Map(counter.finish());
}

/** Letters that compose, decompose, are excluded from composition, reorder; Hangul; and what stays. */
const COMPOSING: readonly string[] = [
  ...'aeoAEz  ',
  '\u0301',
  '\u0308',
  '\u0323',
  '\u0307',
  'é',
  'ṩ',
  'Å',
  '\u212b',
  '\u0344',
  '\u0958',
  'क\u093c',
  '\u1112\u1161\u11ab',
  '한',
  'ﬁ',
];

describe("the option normalize: 'NFC'", () => {
  it.each(
    TOKENIZERS.flatMap((tokenizer) =>
      (['wasm', 'javascript'] as Engine[]).map((engine) => [tokenizer, engine] as const),
    ),
  )(
    'counts by %s what is composed otherwise together, as composing each word would, in %s',
    (tokenizer, engine) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...COMPOSING), { maxLength: 80 }), (characters) => {
          const text = characters.join('');
          const sums = new Map<string, number>();
          for (const [word, times] of count(text, { tokenizer, engine })) {
            const composed = word.normalize('NFC');
            sums.set(composed, (sums.get(composed) ?? 0) + times);
          }
          expect(count(text, { tokenizer, engine, normalize: 'NFC' })).toEqual(sums);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('composes runs of words, ranks what was added up and finds it', () => {
    const counter = new WordCounter({ ngram: 2, normalize: 'NFC' });
    counter.push(encoder.encode('Le cafe\u0301 noir, le café noir; cafe noir'));
    const counts = counter.finish();
    expect(counts.top(2)).toEqual([
      { word: 'café noir', count: 2 },
      { word: 'le café', count: 2 },
    ]);
    expect(counts.get('café noir')).toBe(2);
    expect(counts.get('cafe\u0301 noir')).toBe(0);
  });
});

describe(readableWords, () => {
  function tableOf(...words: string[]): WordTable {
    const table = new WordTable();
    for (const word of words) table.add(encoder.encode(word), encoder.encode(word).length);
    return table;
  }

  it('gives the same table back, not a copy, when nothing changes', () => {
    const table = tableOf('ascii', 'grün', 'война', '中');
    expect(readableWords(table, { ...AS_COUNTED, hasInvalidBytes: true, isComposed: true })).toBe(table);
    const decomposed = tableOf('gru\u0308n');
    expect(readableWords(decomposed, AS_COUNTED)).toBe(decomposed);
    expect(readableWords(decomposed, { ...AS_COUNTED, isComposed: true })).not.toBe(decomposed);
  });

  it('leaves all code points below U+0300 alone, as NFC does', () => {
    for (let point = 0; point < 0x300; point += 1) {
      const character = String.fromCodePoint(point);
      expect(character.normalize('NFC')).toBe(character);
      for (const before of 'aÅø') expect((before + character).normalize('NFC')).toBe(before + character);
    }
  });
});

describe.each(['wasm', 'javascript'] as const)('Japanese with combining marks in %s', (engine) => {
  const text = 'プログラミングが大好きです。データベースのバックアップ、パスポート';
  const count = (given: string, options: WordCounterOptions): Map<string, number> => {
    const counter = new WordCounter({ engine, normalize: 'NFC', ...options });
    counter.push(encoder.encode(given));
    return new Map(counter.finish());
  };

  it.each([
    ['the dictionary', cjkDictionary],
    ['the platform', undefined],
  ])('is segmented by %s as without them', (_, dictionary) => {
    const composed = count(text, { dictionary });
    expect(composed.get('データベース')).toBe(1);
    expect(text.normalize('NFD')).not.toBe(text);
    expect(count(text.normalize('NFD'), { dictionary })).toEqual(composed);
  });
});
