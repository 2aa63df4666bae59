import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import './support/synthesize.ts';
import { costTables } from '../tools/write-cost-tables.ts';

const tables = costTables();
const numbersOf = (start: string): number[] => {
  const line = tables.split('\n').find((text) => text.startsWith(`| ${start}`)) ?? '';
  return [...line.matchAll(/(?<![\w,.])\d+(?:\.\d+)?(?![\w,])/g)].map(([text]) => Number(text));
};

describe(costTables, () => {
  it('are those in docs/costs.md; run "npm run docs" after a change', () => {
    expect(readFileSync(new URL('../docs/costs.md', import.meta.url), 'utf8')).toBe(tables);
  });

  it('cost almost nothing without work, as the README says', () => {
    const [from = Number.NaN, to = Number.NaN] = numbersOf('**the default');
    expect(from).toBeLessThan(3);
    expect(to).toBeLessThan(6);
    expect(numbersOf('tasks | 0')).toEqual([0]);
  });

  it('add what networks cost by the resources that templates hold', () => {
    // Five endpoints in two zones, and one gateway, 730 hours a month.
    expect(numbersOf('`isolated`')[0]).toBeCloseTo(5 * 2 * 0.01 * 730, 2);
    expect(numbersOf('`nat`')[0]).toBeCloseTo(0.045 * 730, 2);
  });

  it.each([
    ['copied', 2],
    ['in place', 4],
  ])('add up, with texts %s', (texts, column) => {
    const line = tables.split('\n').find((text) => text.startsWith(`| 1 M files of 50 kB | ${texts}`)) ?? '';
    const cells = line.split('|').map((cell) => Number(cell.replaceAll(/[*+ ]/g, '')));
    const [tasks = 0, calls = 0, metrics = 0, together = 0] = cells.slice(3);
    expect(tasks + calls + metrics).toBeCloseTo(together, 1);
    const perFile = tables
      .slice(tables.indexOf('| a file'), tables.indexOf('| **together**'))
      .trim()
      .split('\n')
      .slice(2);
    const sum = perFile.reduce((total, text) => total + Number(text.split('|')[column + 1] ?? 0), 0);
    expect(sum).toBeCloseTo(calls, 1);
  });

  it('stay below the limits for a million texts, and for a terabyte of large ones', () => {
    const together = (start: string): number => {
      const line = tables.split('\n').find((text) => text.startsWith(`| ${start}`)) ?? '';
      return Number(/\*\*([\d.]+)\*\*/.exec(line)?.[1]);
    };
    expect(together('1 M files of 50 kB | copied')).toBeLessThanOrEqual(9.6);
    expect(together('1 M files of 50 kB | in place')).toBeLessThanOrEqual(3.1);
    expect(together('1 TB in 10,000 files of 100 MB | copied')).toBeLessThanOrEqual(0.35);
  });
});
