import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createEngine } from '../src/engine/create-engine.ts';
import {
  type Engine,
  resolveOptions,
  TOKENIZERS,
  type Tokenizer,
  WordCounter,
  WordCounts,
} from '../src/index.ts';
import { Warnings } from '../src/warnings.ts';
import { BROKEN_BYTES, MIXED_TEXTS } from './fixtures-of-scripts.ts';

// Thousands of texts and cuts: seconds on an idle machine, far more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const encoder = new TextEncoder();

/** All that was counted, as text: texts are compared much faster than objects. */
function countWith(
  engine: Engine,
  chunks: readonly Uint8Array[],
  tokenizer: Tokenizer,
  maxTokenBytes = 1024,
): string {
  const counter = new WordCounter({ tokenizer, maxTokenBytes, engine });
  for (const chunk of chunks) counter.push(chunk);
  const counts = counter.finish();
  return JSON.stringify({
    words: [...counts].map(String).sort(),
    top: counts.top(1000),
    total: counts.totalWords,
    bytes: counts.totalBytes,
    warnings: counts.warnings,
  });
}

/** Without what a counter does to chunks before an engine gets them. */
function countByEngine(
  engine: Engine,
  chunks: readonly Uint8Array[],
  tokenizer: Tokenizer,
  maxTokenBytes = 1024,
): string {
  const warnings = new Warnings();
  const counting = createEngine(resolveOptions({ tokenizer, maxTokenBytes, engine }), warnings);
  let base = 0;
  for (const chunk of chunks) {
    counting.push(chunk, base);
    base += chunk.length;
  }
  const { table, words } = counting.finish(base);
  const counts = WordCounts.of(table, { bytes: base, words, maxError: 0, uncounted: 0 }, warnings.list());
  const counted = JSON.stringify(counts.toJSON());
  // The next engine gets its memory; new memory is slow.
  counting.release();
  return counted;
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const fixtures = [
  ...MIXED_TEXTS.map((text) => encoder.encode(text)),
  ...BROKEN_BYTES.map((bytes) => Uint8Array.from(bytes)),
  encoder.encode(MIXED_TEXTS.join(' ')),
  Uint8Array.from([0xff, 0xfe, 0x41, 0x00, 0x3d, 0xd8, 0x4b, 0xdc, 0x20, 0x00, 0x42, 0x00]),
];

const cases = TOKENIZERS.flatMap((tokenizer) =>
  (['wasm', 'javascript'] as const).flatMap((engine) => [
    { what: 'counter', tokenizer, count: countWith.bind(undefined, engine), engine },
    { what: 'engine', tokenizer, count: countByEngine.bind(undefined, engine), engine },
  ]),
);

describe.each(cases)('chunks for the $what of $tokenizer in $engine', ({ tokenizer, count }) => {
  it('give the same counts wherever a single cut falls, also inside a character', () => {
    for (const bytes of fixtures) {
      const whole = count([bytes], tokenizer);
      const cuts = Array.from({ length: bytes.length + 1 }, (_, cut) => cut);
      const different = cuts.filter(
        (cut) => count([bytes.subarray(0, cut), bytes.subarray(cut)], tokenizer) !== whole,
      );
      expect(different).toEqual([]);
    }
  });

  it('give the same counts byte by byte, also where words are too long', () => {
    for (const bytes of fixtures) {
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(count(single, tokenizer, 16)).toBe(count([bytes], tokenizer, 16));
    }
  });

  it('are not completed by what stood in the same place in the chunk before', () => {
    // The first byte of ƒ and the second of ā are Ɓ, whose small letter begins with another byte.
    const [first = 0, ...rest] = encoder.encode('ƒ ');
    const before = '\nall of it in ASCII, and then x';
    const chunks = [`${before}ā `, before].map((text) => encoder.encode(text));
    const cut = [...chunks, Uint8Array.of(first), Uint8Array.from(rest)];
    const together = [
      ...chunks.slice(0, 1),
      Uint8Array.of(...(chunks[1] as Uint8Array), first),
      Uint8Array.from(rest),
    ];
    expect(count(together, tokenizer)).toBe(count(cut, tokenizer));
  });

  it('give the same counts for any text and any cuts', () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 100 }).map((drawn) => encoder.encode(drawn)),
      fc
        .array(fc.constantFrom(...MIXED_TEXTS.flatMap((mixed) => [...mixed])), { maxLength: 100 })
        .map((drawn) => encoder.encode(drawn.join(''))),
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        expect(count(cutAt(bytes, cuts), tokenizer, 16)).toBe(count([bytes], tokenizer, 16));
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(['wasm', 'javascript'] as const)('megabytes without any white space in %s', (engine) => {
  const piece = '漢字,word.слово「3.14」かな';
  const bytes = encoder.encode(
    `start ${Array.from({ length: 45_000 }, (_, index) => `${piece}${index % 977}`).join('')} end`,
  );

  it.each([undefined, 'heavy-hitters'] as const)(
    'give the same counts in chunks of any size, with overflow %s',
    (overflow) => {
      const options = overflow === undefined ? { engine } : { engine, overflow, maxDistinctWords: 50 };
      const countBy = (size: number): unknown => {
        const counter = new WordCounter(options);
        for (let at = 0; at < bytes.length; at += size) counter.push(bytes.subarray(at, at + size));
        return counter.finish().toJSON();
      };
      const whole = countBy(bytes.length);
      for (const size of [1_000_003, 77_777]) expect(countBy(size)).toEqual(whole);
    },
  );
});
