import {
  createManualClock,
  createMemoryJobQueue,
  createMemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { createWorker } from './create-worker.ts';
import { PrefetchEstimator } from './prefetch-estimator.ts';
import type { WorkerOptions } from './worker-options.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Messages named after how many milliseconds their work takes, and a queue whose receives take 50. */
function setUp(messages: readonly number[], options: Partial<WorkerOptions> = {}) {
  const clock = createManualClock();
  const queue = createMemoryQueue({ clock });
  const jobs = createMemoryJobQueue({ queue, deadLetters: createMemoryQueue({ clock }), clock });
  for (const durationMs of messages) queue.send(String(durationMs));
  const seen = {
    now: 0,
    most: 0,
    done: 0,
    lastAtMs: 0,
    receives: 0,
    returned: 0,
    lost: 0,
    errors: [] as unknown[],
  };
  const worker = createWorker({
    queue: {
      release: (message, seconds) => jobs.release(message, seconds),
      extend: (message, seconds) => jobs.extend(message, seconds),
      async receive(asked) {
        seen.receives += 1;
        await clock.sleep(50, asked.signal);
        return jobs.receive(asked);
      },
    },
    clock,
    concurrency: 2,
    visibilitySeconds: 3,
    onError: (error) => seen.errors.push(error),
    onReturned: (_message, outcome) => {
      seen[outcome === 'lost-lease' ? 'lost' : 'returned'] += 1;
    },
    async process(message: QueueMessage, signal) {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await clock.sleep(Number(message.body), signal);
      seen.now -= 1;
      seen.done += 1;
      seen.lastAtMs = clock.monotonicMs();
      await jobs.delete(message);
    },
    ...options,
  });
  const pass = async (ms: number, stepMs = 10): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await clock.advance(stepMs);
      await settle();
    }
  };
  const stop = async (): Promise<{ readonly abandoned: number }> => {
    const stopped = worker.stop({ graceMs: 100, giveUpMs: 100 });
    await pass(200, 100);
    return stopped;
  };
  return { clock, queue, jobs, worker, seen, pass, stop };
}

const receiveCounts = ({ queue }: ReturnType<typeof setUp>): number[] =>
  queue.messages().map(({ receiveCount }) => receiveCount);

describe('prefetch', () => {
  it('prefetches short work, so that no turn waits for a receive, and asks for it in batches', async () => {
    const work = Array.from({ length: 60 }, () => 20);
    const ahead = setUp(work);
    await ahead.pass(1500);
    const without = setUp(work, { prefetch: 0 });
    await without.pass(3000);
    expect([ahead.seen.done, without.seen.done]).toEqual([60, 60]);
    // 60 jobs of 20 ms, two at once, are 600 ms of work; the rest is the first receives, and the time that
    // ticks have.
    expect(ahead.seen.lastAtMs).toBeLessThan(850);
    expect(without.seen.lastAtMs).toBeGreaterThan(1500);
    expect(ahead.seen.receives).toBeLessThan(without.seen.receives / 2);
    expect([ahead.seen.most, without.seen.most]).toEqual([2, 2]);
    await Promise.all([ahead.stop(), without.stop()]);
  });

  it('keeps the leases of messages that wait for their turn', async () => {
    const setup = setUp([10, 10, 9000, 9000, 10, 10, 10]);
    await setup.pass(8500, 100);
    expect(setup.worker.inFlight).toBe(5);
    expect(receiveCounts(setup)).toEqual([1, 1, 1, 1, 1]);
    await setup.pass(2000, 100);
    expect([setup.seen.done, setup.queue.messages()]).toEqual([7, []]);
    await setup.stop();
  });

  it('gives back what waits longer than ten seconds, once, and prefetches again only when jobs end', async () => {
    const setup = setUp([10, 10, 3_600_000, 3_600_000, 10, 10, 10]);
    await setup.pass(60_000, 500);
    expect(receiveCounts(setup)).toEqual([1, 1, 1, 1, 1]);
    expect(setup.queue.depth()).toMatchObject({ visible: 3, inFlight: 2 });
    expect([setup.seen.returned, setup.worker.inFlight]).toEqual([3, 2]);
    await setup.stop();
  });

  it('gives back what waits when the worker stops, at once, and lets the rest finish', async () => {
    const setup = setUp([10, 10, 90, 90, 10, 10, 10]);
    await setup.pass(120);
    expect(setup.worker.inFlight).toBe(5);
    const stopped = setup.worker.stop({ graceMs: 60_000 });
    await settle();
    expect(setup.queue.depth()).toMatchObject({ visible: 3, inFlight: 2 });
    await setup.pass(200);
    expect(await stopped).toEqual({ abandoned: 0 });
    expect([setup.seen.done, setup.seen.returned, setup.seen.errors]).toEqual([4, 3, []]);
  });

  it('holds what waits while nothing may be taken on', async () => {
    let open = false;
    const setup = setUp([10, 10, 100, 100, 10, 10, 10], {
      allowance: (free) => (open ? 0 : free),
    });
    await setup.pass(120);
    open = true;
    await setup.pass(5000, 100);
    expect(setup.seen.done).toBe(4);
    expect(receiveCounts(setup)).toEqual([1, 1, 1]);
    open = false;
    await setup.pass(2000, 100);
    expect(setup.seen.done).toBe(7);
    await setup.stop();
  });

  it('never works on a message whose lease was lost while it waited', async () => {
    const setup = setUp([10, 10, 9000, 9000, 10]);
    await setup.pass(120);
    expect(setup.worker.inFlight).toBe(3);
    const lost = Object.assign(new Error('gone'), { code: 'lease-lost', retryable: false });
    const { extend } = setup.jobs;
    setup.jobs.extend = (message, seconds) =>
      message.body === '10' ? Promise.reject(lost) : extend(message, seconds);
    await setup.pass(9500, 100);
    // Lost twice while it waited, and done once, when there was room for it.
    expect([setup.seen.done, setup.seen.lost]).toEqual([5, 2]);
    await setup.stop();
  });
});

describe(PrefetchEstimator, () => {
  it('lets wait what is done in about a second, and nothing before it knows', () => {
    const pace = new PrefetchEstimator();
    expect(pace.ahead(4, 10)).toBe(0);
    pace.record(1000);
    expect(pace.ahead(4, 10)).toBe(4);
    for (let job = 0; job < 30; job += 1) pace.record(60_000);
    expect(pace.ahead(4, 10)).toBe(0);
    for (let job = 0; job < 60; job += 1) pace.record(5);
    expect(pace.ahead(4, 10)).toBe(10);
    pace.forget();
    expect(pace.ahead(4, 10)).toBe(0);
  });
});
