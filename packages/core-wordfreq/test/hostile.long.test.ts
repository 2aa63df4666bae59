import { describe, expect, it, vi } from 'vitest';
import { type Engine, type Tokenizer, WordCounter, type WordCounts } from '../src/index.ts';
import { distinctWordChunks } from './distinct-words.ts';

// A gigabyte each, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000 });

const encoder = new TextEncoder();
const MEGABYTE = 1_000_000;

/**
 * Bytes outside of JavaScript's heap: typed arrays, and the memories of WebAssembly, which are the larger
 * part.
 */
function outsideBytes(): number {
  return process.memoryUsage().external;
}

interface Streamed {
  readonly counts: WordCounts;
  readonly grownBytes: number;
}

/** Pushes a chunk again and again; tells by how much memory grew after the first ten times. */
function stream(chunk: Uint8Array, times: number, engine: Engine, tokenizer: Tokenizer): Streamed {
  const counter = new WordCounter({ engine, tokenizer });
  for (let index = 0; index < 10; index += 1) counter.push(chunk);
  const before = outsideBytes();
  for (let index = 10; index < times; index += 1) counter.push(chunk);
  const grownBytes = outsideBytes() - before;
  return { counts: counter.finish(), grownBytes };
}

/** The slowest engine has less to do; it took what it takes after the first megabytes. */
const MEGABYTES: readonly (readonly [Engine, Tokenizer, number])[] = [
  ['wasm', 'unicode', 1000],
  ['wasm', 'whitespace', 1000],
  ['javascript', 'unicode', 25],
  ['javascript', 'whitespace', 100],
];

describe.each(MEGABYTES)('hostile input in %s by %s', (engine, tokenizer, megabytes) => {
  it(`is counted in the same memory after 10 MB and after ${megabytes} MB of a text`, () => {
    const line = 'the same words again, und Wörter ещё раз\n';
    const chunk = encoder.encode(line.repeat(21_276)).subarray(0, MEGABYTE);
    const { counts, grownBytes } = stream(chunk, megabytes, engine, tokenizer);
    expect(grownBytes).toBeLessThan(MEGABYTE);
    expect(counts.totalBytes).toBe(megabytes * MEGABYTE);
    expect(counts.distinctWords).toBeLessThan(12);
  });

  it(`is one word of 1,024 bytes with a warning where it began, if it is one word of ${megabytes} MB`, () => {
    const counter = new WordCounter({ engine, tokenizer });
    counter.push(encoder.encode('a b '));
    const chunk = encoder.encode('X'.repeat(MEGABYTE));
    for (let index = 0; index < 10; index += 1) counter.push(chunk);
    const before = outsideBytes();
    for (let index = 10; index < megabytes; index += 1) counter.push(chunk);
    expect(outsideBytes() - before).toBeLessThan(MEGABYTE);
    counter.push(encoder.encode(' b'));
    const counts = counter.finish();
    expect(new Map(counts)).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
        ['x'.repeat(1024), 1],
      ]),
    );
    expect(counts.warnings).toEqual([{ code: 'token-truncated', count: 1, firstOffset: 4 }]);
  });
});

describe.each<Engine>(['wasm', 'javascript'])('too many different words in %s', (engine) => {
  it('are counted exactly: 2 million, each once and then a third of them again', () => {
    const counter = new WordCounter({ engine, tokenizer: 'whitespace' });
    for (const chunk of distinctWordChunks(2_000_000)) counter.push(chunk);
    for (const chunk of distinctWordChunks(700_000)) counter.push(chunk);
    const counts = counter.finish();
    expect([counts.totalWords, counts.distinctWords]).toEqual([2_700_000, 2_000_000]);
    const twice = [...counts].filter(([, count]) => count === 2).length;
    expect(twice).toBe(700_000);
    expect(counts.top(1)[0]?.count).toBe(2);
  });

  it('end with a code, not with a crash, beyond the limit', () => {
    const counter = new WordCounter({ engine, maxDistinctWords: 100_000 });
    const push = (): void => {
      for (const chunk of distinctWordChunks(200_000)) counter.push(chunk);
    };
    expect(push).toThrow(expect.objectContaining({ code: 'too-many-distinct-words', retryable: false }));
  });

  it('are let go, and memory stays the same, where only heavy hitters are kept', () => {
    const counter = new WordCounter({ engine, maxDistinctWords: 1000, overflow: 'heavy-hitters' });
    let before = 0;
    let pushed = 0;
    for (const chunk of distinctWordChunks(3_000_000)) {
      counter.push(chunk);
      counter.push(encoder.encode('often '));
      pushed += 1;
      if (pushed === 5) before = outsideBytes();
    }
    expect(pushed).toBe(30);
    // Tables that were left wait to be collected; a table for all words would be above 200 MB.
    expect(outsideBytes() - before).toBeLessThan(120 * MEGABYTE);
    const counts = counter.finish();
    expect(counts.totalWords).toBe(3_000_000 + pushed);
    expect(counts.maxError).toBeLessThanOrEqual(counts.totalWords / 1001);
  });
});
