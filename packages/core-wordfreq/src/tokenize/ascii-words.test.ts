import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordCounter, type WordCounterOptions } from '../index.ts';

function count(text: string, pushed: number, options: WordCounterOptions) {
  const counter = new WordCounter({ ...options, engine: 'javascript' });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += pushed) counter.push(bytes.subarray(at, at + pushed));
  const counts = counter.finish();
  return { words: new Map(counts), total: counts.totalWords, warnings: counts.warnings };
}

const pieces = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[A-Za-z0-9]{1,12}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z]{50,80}$/) },
  { weight: 4, arbitrary: fc.constantFrom(' ', ' ', '\n', '\r\n', '\t', '-', '"', '(', '\u0000') },
  { weight: 3, arbitrary: fc.constantFrom("'", '.', ',', ':', ';', '_', '..', ". '") },
  {
    weight: 1,
    arbitrary: fc.constantFrom('é', '’', '\u200d', '\u0301', 'Ⓜ', 'א', '"א', '中', 'ア', '\u202f', '🅰'),
  },
);

describe('words of ASCII letters and digits', () => {
  // A chunk of one byte is too short to be read without the automaton.
  it('are cut as by the automaton, whatever stands between and beside them', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 40, maxLength: 120 }).map((all) => all.join('')),
        fc.constantFrom<WordCounterOptions>({}, { keepCase: true }, { fold: 'none' }, { maxTokenBytes: 70 }),
        fc.integer({ min: 80, max: 400 }),
        (text, options, pushed) => {
          expect(count(text, pushed, options)).toEqual(count(text, 1, options));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([63, 64, 65, 1023, 1024, 1025])('are kept whole at %i bytes, and cut at the limit', (length) => {
    const text = `${'a'.repeat(length)} b${' c'.repeat(100)}`;
    expect(count(text, text.length, {})).toEqual(count(text, 1, {}));
  });
});
