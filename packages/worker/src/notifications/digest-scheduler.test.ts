import {
  createManualClock,
  createMemoryDigestOutbox,
  createMemoryNotifier,
} from '@org/wordfreq-aws-adapters/memory';
import type { QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { createDigestScheduler, type DigestSchedulerOptions } from './digest-scheduler.ts';

const EMPTY: QueueDepth = { visible: 0, inFlight: 0, delayed: 0 };

function setUp(change: Partial<DigestSchedulerOptions> = {}) {
  const clock = createManualClock();
  const outbox = createMemoryDigestOutbox();
  const notifier = createMemoryNotifier();
  const problems: unknown[] = [];
  const options = {
    clock,
    outbox,
    notifier,
    queue: { depth: async () => EMPTY },
    intervalMs: 60_000,
    onProblem: (error: unknown) => problems.push(error),
    ...change,
  };
  const news = (id: string): Promise<void> => outbox.add({ id, outcome: 'counted', at: clock.now() });
  return { clock, notifier, problems, news, post: createDigestScheduler(options), options };
}

describe(createDigestScheduler, () => {
  it('tells the rest when the last worker stops, because none may run again for days', async () => {
    const { clock, notifier, news, post } = setUp();
    await news('job-1');
    await post.whenDue();
    await news('job-2');
    await post.whenDue();
    expect(notifier.notifications).toHaveLength(1);
    await clock.advance(10_000);
    await post.whenStopping();
    expect(notifier.notifications).toHaveLength(2);
    expect(clock.sleepers).toBe(0);
  });

  it.each([
    { ...EMPTY, visible: 1 },
    { ...EMPTY, inFlight: 1 },
    { ...EMPTY, delayed: 1 },
  ])(
    'leaves it to others when a worker stops while there is work: $visible, $inFlight, $delayed',
    async (depth) => {
      const { notifier, news, post } = setUp({ queue: { depth: async () => depth } });
      await news('job-1');
      await post.whenStopping();
      expect(notifier.notifications).toEqual([]);
    },
  );

  it('tells once when several workers stop together', async () => {
    const { notifier, news, post, options } = setUp();
    await news('job-1');
    await Promise.all([post.whenStopping(), createDigestScheduler(options).whenStopping()]);
    expect(notifier.notifications).toHaveLength(1);
  });

  it('never throws, and never keeps a worker from stopping', async () => {
    const depth = ({ signal }: { signal?: AbortSignal } = {}): Promise<QueueDepth> =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('late'))));
    const { clock, problems, post } = setUp({ queue: { depth } });
    const stopping = post.whenStopping();
    await clock.advance(2000);
    await stopping;
    expect(problems).toMatchObject([{ message: 'late' }]);
  });
});
