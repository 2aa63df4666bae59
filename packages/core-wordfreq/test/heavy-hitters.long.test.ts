import { describe, expect, it, vi } from 'vitest';
import {
  countWords,
  decodeCounts,
  type Engine,
  encodeCounts,
  filterCounts,
  mergeCounts,
  mergeEncoded,
  WordCounter,
  type WordCounterOptions,
  type WordCounts,
} from '../src/index.ts';
import { randomFrom } from './random-from.ts';

// Long texts, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000 });

const encoder = new TextEncoder();

/** Some words often, hundreds of thousands once or twice: more than wait to be let go. */
function skewedText(seed: number, words: number): Uint8Array {
  const random = randomFrom(seed);
  return encoder.encode(
    Array.from(
      { length: words },
      () => `wort${Math.floor(Math.min(1e15, random() ** -9))}${random() < 0.01 ? ',' : ' '}`,
    ).join(''),
  );
}

function requireBounds(counts: WordCounts, exact: WordCounts, capacity: number): void {
  expect(counts.approximate).toBe(true);
  expect(counts.totalWords).toBe(exact.totalWords);
  expect(counts.maxError).toBeGreaterThan(0);
  expect(counts.maxError).toBeLessThanOrEqual(exact.totalWords / (capacity + 1));
  const outside = [...exact].filter(([word, truth]) => {
    const count = counts.get(word);
    return count > truth || count + counts.maxError < truth;
  });
  expect(outside).toEqual([]);
}

const text = skewedText(20_261_124, 700_000);
const capacity = 500;
const bounded: WordCounterOptions = { overflow: 'heavy-hitters', maxDistinctWords: capacity };

function countInChunks(size: number, options: WordCounterOptions): WordCounts {
  const counter = new WordCounter(options);
  for (let at = 0; at < text.length; at += size) counter.push(text.subarray(at, at + size));
  return counter.finish();
}

describe.each<Engine>(['wasm', 'javascript'])('heavy hitters in %s', (engine) => {
  const options: WordCounterOptions = { ...bounded, engine };

  it('have counts within the stated bounds, and all that is more frequent than the error', async () => {
    const exact = await countWords(text, { engine });
    expect(exact.distinctWords).toBeGreaterThan(150_000);
    const counts = countInChunks(text.length, options);
    requireBounds(counts, exact, capacity);
    expect(counts.distinctWords).toBeLessThanOrEqual(capacity);
    expect(counts.top(20).map(({ word }) => word)).toEqual(exact.top(20).map(({ word }) => word));
  });

  it('are the same in chunks of any size, and go on from a snapshot', () => {
    const whole = countInChunks(text.length, options).toJSON();
    expect(countInChunks(10_007, options).toJSON()).toEqual(whole);
    let counter = new WordCounter(options);
    for (let at = 0; at < text.length; at += 777_777) {
      counter.push(text.subarray(at, at + 777_777));
      counter = WordCounter.restore(counter.snapshot(), options);
    }
    expect(counter.finish().toJSON()).toEqual(whole);
  });
});

describe('heavy hitters', () => {
  it('are the same whatever the engine', () => {
    expect(countInChunks(99_999, { ...bounded, engine: 'wasm' }).toJSON()).toEqual(
      countInChunks(88_888, { ...bounded, engine: 'javascript' }).toJSON(),
    );
  });

  it('are exact, and say so, when all words have a place', async () => {
    const counts = await countWords('a b b', bounded);
    expect([counts.approximate, counts.maxError, counts.get('b')]).toEqual([false, 0, 2]);
  });

  it('keep their bounds when they are merged, encoded and merged encoded', async () => {
    const parts = [1, 2, 3].map((seed) => skewedText(seed, 250_000));
    const exact = mergeCounts(await Promise.all(parts.map((part) => countWords(part))));
    const all = await Promise.all(parts.map((part) => countWords(part, bounded)));
    requireBounds(mergeCounts(all), exact, capacity);
    const chunks: Uint8Array[] = [];
    for await (const chunk of mergeEncoded(all.map((counts) => encodeCounts(counts)))) chunks.push(chunk);
    // In a stream all words are kept, since nobody knows which of them would have to go.
    requireBounds(await decodeCounts(chunks), exact, capacity);
  });

  it('keep their bounds when words are composed, and when their spelling changes', async () => {
    const words = Array.from({ length: 200_000 }, (_, index) =>
      index % 3 === 0 ? 'cafe\u0301' : index % 3 === 1 ? 'café' : `w${index}`,
    );
    const composed = await countWords(words.join(' '), { ...bounded, normalize: 'NFC' });
    expect(composed.get('café')).toBeLessThanOrEqual(133_334);
    expect(composed.get('café') + composed.maxError).toBeGreaterThanOrEqual(133_333);
    const counts = await countWords(text, bounded);
    const ending = (word: string): string => word.slice(-1);
    const respelled = filterCounts(counts, { normalize: ending });
    const exact = filterCounts(await countWords(text), { normalize: ending });
    for (const [word, truth] of exact) {
      expect(respelled.get(word)).toBeLessThanOrEqual(truth);
      expect(respelled.get(word) + respelled.maxError).toBeGreaterThanOrEqual(truth);
    }
  });
});
