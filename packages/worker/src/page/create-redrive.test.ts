import {
  createManualClock,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import type { JobSender } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { createRedrive } from './create-redrive.ts';

function setUp(bodies: readonly string[], sender?: JobSender) {
  const clock = createManualClock();
  const deadLetters = createMemoryQueue({ clock });
  const jobs = createMemoryQueue({ clock });
  const ids = bodies.map((body) => deadLetters.send(body));
  const from = createMemoryJobQueue({ queue: deadLetters, deadLetters, clock });
  const redrive = createRedrive({ from, to: sender ?? createMemoryJobSender({ queue: jobs }) });
  /** The last look finds nothing for a second. */
  async function run(chosen?: readonly string[]): Promise<number> {
    const [sent] = await Promise.all([redrive(chosen), clock.advanceToNext()]);
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
    const sender: JobSender = { send: () => Promise.reject(new Error('down')) };
    const { run, deadLetters } = setUp(['a', 'b'], sender);
    await expect(run()).rejects.toThrow('down');
    expect(deadLetters.messages().map(({ body }) => body)).toEqual(['a', 'b']);
  });
});
