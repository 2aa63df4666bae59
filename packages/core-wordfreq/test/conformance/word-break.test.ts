import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UNICODE_VERSION } from '../../src/tokenize/generated/unicode-tables.ts';
import { boundariesOf } from './word-boundaries.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/WordBreakTest-17.0.0.txt');

/** `÷ 0061 × 0027 ÷` → the code points, and the indices before which there is a boundary. */
function parse(line: string): { points: number[]; boundaries: number[] } {
  const points: number[] = [];
  const boundaries: number[] = [];
  for (const part of (line.split('#')[0] as string).trim().split(/\s+/)) {
    if (part === '÷') boundaries.push(points.length);
    else if (part !== '×') points.push(Number.parseInt(part, 16));
  }
  return { points, boundaries };
}

const lines = readFileSync(FIXTURE, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('÷'));

describe(`WordBreakTest of Unicode ${UNICODE_VERSION}`, () => {
  it('is the file of the tables’ version, whole', () => {
    expect(readFileSync(FIXTURE, 'utf8')).toMatch(`# WordBreakTest-${UNICODE_VERSION}.txt`);
    expect(lines).toHaveLength(1944);
  });

  it('agrees in every case', () => {
    const wrong = lines.filter((line) => {
      const { points, boundaries } = parse(line);
      return boundariesOf(points).join() !== boundaries.join();
    });
    expect(wrong).toEqual([]);
  });
});
