import type { ResultEntry } from '@org/wordfreq-aws-adapters/ports';
import { addCost, costUsd, NO_COST } from '@org/wordfreq-aws-adapters/rules';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sums, totalsOf } from './result-sums.ts';
import { throughputOf } from './throughput.ts';

const COST = { ...NO_COST, s3Reads: 1, queueRequests: 0.25, tableWrites: 1, processorMs: 2 };
const NOW = new Date('2026-01-01T12:00:03Z');
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

function entryOf(change: Partial<ResultEntry>): ResultEntry {
  return {
    id: '1',
    jobId: '1',
    bucket: 'b',
    key: 'a.txt',
    outcome: 'counted',
    totals: { bytes: 11, words: 3, distinctWords: 2 },
    durationMs: 12,
    committedAt: NOW,
    ...change,
  };
}

function sumsOf(...changes: readonly Partial<ResultEntry>[]): Sums {
  const sums = new Sums();
  for (const change of changes) sums.add(entryOf(change));
  return sums;
}

describe(totalsOf, () => {
  it('are files, bytes, words and outcomes, and the time from the first start to the last end', () => {
    const sums = sumsOf(
      { committedAt: secondsAgo(60), durationMs: 500, cost: COST },
      { committedAt: secondsAgo(50), outcome: 'failed:not-text' },
      { committedAt: secondsAgo(10), totals: { bytes: 100, words: 7, distinctWords: 1 }, cost: COST },
    );
    const cost = addCost(COST, COST);
    expect(totalsOf(sums.toSums())).toEqual({
      files: 3,
      failed: 1,
      bytes: 122,
      words: 13,
      cost: { ...cost, usd: costUsd(cost) },
      seconds: 50.5,
      firstStartAt: '2026-01-01T11:59:02.500Z',
      lastEndAt: '2026-01-01T11:59:53.000Z',
      outcomes: [
        { outcome: 'counted', files: 2 },
        { outcome: 'failed:not-text', files: 1 },
      ],
    });
  });

  it('of nothing are all zeros', () => {
    const nothing = { files: 0, failed: 0, bytes: 0, words: 0, seconds: 0, cost: null, outcomes: [] };
    expect(totalsOf(new Sums().toSums())).toEqual({ ...nothing, firstStartAt: null, lastEndAt: null });
  });
});

describe(Sums, () => {
  it('are the same however they were put together', () => {
    const change = fc.record({
      committedAt: fc.nat(90_000).map(secondsAgo),
      durationMs: fc.nat(5000),
      outcome: fc.constantFrom('counted' as const, 'empty' as const, 'failed:not-text' as const),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), fc.nat(30), (changes, cut) => {
        const merged = sumsOf(...changes.slice(0, cut));
        merged.merge(JSON.parse(JSON.stringify(sumsOf(...changes.slice(cut)).toSums())));
        const whole = sumsOf(...changes).toSums();
        expect(totalsOf(merged.toSums())).toEqual(totalsOf(whole));
        expect(throughputOf(merged.toSums().pace, NOW)).toEqual(throughputOf(whole.pace, NOW));
      }),
    );
  });

  it('need no more room for many days than for one', () => {
    const sums = sumsOf(
      ...Array.from({ length: 20_000 }, (_, index) => ({ committedAt: secondsAgo(60 * (20_000 - index)) })),
    );
    expect(sums.toSums().files).toBe(20_000);
    expect(sums.toSums().pace.length).toBeLessThan(250);
  });
});

describe(throughputOf, () => {
  it('puts what ended into sixty stretches of each window, the last of which holds now', () => {
    const { pace } = sumsOf(
      { totals: { bytes: 10, words: 1, distinctWords: 1 } },
      {
        committedAt: secondsAgo(4),
        outcome: 'failed:x',
        totals: { bytes: 5, words: 1, distinctWords: 1 },
      },
      { committedAt: secondsAgo(3600 - 60) },
    ).toSums();
    const [minutes, hour, day] = throughputOf(pace, NOW);
    expect(minutes).toMatchObject({ name: '5 minutes', bucketSeconds: 5 });
    expect(minutes?.from).toBe(Date.parse('2026-01-01T11:55:05Z') / 1000);
    expect([minutes?.done.at(-1), minutes?.failed.at(-1), minutes?.bytes.at(-1)]).toEqual([1, 0, 10]);
    expect([minutes?.done.at(-2), minutes?.failed.at(-2), minutes?.bytes.at(-2)]).toEqual([0, 1, 5]);
    expect([hour?.done[0], hour?.done.at(-1), hour?.failed.at(-2)]).toEqual([1, 1, 1]);
    expect(day?.done.reduce((sum, count) => sum + count)).toBe(2);
  });

  it('leaves out what ended before, or in a future that another clock sees', () => {
    const { pace } = sumsOf({ committedAt: secondsAgo(86_401) }, { committedAt: secondsAgo(-3600) }).toSums();
    const counted = throughputOf(pace, NOW).flatMap(({ done }) => done);
    expect(new Set(counted)).toEqual(new Set([0]));
  });
});
