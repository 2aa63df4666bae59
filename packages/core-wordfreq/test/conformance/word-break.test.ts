import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLASS_MASK, characterTable } from '../../src/tokenize/character-table.ts';
import { UNICODE_VERSION } from '../../src/tokenize/generated/unicode-tables.ts';
import {
  BOUNDARY,
  BOUNDARY_BEFORE_WAITING,
  WAITING,
  WordBreakAutomaton,
} from '../../src/tokenize/word-break-automaton.ts';

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

function boundariesOf(points: readonly number[]): number[] {
  const automaton = new WordBreakAutomaton();
  const table = characterTable();
  const boundaries: number[] = [];
  let waitingSince = 0;
  points.forEach((point, index) => {
    const decided = automaton.next((table[point] as number) & CLASS_MASK);
    if (decided & BOUNDARY_BEFORE_WAITING) boundaries.push(waitingSince);
    if (decided & BOUNDARY) boundaries.push(index);
    if (decided & WAITING) waitingSince = index;
  });
  if (automaton.waiting) boundaries.push(waitingSince);
  return [...boundaries, points.length];
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
