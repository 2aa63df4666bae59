import { describe, expect, it, vi } from 'vitest';
import { createEngine } from '../src/engine/create-engine.ts';
import { type Engine, resolveOptions } from '../src/index.ts';
import { Warnings } from '../src/warnings.ts';
import { collidingInJavaScript, collidingLong, collidingMedium, collidingShort } from './colliding-words.ts';

// Thousands of texts and cuts: seconds on an idle machine, far more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

/**
 * The numbers of different words that occur once and that occur twice, by an engine alone: results read what
 * is not UTF-8 as U+FFFD.
 */
function countTwice(once: Uint8Array, twice: Uint8Array, engine: Engine): readonly number[] {
  const options = resolveOptions({ tokenizer: 'whitespace', engine, maxTokenBytes: 1024 });
  const counting = createEngine(options, new Warnings());
  counting.push(once, 0);
  counting.push(twice, once.length);
  const { counts } = counting.finish(once.length + twice.length).table.entries();
  return [1, 2].map((times) => counts.filter((count) => count === times).length);
}

describe('words that were made to collide', { timeout: 40_000 }, () => {
  // Where each is looked for among all others, this takes more than a minute instead of a moment.
  it.each([
    { words: 400_000, bytes: 8, engine: 'wasm', make: collidingShort },
    { words: 300_000, bytes: 16, engine: 'wasm', make: collidingMedium },
    { words: 150_000, bytes: 304, engine: 'wasm', make: collidingLong },
    { words: 400_000, bytes: 8, engine: 'javascript', make: collidingInJavaScript },
  ] as const)(
    'are counted as others are: $words of $bytes bytes in $engine',
    ({ words, bytes, engine, make }) => {
      const text = make(words);
      const again = text.subarray(0, (words / 4) * (bytes + 1));
      expect(countTwice(text, again, engine)).toEqual([(words / 4) * 3, words / 4]);
    },
  );
});
