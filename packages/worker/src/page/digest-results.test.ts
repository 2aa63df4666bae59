import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestResults } from './digest-results.ts';
import { keepNewest } from './newest.ts';
import { createThroughput } from './throughput.ts';

const NOW = new Date('2026-01-01T12:00:03Z');

async function* stream(results: readonly StoredResult[]): AsyncIterable<StoredResult> {
  yield* results;
}

const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe('digestResults', () => {
  it('adds up files, bytes, words and outcomes, and the time from the first start to the last end', async () => {
    const { totals } = await digestResults(
      stream([
        sampleResult({ jobId: '1', finishedAt: secondsAgo(60), durationMs: 500 }),
        sampleResult({ jobId: '2', finishedAt: secondsAgo(50), outcome: 'failed:not-text' }),
        sampleResult({
          jobId: '3',
          finishedAt: secondsAgo(10),
          totals: { bytes: 100, words: 7, distinctWords: 1 },
        }),
      ]),
      NOW,
    );
    expect(totals).toEqual({
      files: 3,
      failed: 1,
      bytes: 122,
      words: 13,
      seconds: 50.5,
      firstStartAt: '2026-01-01T11:59:02.500Z',
      lastEndAt: '2026-01-01T11:59:53.000Z',
      outcomes: [
        { outcome: 'counted', files: 2 },
        { outcome: 'failed:not-text', files: 1 },
      ],
    });
  });

  it('of nothing is all zeros', async () => {
    const { totals, files } = await digestResults(stream([]), NOW);
    const nothing = { files: 0, failed: 0, bytes: 0, words: 0, seconds: 0, outcomes: [] };
    expect(totals).toEqual({ ...nothing, firstStartAt: null, lastEndAt: null });
    expect(files).toEqual([]);
  });

  it('holds the newest 500 files with ten words each, however many there are', async () => {
    const words = Array.from({ length: 100 }, (_, index) => ({ word: `w${index}`, count: 100 - index }));
    const results = Array.from({ length: 1700 }, (_, index) =>
      sampleResult({ jobId: String(index), finishedAt: secondsAgo((index * 7919) % 1700), words }),
    );
    const { files, totals } = await digestResults(stream(results), NOW);
    expect(totals.files).toBe(1700);
    expect(files).toHaveLength(500);
    expect(files[0]?.finishedAt).toBe(NOW.toISOString());
    expect(files[499]?.finishedAt).toBe(secondsAgo(499).toISOString());
    expect(files.every(({ top }) => top.length === 10)).toBe(true);
  });
});

describe('keepNewest', () => {
  it('answers what sorting everything would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.integer({ min: 1, max: 20 }), (times, size) => {
        const newest = keepNewest<number>(size, (time) => time);
        for (const time of times) newest.add(time);
        expect(newest.items()).toEqual([...times].sort((a, b) => b - a).slice(0, size));
      }),
    );
  });
});

describe('createThroughput', () => {
  it('puts what ended into sixty stretches of each window, the last of which holds now', () => {
    const throughput = createThroughput(NOW);
    throughput.add({ at: NOW, failed: false, bytes: 10 });
    throughput.add({ at: secondsAgo(4), failed: true, bytes: 5 });
    throughput.add({ at: secondsAgo(3600 - 60), failed: false, bytes: 1 });
    const [minutes, hour, day] = throughput.view();
    expect(minutes).toMatchObject({ name: '5 minutes', bucketSeconds: 5 });
    expect(minutes?.from).toBe(Date.parse('2026-01-01T11:55:05Z') / 1000);
    expect([minutes?.done.at(-1), minutes?.failed.at(-1), minutes?.bytes.at(-1)]).toEqual([1, 0, 10]);
    expect([minutes?.done.at(-2), minutes?.failed.at(-2), minutes?.bytes.at(-2)]).toEqual([0, 1, 5]);
    expect([hour?.done[0], hour?.done.at(-1), hour?.failed.at(-2)]).toEqual([1, 1, 1]);
    expect(day?.done.reduce((sum, count) => sum + count)).toBe(2);
  });

  it('leaves out what ended before, or in a future that another clock sees', () => {
    const throughput = createThroughput(NOW);
    for (const at of [secondsAgo(86_401), secondsAgo(-3600)]) throughput.add({ at, failed: false, bytes: 1 });
    const counted = throughput.view().flatMap(({ done }) => done);
    expect(new Set(counted)).toEqual(new Set([0]));
  });
});
