import { describe, expect, it } from 'vitest';
import { type Engine, TOKENIZERS, WordCounter, type WordCounts } from '../src/index.ts';
import { MIXED_TEXTS } from './fixtures-of-scripts.ts';
import { referenceCount } from './reference/reference-count.ts';

const encoder = new TextEncoder();

/**
 * A mixed text in which the reference agrees, also when something is put between any two of its characters.
 */
const CHARACTERS = [
  ...MIXED_TEXTS.filter((text) => !/[\ufeff_Ⓜ]|ıssız|子曰|ภาษา|👩|한국어/.test(text)).join(' '),
];

interface Hostile {
  readonly name: string;
  readonly bytes: readonly number[];
  /** The warning that must name the offset. */
  readonly code: string | undefined;
}

const HOSTILE: readonly Hostile[] = [
  { name: 'NUL', bytes: [0], code: 'nul' },
  { name: 'CR LF', bytes: [0x0d, 0x0a], code: undefined },
  { name: 'a byte that is not UTF-8', bytes: [0xff], code: 'invalid-utf8' },
  { name: 'half a character', bytes: [0xe4, 0xb8], code: 'invalid-utf8' },
  { name: 'a surrogate', bytes: [0xed, 0xa0, 0x80], code: 'invalid-utf8' },
  { name: 'an overlong slash', bytes: [0xc0, 0xaf], code: 'invalid-utf8' },
  { name: 'a byte order mark', bytes: [0xef, 0xbb, 0xbf], code: undefined },
];

function count(
  chunks: readonly Uint8Array[],
  engine: Engine,
  tokenizer: (typeof TOKENIZERS)[number],
): WordCounts {
  const counter = new WordCounter({ engine, tokenizer, fold: 'none' });
  for (const chunk of chunks) counter.push(chunk);
  return counter.finish();
}

/** Each place between two characters: what stands before, what is put in, what follows. */
function* placesFor(hostile: readonly number[]): Generator<readonly [Uint8Array, Uint8Array, Uint8Array]> {
  for (let at = 1; at <= CHARACTERS.length; at += 1) {
    yield [
      encoder.encode(CHARACTERS.slice(0, at).join('')),
      Uint8Array.from(hostile),
      encoder.encode(CHARACTERS.slice(at).join('')),
    ];
  }
}

const engines: readonly Engine[] = ['wasm', 'javascript'];

describe.each(HOSTILE)('$name anywhere in a text', ({ bytes, code }) => {
  it.each(TOKENIZERS.flatMap((tokenizer) => engines.map((engine) => [tokenizer, engine] as const)))(
    'is counted by %s as by the reference, with a warning of the place, in %s',
    (tokenizer, engine) => {
      for (const pieces of placesFor(bytes)) {
        const counts = count(pieces, engine, tokenizer);
        const text = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        // A mark in the midst is a character, and the last of the ancestor's oddities: Go has a U+FFFD for
        // each byte.
        const isComparable = tokenizer !== 'aws-go-wordfreq-sample' || code !== 'invalid-utf8';
        if (isComparable) expect(new Map(counts)).toEqual(referenceCount(text, tokenizer));
        expect(counts.warnings.map((warning) => [warning.code, warning.firstOffset])).toEqual(
          code === undefined ? [] : [[code, pieces[0].length]],
        );
      }
    },
  );
});

describe('texts that are cut off', () => {
  it.each(engines)('end in the midst of a character with one warning where it began, in %s', (engine) => {
    for (const character of ['é', '中', '😀']) {
      const whole = encoder.encode(`word ${character}`);
      for (let end = 6; end < whole.length; end += 1) {
        const counts = count([whole.subarray(0, end)], engine, 'unicode');
        expect(new Map(counts)).toEqual(new Map([['word', 1]]));
        expect(counts.warnings).toEqual([{ code: 'invalid-utf8', count: 1, firstOffset: 5 }]);
      }
    }
  });

  it.each([
    ['utf-16le', 0, [0xff, 0xfe]],
    ['utf-16be', 1, [0xfe, 0xff]],
  ] as const)(
    'of %s give whole words and U+FFFD for what is half, wherever they end',
    (encoding, odd, mark) => {
      const units = [...'hé 😀x 中!'].flatMap((character) =>
        Array.from(character, (_, index) => index).flatMap(() =>
          Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit)),
        ),
      );
      const bytes = Uint8Array.from([
        ...mark,
        ...units.flatMap((unit) => (odd === 0 ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff])),
      ]);
      for (let end = 2; end <= bytes.length; end += 1) {
        const part = bytes.subarray(0, end);
        const text = new TextDecoder(encoding).decode(part);
        const counter = new WordCounter();
        counter.push(part);
        const expected = new WordCounter();
        expected.push(encoder.encode(text));
        const counts = counter.finish();
        expect(new Map(counts)).toEqual(new Map(expected.finish()));
        const whole = { code: 'utf-16', count: 1, firstOffset: 0 };
        const before = encoder.encode(text.split('\ufffd')[0]).length;
        const half = { code: 'undecodable', count: 1, firstOffset: before };
        const expectedWarnings = text.includes('\ufffd') ? [whole, half] : [whole];
        const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);
        expect([...counts.warnings].sort(byCode)).toEqual([...expectedWarnings].sort(byCode));
        expect(counts.totalBytes).toBe(end);
      }
    },
  );
});
