import { describe, expect, it, vi } from 'vitest';
import { type Engine, WordCounter } from '../src/index.ts';

// Many cases, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const encoder = new TextEncoder();

describe.each<Engine>(['wasm', 'javascript'])('hostile input in %s', (engine) => {
  it('keeps memory the same while a text goes on for ever', () => {
    const counter = new WordCounter({ engine });
    const chunk = encoder.encode('the same words again, und Wörter ещё раз\n'.repeat(1000));
    for (let index = 0; index < 10; index += 1) counter.push(chunk);
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 60; index += 1) counter.push(chunk);
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown).toBeLessThan(4 * 1024 * 1024);
    expect(counter.finish().distinctWords).toBe(8);
  });

  it.each(['unicode', 'whitespace'] as const)('bounds one endless word, by %s', (tokenizer) => {
    const counter = new WordCounter({ engine, tokenizer });
    const chunk = encoder.encode('X'.repeat(1_000_000));
    for (let index = 0; index < 6; index += 1) counter.push(chunk);
    const counts = counter.finish();
    expect(counts.top(2)).toEqual([{ word: 'x'.repeat(1024), count: 1 }]);
    expect(counts.warnings).toEqual([{ code: 'token-truncated', count: 1, firstOffset: 0 }]);
  });

  it('ends with a code, not with a crash, when there are too many different words', () => {
    const counter = new WordCounter({ engine, maxDistinctWords: 100_000 });
    const push = (): void => {
      for (let index = 0; index < 200_000; index += 1000) {
        counter.push(encoder.encode(Array.from({ length: 1000 }, (_, word) => `w${index + word} `).join('')));
      }
    };
    expect(push).toThrow(expect.objectContaining({ code: 'too-many-distinct-words', retryable: false }));
  });
});
