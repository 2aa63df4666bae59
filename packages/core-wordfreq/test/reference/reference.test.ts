import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKENIZERS, type Tokenizer, WordCounter } from '../../src/index.ts';
import { MIXED_TEXTS } from '../fixtures-of-scripts.ts';
import { referenceCount } from './reference-count.ts';

const encoder = new TextEncoder();

function count(text: string, tokenizer: Tokenizer): Map<string, number> {
  const counter = new WordCounter({ tokenizer, fold: 'none' });
  counter.push(encoder.encode(text));
  return new Map(counter.finish());
}

/** One script at a time, because `Intl.Segmenter` joins some scripts that touch each other; see below. */
const ALPHABETS = {
  Latin: [...'abcXYZéÉßøñ0189_.,:;\'’"-@/ \n\t', 'co\u00ad', 'e\u0301'],
  Greek: [...'αβΣσςΆάώ12.,’ \n'],
  Cyrillic: [...'абвЖЩЪёЁ34.,«»— \n'],
  Hebrew: [...'אבגדה\'"״׳ \n'],
  Arabic: [...'ابتثج\u064e\u0651١٢٣،٫\u200c \n'],
  Devanagari: [...'हिन्दीमेंल १२।, \n'],
  Hangul: [...'한국어를씁니다,! \n'],
  Chinese: [...'我爱北京天安門子曰學而時習之，。「」 \n'],
  Japanese: [...'東京はひらがなカタカナー、。 \n'],
  Thai: [...'ภาษาไทยง่ายนิดเดียว \n'],
  Khmer: [...'ភាសាខ្មែរ \n'],
  Emoji: ['👩', '\u200d', '👧', '🇩', '🇪', '🇫', '☕', '\ufe0f', ' '],
};

describe.each(TOKENIZERS)('%s against the reference', (tokenizer) => {
  it.each(Object.entries(ALPHABETS))('agrees on any %s text', (_, alphabet) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        expect(count(text, tokenizer)).toEqual(referenceCount(encoder.encode(text), tokenizer));
      }),
      { numRuns: 300 },
    );
  });
});

describe('known differences from Intl.Segmenter', () => {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
  const intl = (text: string): string[] =>
    [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  const ours = (text: string): string[] => [...count(text, 'unicode').keys()];

  it.each([
    [
      'Hangul stays with letters and digits that touch it (WB5, WB9); ICU breaks there',
      '한abc',
      ['한abc'],
      ['한', 'abc'],
    ],
    ['dictionary scripts break from letters that touch them; ICU joins', 'aไทย', ['a', 'ไทย'], ['aไทย']],
    ['Hangul joins across a full stop as other letters do (WB6, WB7)', '한.국', ['한.국'], ['한', '국']],
    ['a letter joined to a pictograph (WB3c) is still a word', 'x\u200d👩', ['x\u200d👩'], []],
    ['connectors alone are no word', '__', [], ['__']],
  ])('%s', (_, text, expected, theirs) => {
    expect(ours(text)).toEqual(expected);
    expect(intl(text)).toEqual(theirs);
  });
});

describe('mixed texts', () => {
  it('are counted by each tokenizer as the reference does, where scripts do not touch', () => {
    const apart = MIXED_TEXTS.filter((text) => !/[\ufeff_Ⓜ]|ıssız/.test(text));
    for (const text of apart) {
      for (const tokenizer of TOKENIZERS) {
        expect(count(text, tokenizer), `${tokenizer}: ${text}`).toEqual(
          referenceCount(encoder.encode(text), tokenizer),
        );
      }
    }
  });
});
