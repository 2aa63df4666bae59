import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE_WORDS } from '../testing/index.ts';
import { packWords, unpackWords } from './item-words.ts';

const numbered = (length: number): { word: string; count: number }[] =>
  Array.from({ length }, (_, index) => ({ word: `word${index}`, count: Math.ceil((length - index) / 3) }));

describe(packWords, () => {
  it('keeps the first ten words as text that a person can read, and deflates the others', () => {
    const { words, moreWords } = packWords(numbered(100));
    expect(words).toBe('34 word0\n33 word1 word2 word3\n32 word4 word5 word6\n31 word7 word8 word9');
    expect(inflateRawSync(moreWords ?? '').toString()).toMatch(/^30 word10 word11 word12\n29 word13 /);
  });

  it('deflates nothing that would not become shorter', () => {
    expect(packWords(numbered(11))).toEqual({
      words: '4 word0 word1\n3 word2 word3 word4\n2 word5 word6 word7\n1 word8 word9 word10',
    });
    expect(packWords([])).toEqual({});
  });

  it('gives all words back exactly, whatever characters they have and whatever their order', () => {
    const unit = fc.oneof(
      fc.constantFrom(' ', '\n', '\\', '"', '\u0000', '\uD800', '\uDC00', '\u2028', 'u0020', ''),
      fc.constantFrom(...HOSTILE_WORDS),
      fc.string({ unit: 'binary' }),
    );
    const word = fc.array(unit, { maxLength: 4 }).map((units) => units.join(''));
    const count = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.maxSafeInteger(), fc.double({ noNaN: true }));
    // JSON and DynamoDB have no -0.
    const counted = fc.record({ word, count: count.map((number) => number || 0) });
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 40 }), (words) => {
        expect(unpackWords(packWords(words))).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });
});
