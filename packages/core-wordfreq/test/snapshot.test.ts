import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cjkDictionary } from '../src/cjk/index.ts';
import {
  type Engine,
  fingerprintOptions,
  TOKENIZERS,
  WordCounter,
  type WordCounterOptions,
  withWords,
} from '../src/index.ts';
import { thaiDictionary } from '../src/southeast-asia/index.ts';
import { BROKEN_BYTES, MIXED_TEXTS } from './fixtures-of-scripts.ts';

// Thousands of texts and cuts: seconds on an idle machine, far more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const encoder = new TextEncoder();

/** Counts a text that is cut at each of the places, with a new counter from a snapshot at each cut. */
function countInStages(bytes: Uint8Array, cuts: readonly number[], options: WordCounterOptions): string {
  let counter = new WordCounter(options);
  let at = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b)]) {
    counter.push(bytes.subarray(at, cut));
    const snapshot = counter.snapshot();
    // The old counter counts on, which must not matter. The next one gets its memory: new memory is slow.
    counter.push(encoder.encode('other words'));
    counter.finish();
    counter = WordCounter.restore(snapshot, options);
    at = cut;
  }
  counter.push(bytes.subarray(at));
  return JSON.stringify(counter.finish().toJSON());
}

/** All that was counted, as text: texts are compared much faster than objects. */
function countWhole(bytes: Uint8Array, options: WordCounterOptions): string {
  const counter = new WordCounter(options);
  counter.push(bytes);
  return JSON.stringify(counter.finish().toJSON());
}

const fixtures: readonly Uint8Array[] = [
  ...MIXED_TEXTS.map((text) => encoder.encode(text)),
  ...BROKEN_BYTES.map((bytes) => Uint8Array.from(bytes)),
  encoder.encode(' \u200d\u24dc\u200d\u24dc \u0301x \r\n\u0301y'),
  Uint8Array.from([0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0x4b, 0xdc, 0x20, 0, 0xff, 0xfe, 0x42, 0, 0x3d]),
  Uint8Array.from([0xfe, 0xff, 0, 0x41, 0xd8, 0x3d, 0xdc, 0x4b, 0, 0x20, 0xd8, 0x3d, 0, 0x42, 0xd8, 0x3d]),
  Uint8Array.from([0xef, 0xbb, 0xbf, 0x61]),
];

const text = fc.oneof(
  fc
    .array(fc.constantFrom(...MIXED_TEXTS.map((mixed) => [...encoder.encode(mixed)]), ...BROKEN_BYTES), {
      maxLength: 8,
    })
    .map((pieces) => Uint8Array.from(pieces.flat())),
  fc
    .array(fc.constantFrom(0x61, 0x20, 0x0a, 0xc3, 0xa9, 0, 0x27, 0xff, 0xfe), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
);

const engines: readonly Engine[] = ['wasm', 'javascript'];
const variants: readonly WordCounterOptions[] = [
  ...TOKENIZERS.map((tokenizer) => ({ tokenizer, maxTokenBytes: 16 })),
  { ngram: 3, normalize: 'NFC' },
  { keepCase: true },
  { dictionary: cjkDictionary },
  { cjk: 'character', dictionary: withWords(thaiDictionary, ['ไทยง่าย']) },
  { overflow: 'heavy-hitters', maxDistinctWords: 3 },
];

const cases = engines.flatMap((engine) =>
  variants.map((variant) => [fingerprintOptions(variant), engine, { ...variant, engine }] as const),
);

describe.each(cases)('a snapshot of %s in %s', (_, __, options) => {
  it('at any byte lets another counter end with the same counts and warnings', () => {
    for (const bytes of fixtures) {
      const whole = countWhole(bytes, options);
      const cuts = Array.from({ length: bytes.length + 1 }, (_, cut) => cut);
      expect(cuts.filter((cut) => countInStages(bytes, [cut], options) !== whole)).toEqual([]);
    }
  });

  it('at any several bytes of any text does so too', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 4 }), (bytes, cuts) => {
        expect(countInStages(bytes, cuts, options)).toBe(countWhole(bytes, options));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a snapshot', () => {
  const options: WordCounterOptions = { tokenizer: 'whitespace', maxTokenBytes: 64 };

  function snapshotOf(content: string, of: WordCounterOptions = options): Uint8Array {
    const counter = new WordCounter(of);
    counter.push(encoder.encode(content));
    return counter.snapshot();
  }

  it('is restored by another engine', () => {
    const snapshot = snapshotOf('one two t', { ...options, engine: 'wasm' });
    const counter = WordCounter.restore(snapshot, { ...options, engine: 'javascript' });
    counter.push(encoder.encode('wo'));
    expect(counter.finish().get('two')).toBe(2);
  });

  it('keeps the limit of different words', () => {
    const counter = new WordCounter(options);
    counter.push(encoder.encode('a b c'));
    const restored = WordCounter.restore(counter.snapshot(), { ...options, maxDistinctWords: 4 });
    expect(() => restored.push(encoder.encode(' x e '))).toThrow(
      expect.objectContaining({ code: 'too-many-distinct-words' }),
    );
  });

  it('may be taken again and again', () => {
    const counter = new WordCounter({ ...options, engine: 'wasm' });
    counter.push(encoder.encode('one two three, and a word that is longer than sixteen_bytes\n'));
    const first = counter.snapshot();
    for (let index = 0; index < 30; index += 1) expect(counter.snapshot()).toEqual(first);
  });

  it('begins with a mark and a version, which are a public contract', () => {
    expect([...snapshotOf('b a').subarray(0, 18)]).toEqual([
      ...[0x57, 0x46, 0x53, 2],
      ...[13, ...encoder.encode('whitespace-64')],
    ]);
  });

  it.each(['cut off', 'damaged'])('that is %s anywhere gives an error with a code', (how) => {
    const snapshot = snapshotOf('some words, more words \0 and half a wo');
    for (let at = 0; at < snapshot.length; at += 1) {
      const bad =
        how === 'cut off' ? snapshot.subarray(0, at) : snapshot.with(at, (snapshot[at] as number) ^ 0x41);
      expect(() => WordCounter.restore(bad, options)).toThrow(
        expect.objectContaining({ code: 'invalid-encoding', retryable: false }),
      );
    }
    expect(() => WordCounter.restore('text' as unknown as Uint8Array)).toThrow(
      expect.objectContaining({ code: 'invalid-encoding' }),
    );
  });

  it('is refused by options that count otherwise', () => {
    expect(() => WordCounter.restore(snapshotOf('a'), { tokenizer: 'whitespace' })).toThrow(
      expect.objectContaining({
        code: 'options-mismatch',
        message: expect.stringContaining('whitespace-64'),
      }),
    );
  });

  it('is refused where the last white space is more than 1 MiB back, until there is another', () => {
    const counter = new WordCounter(options);
    const megabyte = encoder.encode('x'.repeat(1_000_000));
    counter.push(encoder.encode('a '));
    counter.push(megabyte);
    counter.snapshot();
    counter.push(megabyte);
    expect(() => counter.snapshot()).toThrow(expect.objectContaining({ code: 'snapshot-unavailable' }));
    counter.push(encoder.encode('x b'));
    const restored = WordCounter.restore(counter.snapshot(), options);
    expect(restored.finish().toJSON()).toEqual(counter.finish().toJSON());
    expect(restored.fingerprint).toBe(counter.fingerprint);
  });
});
