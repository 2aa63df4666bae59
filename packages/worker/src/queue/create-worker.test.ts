import {
  createManualClock,
  createMemoryJobQueue,
  createMemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { createWorker } from './create-worker.ts';
import type { WorkerOptions } from './worker-options.ts';

function setUp(options: Partial<WorkerOptions> & Pick<WorkerOptions, 'process'>, messages: number) {
  const clock = createManualClock();
  const queue = createMemoryQueue({ clock });
  const jobs = createMemoryJobQueue({ queue, deadLetters: createMemoryQueue({ clock }), clock });
  for (let index = 0; index < messages; index += 1) queue.send(`job ${index}`);
  const errors: unknown[] = [];
  const worker = createWorker({
    queue: jobs,
    clock,
    visibilitySeconds: 30,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { clock, queue, jobs, worker, errors };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe(createWorker, () => {
  it('does not let a slow message hold up the others', async () => {
    const done: string[] = [];
    const setup = setUp(
      {
        concurrency: 2,
        async process(message: QueueMessage, signal: AbortSignal) {
          if (message.body === 'job 0')
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
          done.push(message.body);
          await setup.jobs.delete(message);
        },
      },
      6,
    );
    await settle();
    expect(done).toEqual(['job 1', 'job 2', 'job 3', 'job 4', 'job 5']);
    expect(setup.worker.inFlight).toBe(1);
    const stopped = setup.worker.stop({ graceMs: 1000 });
    await settle();
    await setup.clock.advance(1000);
    await stopped;
  });

  it('keeps a message invisible to others as long as its work takes', async () => {
    let finish = (): void => undefined;
    const setup = setUp(
      {
        process: async (message) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          await setup.jobs.delete(message);
        },
      },
      1,
    );
    await settle();
    for (let minute = 0; minute < 10; minute += 1) {
      await setup.clock.advance(60_000);
      await settle();
    }
    expect(setup.queue.messages()).toMatchObject([{ receiveCount: 1 }]);
    finish();
    await settle();
    expect(setup.queue.messages()).toEqual([]);
    await setup.worker.stop({ graceMs: 0 });
  });

  it('tells the work to give up before the lease ends, when it cannot be kept', async () => {
    let gaveUpAt = 0;
    const setup = setUp(
      {
        async process(_message, signal) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          gaveUpAt ||= setup.clock.monotonicMs();
        },
      },
      1,
    );
    setup.jobs.extend = async () => {
      throw Object.assign(new Error('no network'), { code: 'unavailable', retryable: true });
    };
    await settle();
    for (let second = 0; second < 30; second += 1) {
      await setup.clock.advance(1000);
      await settle();
    }
    expect(gaveUpAt).toBeGreaterThan(0);
    expect(gaveUpAt).toBeLessThan(30_000);
    const stopped = setup.worker.stop({ graceMs: 0 });
    await setup.clock.advance(1);
    await stopped;
  });

  it('stops receiving when told, and waits for what is in hand', async () => {
    let finish = (): void => undefined;
    const setup = setUp(
      {
        concurrency: 1,
        process: async (message) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          await setup.jobs.delete(message);
        },
      },
      3,
    );
    await settle();
    const stopped = setup.worker.stop({ graceMs: 60_000 });
    await settle();
    expect(setup.worker.inFlight).toBe(1);
    finish();
    await stopped;
    expect(setup.queue.messages().map(({ receiveCount }) => receiveCount)).toEqual([0, 0]);
    expect(setup.errors).toEqual([]);
  });

  describe('with messages whose results are being written', () => {
    /** Work that is done at once, and writes that end when the test says so. */
    function setUpWriting(messages: number, concurrency: number) {
      const started: string[] = [];
      const writes: (() => void)[] = [];
      const setup = setUp(
        {
          concurrency,
          prefetch: 0,
          async process(message, _signal, onWorked) {
            started.push(message.body);
            onWorked();
            await new Promise<void>((resolve) => writes.push(resolve));
            await setup.jobs.delete(message);
          },
        },
        messages,
      );
      return { ...setup, started, writes };
    }

    it('gives their places to as many others, and no more', async () => {
      const { started, writes, worker } = setUpWriting(9, 3);
      await settle();
      // Three are writing; of three more, each keeps its place until a write ends.
      expect(started).toHaveLength(6);
      writes.shift()?.();
      await settle();
      expect(started).toHaveLength(7);
      expect(worker.inFlight).toBe(6);
      for (let turn = 0; turn < 3; turn += 1) {
        for (const write of writes.splice(0)) write();
        await settle();
      }
      expect([started.length, worker.inFlight]).toEqual([9, 0]);
      await worker.stop({ graceMs: 0 });
    });

    it('keeps their leases, and waits for them when it stops', async () => {
      const { writes, worker, clock, queue } = setUpWriting(2, 2);
      await settle();
      for (let minute = 0; minute < 5; minute += 1) {
        await clock.advance(60_000);
        await settle();
      }
      expect(queue.messages().map(({ receiveCount }) => receiveCount)).toEqual([1, 1]);
      const stopped = worker.stop({ graceMs: 60_000 });
      await settle();
      expect(worker.inFlight).toBe(2);
      for (const write of writes) write();
      expect(await stopped).toEqual({ abandoned: 0 });
      expect(queue.messages()).toEqual([]);
    });
  });

  it('reports what the work throws, and leaves the message to come back', async () => {
    const setup = setUp(
      {
        concurrency: 1,
        process: async () => {
          throw new Error('a bug');
        },
      },
      1,
    );
    await settle();
    expect(setup.errors).toMatchObject([{ message: 'a bug' }]);
    await setup.worker.stop({ graceMs: 0 });
    expect(setup.queue.messages()).toHaveLength(1);
  });

  it('gives up what does not end in time, and says how much', async () => {
    const setup = setUp({ process: () => new Promise(() => undefined) }, 2);
    await settle();
    const stopped = setup.worker.stop({ graceMs: 1000, giveUpMs: 500 });
    await settle();
    await setup.clock.advance(1500);
    expect(await stopped).toEqual({ abandoned: 2 });
  });

  it('prefetches no message that would have to wait for its turn', async () => {
    const setup = setUp({ process: () => new Promise(() => undefined), concurrency: 2 }, 5);
    await settle();
    for (let minute = 0; minute < 10; minute += 1) {
      await setup.clock.advance(60_000);
      await settle();
    }
    expect(setup.queue.messages().map(({ receiveCount }) => receiveCount)).toEqual([1, 1, 0, 0, 0]);
    const stopped = setup.worker.stop({ graceMs: 0, giveUpMs: 0 });
    await setup.clock.advance(1);
    await stopped;
  });

  it('waits also for a message that arrives while it stops', async () => {
    let arrive = (_: readonly QueueMessage[]): void => undefined;
    let finish = (): void => undefined;
    const arrival = new Promise<readonly QueueMessage[]>((resolve) => {
      arrive = resolve;
    });
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const queue = { receive: () => arrival, extend: async () => undefined, release: async () => undefined };
    const { worker } = setUp({ queue, process: () => work }, 0);
    let ended = false;
    const stopped = worker.stop({ graceMs: 60_000 }).finally(() => {
      ended = true;
    });
    arrive([{ id: 'm1', body: '', receipt: 'r1', receiveCount: 1, attributes: new Map() }]);
    await settle();
    expect(ended).toBe(false);
    finish();
    expect(await stopped).toEqual({ abandoned: 0 });
  });

  it('stops once, however often it is told to', async () => {
    const setup = setUp({ process: async (message) => setup.jobs.delete(message) }, 3);
    await settle();
    const stops = [1, 2, 3].map(() => setup.worker.stop({ graceMs: 10_000 }));
    await settle();
    expect(await Promise.all(stops)).toEqual([{ abandoned: 0 }, { abandoned: 0 }, { abandoned: 0 }]);
    await settle();
    expect(setup.clock.sleepers).toBe(0);
  });

  it('asks an unreachable queue ever less often, and counts how often it could not', async () => {
    const setup = setUp({ process: async (message) => setup.jobs.delete(message), concurrency: 1 }, 0);
    await settle();
    let asked = 0;
    const { receive } = setup.jobs;
    setup.jobs.receive = async () => {
      asked += 1;
      throw Object.assign(new Error('no network'), { code: 'unavailable', retryable: true });
    };
    await setup.clock.advance(20_000);
    await setup.clock.advance(600_000);
    expect(asked).toBeLessThan(30);
    expect(setup.worker.failedReceives).toBeGreaterThan(10);
    expect(setup.errors).toHaveLength(asked);
    setup.jobs.receive = receive;
    setup.queue.send('job');
    await setup.clock.advance(30_000);
    await settle();
    expect(setup.queue.messages()).toEqual([]);
    await setup.clock.advance(20_000);
    expect(setup.worker.failedReceives).toBe(0);
    await setup.worker.stop({ graceMs: 0 });
  });

  it('tells when it becomes busy and when it is idle again', async () => {
    const told: boolean[] = [];
    const setup = setUp(
      {
        process: async (message) => setup.jobs.delete(message),
        onBusyChange: (busy) => told.push(busy),
      },
      3,
    );
    await settle();
    expect(told).toEqual([true, false]);
    await setup.worker.stop({ graceMs: 0 });
  });

  it('takes nothing on while it may not', async () => {
    let allowed = 0;
    const setup = setUp(
      { process: async (message) => setup.jobs.delete(message), allowance: () => allowed },
      2,
    );
    await setup.clock.advance(60_000);
    expect(setup.queue.messages()).toHaveLength(2);
    allowed = 1;
    await setup.clock.advance(2000);
    await settle();
    expect(setup.queue.messages()).toEqual([]);
    await setup.worker.stop({ graceMs: 0 });
  });
});
