import { createManualClock, createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import type { QueueDepth, ResultIndex } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { createReadings, type Readings } from './readings.ts';

const EMPTY: QueueDepth = { visible: 0, inFlight: 0, delayed: 0 };

/** What each call of the index costs in requests, over DynamoDB with its eight shards. */
const REQUESTS: Readonly<Record<string, number>> = { newest: 9, between: 8, records: 1, days: 1 };

function setUp(letters: QueueDepth = EMPTY) {
  const clock = createManualClock();
  const results = createMemoryResultStore({ clock });
  const requests = { count: 0 };
  const depths = { jobs: EMPTY };
  const called =
    <A extends readonly unknown[], R>(cost: number, call: (...args: A) => R) =>
    (...args: A): R => {
      requests.count += cost;
      return call(...args);
    };
  const index = Object.fromEntries(
    Object.entries(REQUESTS).map(([name, cost]) => [
      name,
      called(cost, results[name as keyof ResultIndex] as () => unknown),
    ]),
  );
  const listeners: (() => void)[] = [];
  const readings = createReadings({
    results: { ...results, ...index },
    jobs: { depth: called(1, async () => depths.jobs) },
    // A request for each ten of them.
    deadLetters: { depth: called(1, async () => letters), peek: called(10, async () => []) },
    intake: { read: called(1, async () => undefined) },
    onActivity: (listener) => void listeners.push(listener),
    clock,
  });
  return { clock, results, requests, depths, readings, wake: () => listeners.map((listener) => listener()) };
}

/** What one poll of a browser asks for. */
async function poll(readings: Readings): Promise<number> {
  const [results] = await Promise.all([
    readings.results.get(),
    readings.work.get(),
    readings.deadLetters.get(),
  ]);
  return results.totals.files;
}

async function pollFor(seconds: number, { clock, readings }: ReturnType<typeof setUp>): Promise<number> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1000);
    await Promise.all([poll(readings), poll(readings)]);
  }
  return poll(readings);
}

describe('an open page', () => {
  it.each([
    ['no dead letters', EMPTY],
    ['many dead letters', { ...EMPTY, visible: 500 }],
  ])('costs less than one request a second while nothing changes, with %s', async (_, letters) => {
    const page = setUp(letters);
    await page.results.save(sampleResult());
    await pollFor(30, page);
    page.requests.count = 0;
    const seconds = 1200;
    await pollFor(seconds, page);
    expect(page.requests.count / seconds).toBeLessThan(1);
    expect(page.requests.count).toBeGreaterThan(0);
  });

  it('shows a result within a second while work goes on, and within twenty at rest', async () => {
    const page = setUp();
    await pollFor(60, page);
    await page.results.save(sampleResult({ jobId: '1' }));
    let seconds = 0;
    while ((await pollFor(1, page)) === 0) seconds += 1;
    expect(seconds).toBeLessThan(20);
    await page.results.save(sampleResult({ jobId: '2' }));
    expect(await pollFor(1, page)).toBe(2);
  });

  it('shows a result soon after the number of jobs has changed', async () => {
    const page = setUp();
    await pollFor(60, page);
    page.depths.jobs = { ...EMPTY, inFlight: 1 };
    await pollFor(5, page);
    await page.results.save(sampleResult());
    expect(await pollFor(1, page)).toBe(1);
  });

  it('shows a result at once where its process says that something has happened', async () => {
    const page = setUp();
    await pollFor(60, page);
    await page.results.save(sampleResult());
    page.wake();
    expect(await pollFor(1, page)).toBe(1);
  });
});
