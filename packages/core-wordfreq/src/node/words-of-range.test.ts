import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { wordsOfRange } from './words-of-range.ts';

const folder = mkdtempSync(join(tmpdir(), 'wordfreq-ranges-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * What each range of a text has, where it is said to stand, ranges being `rangeBytes` long and the last
 * without an end.
 */
function rangesOf(text: Buffer, rangeBytes: number): { text: string; offset: number }[] {
  const path = join(folder, 'text.txt');
  writeFileSync(path, text);
  const file = openSync(path, 'r');
  try {
    const ranges: { text: string; offset: number }[] = [];
    for (let start = 0; start < text.length; start += rangeBytes) {
      const end = start + rangeBytes < text.length ? start + rangeBytes : Number.MAX_SAFE_INTEGER;
      let read = '';
      let offset = -1;
      for (const { bytes, offset: at } of wordsOfRange(file, start, end)) {
        if (offset < 0) offset = at;
        if (at !== offset + read.length)
          throw new Error(`Expected bytes at ${offset + read.length}, got ${at}.`);
        read += Buffer.from(bytes).toString('latin1');
      }
      if (read !== '') ranges.push({ text: read, offset });
    }
    return ranges;
  } finally {
    closeSync(file);
  }
}

describe(wordsOfRange, () => {
  it('ends each range after the white space that follows it, where the next one begins', () => {
    expect(rangesOf(Buffer.from('one two three four'), 5)).toEqual([
      { text: 'one two ', offset: 0 },
      { text: 'three ', offset: 8 },
      { text: 'four', offset: 14 },
    ]);
  });

  it('gives what has no white space to the range where it begins', () => {
    expect(rangesOf(Buffer.from('a bcdefghijkl m'), 3)).toEqual([
      { text: 'a bcdefghijkl ', offset: 0 },
      { text: 'm', offset: 14 },
    ]);
    expect(rangesOf(Buffer.from('solid'.repeat(4000)), 1000)).toEqual([
      { text: 'solid'.repeat(4000), offset: 0 },
    ]);
  });

  it('gives every byte once, in order, for any text and any length of ranges', () => {
    const pieces = fc.array(fc.constantFrom('a', 'bc', ' ', '\n', '\t', 'я', 'x'.repeat(5000)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 6000 }), (parts, anyBytes) => {
        const text = Buffer.from(parts.join(''));
        // At most 1,000 ranges: each of them is read from the file.
        const rangeBytes = Math.max(anyBytes, Math.ceil(text.length / 1000));
        const ranges = rangesOf(text, rangeBytes);
        expect(ranges.map((range) => range.text).join('')).toBe(text.toString('latin1'));
        let end = 0;
        for (const { text: read, offset } of ranges) {
          expect(offset).toBe(end);
          end += read.length;
          if (end < text.length) expect(read).toMatch(/[\t\n ]$/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
