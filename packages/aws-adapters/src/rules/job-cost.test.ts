import { describe, expect, it } from 'vitest';
import type { JobCost } from '../ports/index.ts';
import { addCost, CostSums, costUsd, NO_COST, packCost, unpackCost } from './job-cost.ts';

const TYPICAL: JobCost = { ...NO_COST, s3Reads: 1, queueRequests: 0.325, tableWrites: 1, processorMs: 3.14 };

describe(packCost, () => {
  it('is short and readable', () => {
    expect(packCost(TYPICAL)).toBe('1 GET, 0.33 SQS, 1 write, 3.14 ms');
    expect(packCost(NO_COST)).toBe('');
  });

  it('can be read again, to a hundredth', () => {
    const all: JobCost = { ...TYPICAL, s3Writes: 2, notifications: 1, tableReads: 3 };
    expect(unpackCost(packCost(all))).toEqual({ ...all, queueRequests: 0.33 });
    expect(unpackCost('1 GET, 5 of a later release, -0.5 SQS')).toEqual({
      ...NO_COST,
      s3Reads: 1,
      queueRequests: -0.5,
    });
  });
});

describe(costUsd, () => {
  it('comes to what a million results cost by the list', () => {
    // 0.40 for GET, 0.13 for SQS, 1.25 for two write units, 0.03 for processor time.
    expect(costUsd(TYPICAL) * 1e6).toBeCloseTo(0.4 + 0.13 + 1.25 + (3.14 / 3.6) * (0.03238 + 2 * 0.00356), 6);
  });
});

describe(addCost, () => {
  it('adds and subtracts', () => {
    expect(addCost(addCost(TYPICAL, TYPICAL), TYPICAL, -1)).toEqual(TYPICAL);
  });
});

describe(CostSums, () => {
  it('adds up by day and by the first folder', () => {
    const sums = new CostSums();
    sums.add({ key: 'b/1.txt', finishedAt: '2026-11-29T00:00:01.000Z', cost: TYPICAL });
    sums.add({ key: 'a/b/2.txt', finishedAt: '2026-11-28T23:59:59.000Z', cost: TYPICAL });
    sums.add({ key: '3.txt', finishedAt: '2026-11-29T12:00:00.000Z', cost: TYPICAL });
    sums.add({ key: '4.txt', finishedAt: '2026-11-29T12:00:00.000Z' });
    const two = addCost(TYPICAL, TYPICAL);
    expect(sums.sums).toEqual({
      days: [
        ['2026-11-28', TYPICAL],
        ['2026-11-29', two],
      ],
      prefixes: [
        ['', TYPICAL],
        ['a/', TYPICAL],
        ['b/', TYPICAL],
      ],
      notCounted: 1,
    });
  });
});
