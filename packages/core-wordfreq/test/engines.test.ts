import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Engine, mergeCounts, type Tokenizer, WordCounter } from '../src/index.ts';
import { BROKEN_BYTES, MIXED_TEXTS } from './fixtures-of-scripts.ts';

// Thousands of texts and cuts: seconds on an idle machine, far more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const encoder = new TextEncoder();

function count(bytes: Uint8Array, tokenizer: Tokenizer, engine: Engine, maxTokenBytes: number): unknown {
  const counter = new WordCounter({ tokenizer, engine, maxTokenBytes });
  counter.push(bytes);
  const counts = counter.finish();
  return { words: new Map(counts), total: counts.totalWords, warnings: counts.warnings };
}

/**
 * What the fast path turns on: letters, digits, all that may join them, and rarely something that is not
 * ASCII.
 */
const PIECES: readonly string[] = [
  ...'abcXYZ019',
  ...'abcXYZ019',
  ...'   \n\t\r\0',
  ...'\'.:,;_"-/',
  'the ',
  'Lord’s ',
  'é',
  'e\u0301',
  '\u0301',
  '\u200d',
  '\u00ad',
  '中文',
  'ไทย',
  'א"ב',
  'sixteen_letters_',
  'x'.repeat(40),
  'a'.repeat(5000),
];

const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 300 }).map((pieces) => encoder.encode(pieces.join(''))),
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES.slice(0, 40)), fc.constant('The quick brown fox. ')), {
      minLength: 100,
      maxLength: 600,
    })
    .map((pieces) => encoder.encode(pieces.join(''))),
  fc
    .array(fc.constantFrom(...MIXED_TEXTS.map((mixed) => [...encoder.encode(mixed)]), ...BROKEN_BYTES), {
      maxLength: 30,
    })
    .map((pieces) => Uint8Array.from(pieces.flat())),
  // Letters of two bytes, the basic Cyrillic ones most of all, with what stands before and behind them.
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: letterBetween(0x400, 0x460) },
        { weight: 1, arbitrary: letterBetween(0xc0, 0x600) },
        fc.constantFrom(...' \n,.’-_1aZ€', '\u0301', 'слово ', 'ПРИВЕТ, '),
      ),
      { maxLength: 300 },
    )
    .map((pieces) => encoder.encode(pieces.join(''))),
  fc.uint8Array({ maxLength: 2000 }),
);

function letterBetween(first: number, end: number): fc.Arbitrary<string> {
  return fc.integer({ min: first, max: end - 1 }).map((point) => String.fromCodePoint(point));
}

describe.each(['unicode', 'whitespace'] as const)('%s', (tokenizer) => {
  it('is counted alike by WebAssembly and JavaScript, words, totals and warnings', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(16, 17, 64, 1024), (bytes, maxTokenBytes) => {
        expect(count(bytes, tokenizer, 'wasm', maxTokenBytes)).toEqual(
          count(bytes, tokenizer, 'javascript', maxTokenBytes),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('keeps many different words of all lengths apart while the tables grow', () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `${'w'.repeat(index % 25)}${index}`);
    const bytes = encoder.encode([...words, ...words.slice(0, 1000)].join('\n'));
    expect(count(bytes, tokenizer, 'wasm', 1024)).toEqual(count(bytes, tokenizer, 'javascript', 1024));
  });
});

/** What stands in Latin text between ASCII: letters, what joins them, punctuation, marks, and the rest. */
const LATIN_PIECES: readonly string[] = [
  ...'éÉñÑøØÿŸžŽąĄđĐ',
  ...'ếạẠẾ’’’‘‘․“”„«»–—…\u00a0',
  ...'ßſİıŉªµ·‧⁄²½ﬁ™☕ǅ\u0301\u200d\u00ad\ufe0f\u2028',
  ...' .,:;\'"_-17aZ',
  '  \u200dⓂ',
  // U+0345 is a mark that folds to a letter.
  ...['ω\u0345', 'कि'],
];

describe('letters, marks and punctuation beyond ASCII in Latin text', () => {
  // 16 bytes of ASCII behind a space, and the fast path is taken.
  const ascii = fc
    .integer({ min: 0, max: 80 })
    .map((length) => `${'to be, or not to be; '.repeat(4)}`.slice(0, length));
  const pieces = fc.constantFrom(...LATIN_PIECES);
  const latin = fc
    .array(
      fc.oneof(
        ascii,
        pieces,
        fc.array(pieces, { maxLength: 5 }).map((some) => some.join('')),
      ),
      {
        minLength: 10,
        maxLength: 200,
        size: 'max',
      },
    )
    .map((all) => encoder.encode(all.join('')));

  it('are counted alike by WebAssembly and JavaScript, also where they are cut or truncated', () => {
    fc.assert(
      fc.property(latin, fc.constantFrom(16, 17, 18, 1024), fc.nat(), (bytes, maxTokenBytes, cut) => {
        const at = cut % (bytes.length + 1);
        const counters = (['wasm', 'javascript'] as const).map((engine) => {
          const counter = new WordCounter({ tokenizer: 'unicode', engine, maxTokenBytes });
          counter.push(bytes.slice(0, at));
          counter.push(bytes.slice(at));
          const counts = counter.finish();
          return { words: new Map(counts), total: counts.totalWords, warnings: counts.warnings };
        });
        expect(counters[0]).toEqual(counters[1]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('underscores', () => {
  // Masks have 64 bits, and a tile has 64 masks. The first tile begins behind the line feed, the second one
  // at its end or a word before.
  const places = [0, 1, 61, 62, 63, 64, 65, 126, 127, 128].concat(
    [4096, 8192].flatMap((tile) => [-66, -65, -64, -63, -4, -3, -2, -1, 0, 1, 2].map((by) => tile + by)),
  );
  const filler = `\n${'be '.repeat(3000)}`;

  it.each(places)('are a word only beside letters, also behind %i bytes', (place) => {
    for (const before of [' ', 'a', '.']) {
      for (const length of [1, 63, 64, 130]) {
        for (const behind of ['', ' ', '.', ' b', 'b', '.b', 'é', '\u0301', ' é']) {
          const bytes = encoder.encode(
            `${filler.slice(0, place + 1)}${before}${'_'.repeat(length)}${behind} end`,
          );
          expect(count(bytes, 'unicode', 'wasm', 1024)).toEqual(count(bytes, 'unicode', 'javascript', 1024));
        }
      }
    }
  });
});

describe(mergeCounts, () => {
  it('adds up many words, as it does few', () => {
    const part = (first: number) => {
      const counter = new WordCounter({ tokenizer: 'whitespace' });
      const words = Array.from({ length: 20_000 }, (_, index) => `${'w'.repeat(index % 25)}${first + index}`);
      counter.push(encoder.encode(`${words.join(' ')} ${words.slice(0, 99).join(' ')} \0 é`));
      return counter.finish();
    };
    const parts = [part(0), part(12_345)];
    const sums = new Map<string, number>();
    for (const counts of parts)
      for (const [word, times] of counts) sums.set(word, (sums.get(word) ?? 0) + times);
    expect(new Map(mergeCounts(parts))).toEqual(sums);
  });
});
