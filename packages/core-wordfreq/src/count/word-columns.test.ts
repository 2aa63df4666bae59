import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, decodeWords } from './word-columns.ts';

/** The words one after the other, as in a table. */
function entriesOf(words: readonly Uint8Array[]) {
  const starts = new Uint32Array(words.length + 1);
  for (const [index, word] of words.entries()) starts[index + 1] = (starts[index] as number) + word.length;
  const bytes = new Uint8Array(starts[words.length] as number);
  for (const [index, word] of words.entries()) bytes.set(word, starts[index]);
  return { bytes, starts, counts: Float64Array.from(words, (_, index) => index + 1) };
}

const encoder = new TextEncoder();
const oneByOne = (words: readonly Uint8Array[]): string[] =>
  words.map((word) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(word));

describe(decodeWords, () => {
  it('gives each word as if it were decoded alone, whatever its bytes are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 }).map((word) => encoder.encode(word));
    const bytes = fc
      .array(fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x80, 0xf0, 0x9f, 0xff, 0xef, 0xbb, 0xbf), {
        maxLength: 6,
      })
      .map((word) => Uint8Array.from(word));
    for (const word of [text, fc.oneof(text, bytes)]) {
      fc.assert(
        fc.property(fc.array(word, { maxLength: 40 }), (words) => {
          expect([...decodeWords(entriesOf(words))]).toEqual(oneByOne(words));
        }),
        { numRuns: 300 },
      );
    }
  });

  it('does not make a character of the end of one word and the start of the next', () => {
    const words = [Uint8Array.of(0x41, 0xc3), Uint8Array.of(0xa9, 0x42)];
    expect([...decodeWords(entriesOf(words))]).toEqual(['A\ufffd', '\ufffdB']);
  });

  it('goes on where the bytes that are decoded at a time end', () => {
    const words = Array.from({ length: 9000 }, (_, index) =>
      encoder.encode(index % 3 === 0 ? `é${index}` : `e${index}`),
    );
    expect([...decodeWords(entriesOf(words))]).toEqual(oneByOne(words));
    expect([...decodeWords(entriesOf([encoder.encode('x'.repeat(100_000)), encoder.encode('y')]))]).toEqual([
      'x'.repeat(100_000),
      'y',
    ]);
  });
});

describe(columnsOf, () => {
  it('copies entries in another order, also only some of them', () => {
    const entries = entriesOf(['ab', '', 'cde', 'f'].map((word) => encoder.encode(word)));
    const { bytes, starts, counts } = columnsOf(entries, Uint32Array.of(2, 0, 1));
    expect(new TextDecoder().decode(bytes)).toBe('cdeab');
    expect([...starts]).toEqual([0, 3, 5, 5]);
    expect([...counts]).toEqual([3, 1, 2]);
  });
});
