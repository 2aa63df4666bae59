import {
  createManualClock,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryQueue,
  type MemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import type { CallOptions, JobSender } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { createPurge, createRedrive } from './create-redrive.ts';

function setUp(bodies: readonly string[], senderOf?: (deadLetters: MemoryQueue) => JobSender) {
  const clock = createManualClock();
  const deadLetters = createMemoryQueue({ clock });
  const jobs = createMemoryQueue({ clock });
  const ids = bodies.map((body) => deadLetters.send(body));
  const from = createMemoryJobQueue({ queue: deadLetters, deadLetters, clock });
  const to = senderOf?.(deadLetters) ?? createMemoryJobSender({ queue: jobs });
  const redrive = createRedrive({ from, to, clock });
  /** The last look finds nothing for a second. */
  async function run(chosen?: readonly string[], call?: CallOptions): Promise<number> {
    const [sent] = await Promise.all([redrive({ ids: chosen }, call), clock.advanceToNext()]);
    return sent;
  }
  return { ids, run, deadLetters, bodiesSent: () => jobs.messages().map(({ body }) => body) };
}

describe('createRedrive', () => {
  it('sends all back, more than one batch of them, and leaves nothing behind', async () => {
    const bodies = Array.from({ length: 23 }, (_, index) => `job ${index}`);
    const { run, deadLetters, bodiesSent } = setUp(bodies);
    expect(await run()).toBe(23);
    expect(bodiesSent()).toEqual(bodies);
    expect(deadLetters.messages()).toEqual([]);
  });

  it('sends only what was asked for, and gives the others back at once', async () => {
    const { ids, run, deadLetters, bodiesSent } = setUp(['a', 'b', 'c']);
    expect(await run([ids[1] ?? ''])).toBe(1);
    expect(bodiesSent()).toEqual(['b']);
    expect(deadLetters.depth()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  it('sends nothing for an id that is not there', async () => {
    const { run, deadLetters } = setUp(['a']);
    expect(await run(['no such message'])).toBe(0);
    expect(deadLetters.depth().visible).toBe(1);
  });

  it('deletes nothing that could not be sent', async () => {
    const { run, deadLetters } = setUp(['a', 'b'], () => ({ send: () => Promise.reject(new Error('down')) }));
    await expect(run()).rejects.toThrow('down');
    expect(deadLetters.messages().map(({ body }) => body)).toEqual(['a', 'b']);
    expect(deadLetters.depth()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  it.each([
    ['all', undefined],
    ['one by its id', 0],
  ])('sends a letter that fails again at once back once: %s', async (_, index) => {
    const sent: string[] = [];
    const { ids, run, deadLetters } = setUp(['a', 'b'], (queue) => ({
      async send(bodies) {
        sent.push(...bodies);
        for (const body of bodies) queue.send(body);
      },
    }));
    expect(await run(index === undefined ? undefined : [ids[index] ?? ''])).toBe(index === undefined ? 2 : 1);
    expect(sent).toEqual(index === undefined ? ['a', 'b'] : ['a']);
    expect(deadLetters.depth()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  it('leaves letters alone that come in while it looks', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    deadLetters.send('there');
    const queue = createMemoryJobQueue({ queue: deadLetters, deadLetters, clock });
    const sent: string[] = [];
    let late = 0;
    const redrive = createRedrive({
      from: {
        ...queue,
        async receive(options) {
          const messages = await queue.receive({ ...options, waitSeconds: 0 });
          await clock.advance(1000);
          late += 1;
          deadLetters.send(`late ${late}`);
          return messages;
        },
      },
      to: { send: async (bodies) => void sent.push(...bodies) },
      clock,
    });
    expect(await redrive()).toBe(1);
    expect(sent).toEqual(['there']);
    expect(deadLetters.depth()).toEqual({ visible: late, inFlight: 0, delayed: 0 });
  });

  it('stops between two batches when it is aborted, and gives the rest back', async () => {
    const stop = new AbortController();
    const bodies = Array.from({ length: 23 }, (_, index) => `job ${index}`);
    const { run, deadLetters } = setUp(bodies, () => ({ send: async () => stop.abort() }));
    expect(await run(undefined, { signal: stop.signal })).toBe(10);
    expect(deadLetters.depth()).toEqual({ visible: 13, inFlight: 0, delayed: 0 });
  });

  it('sends nothing when it is aborted while it looks', async () => {
    const { run, deadLetters, bodiesSent } = setUp(['a']);
    expect(await run(undefined, { signal: AbortSignal.abort() })).toBe(0);
    expect(bodiesSent()).toEqual([]);
    expect(deadLetters.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

describe('letters of one reason', () => {
  function withReasons() {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    for (const [body, reasonCode] of [
      ['a', 'not-text'],
      ['b', 'access-denied'],
      ['c', 'not-text'],
    ] as const) {
      deadLetters.send(body, { attributes: new Map([['reasonCode', reasonCode]]) });
    }
    deadLetters.send('moved by the queue');
    const from = createMemoryJobQueue({ queue: deadLetters, deadLetters, clock });
    const left = () => deadLetters.messages().map(({ body }) => body);
    return { clock, from, left };
  }

  it('are sent back, and no others', async () => {
    const { clock, from, left } = withReasons();
    const sent: string[] = [];
    const to = { send: async (bodies: readonly string[]) => void sent.push(...bodies) };
    const redrive = createRedrive({ from, to, clock });
    await Promise.all([redrive({ reason: 'not-text' }), clock.advanceToNext()]);
    expect([sent, left()]).toEqual([
      ['a', 'c'],
      ['b', 'moved by the queue'],
    ]);
    await Promise.all([redrive({ reason: 'received-too-often' }), clock.advanceToNext()]);
    expect([sent.at(-1), left()]).toEqual(['moved by the queue', ['b']]);
  });

  it('are deleted, and no others', async () => {
    const { clock, from, left } = withReasons();
    const purge = createPurge({ from, clock });
    const [deleted] = await Promise.all([purge({ reason: 'not-text' }), clock.advanceToNext()]);
    expect([deleted, left()]).toEqual([2, ['b', 'moved by the queue']]);
  });
});
