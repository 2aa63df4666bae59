import { csvField, escapeField } from '@org/wordfreq-aws-adapters/rules';
import { countWords } from '@org/wordfreq-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RowFormat, wordRows } from './word-rows.ts';

const FIELD: Readonly<Record<RowFormat, (text: string) => string>> = {
  csv: (text) => csvField(escapeField(text)),
  tsv: escapeField,
};
const SEPARATOR: Readonly<Record<RowFormat, string>> = { csv: ',', tsv: '\t' };
const encoder = new TextEncoder();

function columnsOf(words: readonly (readonly [word: string, count: number])[]) {
  const encoded = words.map(([word]) => encoder.encode(word));
  const starts = new Uint32Array(words.length + 1);
  for (const [index, word] of encoded.entries()) starts[index + 1] = (starts[index] as number) + word.length;
  return { bytes: Buffer.concat(encoded), starts, counts: Float64Array.from(words, ([, count]) => count) };
}

function rowsByText(words: readonly (readonly [string, number])[], format: RowFormat, name?: string): string {
  const start = name === undefined ? '' : FIELD[format](name) + SEPARATOR[format];
  return words
    .map(([word, count]) => `${start}${FIELD[format](word)}${SEPARATOR[format]}${count}\n`)
    .join('');
}

const rows = (...of: Parameters<typeof wordRows>): string => Buffer.concat([...wordRows(...of)]).toString();

describe.each(['csv', 'tsv'] as const)('%s', (format) => {
  it('has every character of Unicode as the rules for fields have it, alone, first and last', () => {
    const words: [string, number][] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      // All that a rule looks at is below U+3000, in the forms of U+FF00, or not a character at all.
      if (codePoint === 0x3000) codePoint = 0xd7f0;
      if (codePoint === 0xd800) codePoint = 0xe000;
      if (codePoint === 0xe010) codePoint = 0xfe00;
      if (codePoint === 0x10010) codePoint = 0x10fff0;
      const character = String.fromCodePoint(codePoint);
      words.push([character, 1], [`${character}a`, 12], [`a${character}`, 2 ** 53 - 1]);
    }
    expect(rows(columnsOf(words), format)).toBe(rowsByText(words, format));
  });

  it('has any words, with the name of their file before each', () => {
    const word = fc.oneof(
      fc
        .string({ unit: 'binary', minLength: 1, maxLength: 20 })
        .map((text) => text.replaceAll(/\p{Cs}/gu, '')),
      fc.string({ unit: fc.constantFrom('=', '+', '"', ',', '\t', '\r', '\n', 'a', '\u202e', '＝') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.nat())), fc.option(word, { nil: undefined }), (words, name) => {
        expect(rows(columnsOf(words), format, name)).toBe(rowsByText(words, format, name));
      }),
    );
  });

  it('is whole where it is longer than a block, and where one word is', () => {
    const words: [string, number][] = Array.from({ length: 9000 }, (_, index) => [`word-${index}`, index]);
    words.splice(4000, 0, ['x'.repeat(200_000), 7], [`${'y'.repeat(70_000)}"`, 8]);
    expect(rows(columnsOf(words), format)).toBe(rowsByText(words, format));
  });
});

it('takes the columns of counts', async () => {
  const counts = await countWords('b a b');
  expect(rows(counts.columns(), 'csv')).toBe('b,2\na,1\n');
});
