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

  it('add up', () => {
    const [tasks = 0, calls = 0, metrics = 0, together = 0] = numbersOf('1 M files').slice(-6);
    expect(tasks + calls + metrics).toBeCloseTo(together, 1);
    const perFile = tables
      .slice(tables.indexOf('| one file'), tables.indexOf('One mail'))
      .split('\n')
      .slice(2);
    const sum = perFile.reduce((total, line) => total + Number(line.split('|')[2] ?? 0), 0);
    expect(sum).toBeCloseTo(calls, 1);
  });
});
