import type { CallHooks } from '@org/wordfreq-aws-adapters/memory';
import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  VISIBILITY_SECONDS,
} from '../../test/support/memory-world.ts';
import { requireAttemptsLeft } from './attempts.ts';
import { handleMessage } from './handle-message.ts';

const never = new AbortController().signal;

async function receive(world: MemoryWorld): Promise<QueueMessage | undefined> {
  await world.clock.advance(1_000_000);
  const asked = { maxMessages: 1, waitSeconds: 0, visibilitySeconds: VISIBILITY_SECONDS };
  return (await world.queue.receive(asked))[0];
}

/** Lets the queue hand the message out to workers that are killed each time. */
async function dieWith(world: MemoryWorld, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) expect(await receive(world)).toBeDefined();
}

async function handleUntilGone(world: MemoryWorld, signal = never): Promise<string[]> {
  const outcomes: string[] = [];
  for (let message = await receive(world); message !== undefined; message = await receive(world)) {
    const records = await handleMessage(message, world.dependencies, signal);
    outcomes.push(...records.map(({ outcome }) => `${message?.receiveCount}: ${outcome}`));
  }
  return outcomes;
}

function failing(pattern: RegExp, code = 'unavailable'): CallHooks {
  return {
    before({ operation }) {
      if (!pattern.test(operation)) return;
      throw Object.assign(new Error(`${operation} failed`), { code, retryable: true });
    },
  };
}

const world = (hooks: CallHooks = {}, maxReceives = 10): MemoryWorld =>
  createMemoryWorld(hooks, () => 0.5, { maxReceives });

describe(requireAttemptsLeft, () => {
  it('gives up what kills its workers, with a record, a reason and a mail, before the queue moves it without any', async () => {
    const deadly = world();
    await deadly.put('deadly.txt', 'words');
    await dieWith(deadly, 8);
    expect(await handleUntilGone(deadly)).toEqual(['9: failed:attempts-exhausted']);
    expect(await deadly.results.latest(BUCKET, 'deadly.txt')).toMatchObject({
      outcome: 'failed:attempts-exhausted',
      error: { message: expect.stringMatching(/^Tried 8 times without an outcome\. No failure is known/) },
    });
    const [letter] = await deadly.deadLetters.peek(1);
    expect(letter?.reason?.code).toBe('attempts-exhausted');
    expect(letter?.reason?.facts?.get('key')).toBe('deadly.txt');
    expect(deadly.notifier.notifications).toMatchObject([{ kind: 'job-failed' }]);
  });

  it('names the last error that is known', async () => {
    let failures = 1;
    const hooks = failing(/object-store\.read/, 'throttled');
    const tired = world({ before: (call) => (failures > 0 ? hooks.before?.(call) : undefined) });
    await tired.put('a.txt', 'words');
    const first = await receive(tired);
    if (first !== undefined) await handleMessage(first, tired.dependencies, never);
    failures = 0;
    await dieWith(tired, 7);
    expect(await handleUntilGone(tired)).toEqual(['9: failed:attempts-exhausted']);
    expect((await tired.deadLetters.peek(1))[0]?.reason?.detail).toMatch(
      /Tried 8 times without an outcome\. Of 1 a failure is known.*throttled: object-store\.read failed$/,
    );
  });

  it('does the job once more when a crash came after its record, and gives nothing up', async () => {
    const done = world();
    await done.put('a.txt', 'words');
    const first = await receive(done);
    const queue = { ...done.queue, delete: async () => undefined };
    if (first !== undefined) await handleMessage(first, { ...done.dependencies, queue }, never);
    await dieWith(done, 8);
    expect(await handleUntilGone(done)).toEqual(['10: duplicate']);
    expect(await done.deadLetters.depth()).toMatchObject({ visible: 0 });
  });

  it('lets a job have all the tries of a queue that allows few, as long as each has its recorded failure', async () => {
    const few = world(failing(/object-store\.read/), 3);
    await few.put('a.txt', 'words');
    expect(await handleUntilGone(few)).toEqual([
      '1: retry:unavailable',
      '2: retry:unavailable',
      '3: failed:unavailable',
    ]);
  });
});

describe('the last receive', () => {
  it('ends with a reason although the store is out of reach', async () => {
    const dark = world(failing(/result-store|notifier/));
    await dark.put('a.txt', 'words');
    expect((await handleUntilGone(dark)).at(-1)).toBe('10: quarantined:attempts-exhausted');
    const [letter, ...others] = await dark.deadLetters.peek(10);
    expect(others).toEqual([]);
    expect(letter?.reason?.detail).toMatch(/^Tried 10 times.*ended with unavailable: result-store/);
    expect(letter?.reason?.facts?.get('key')).toBe('a.txt');
  });

  it.each([
    ['a message that nobody understands', 'not-json'],
    ['a job whose store is out of reach, too', 'attempts-exhausted'],
  ])('keeps the reason of %s while the dead-letter queue is out of reach for minutes', async (_, code) => {
    let refused = 0;
    const hooks = failing(/quarantine\.send/);
    const store = failing(/result-store/);
    const dark = world({
      before(call) {
        if (code === 'attempts-exhausted') store.before?.(call);
        if (call.operation !== 'job-queue.quarantine.send' || refused === 5) return;
        refused += 1;
        hooks.before?.(call);
      },
    });
    if (code === 'not-json') dark.messages.send('hello');
    else await dark.put('a.txt', 'words');
    await dieWith(dark, 9);
    const message = await receive(dark);
    if (message === undefined) throw new Error('Expected a tenth receive.');
    const handled = handleMessage(message, dark.dependencies, never);
    for (let second = 0; second < 200; second += 1) {
      await dark.clock.advance(1000);
      if (second % 30 === 0) await dark.queue.extend(message, VISIBILITY_SECONDS).catch(() => undefined);
    }
    expect((await handled).map(({ outcome }) => outcome)).not.toContainEqual(
      expect.stringMatching(/^retry:/),
    );
    expect(refused).toBe(5);
    await dark.clock.advance(1_000_000);
    const letters = await dark.deadLetters.peek(10);
    expect(letters.map(({ reason }) => reason?.code)).toEqual([code]);
    expect(await dark.queue.depth()).toMatchObject({ visible: 0, inFlight: 0 });
  });

  it('is not waited for once the message is no longer ours', async () => {
    const dark = world(failing(/result-store|quarantine\.send/));
    await dark.put('a.txt', 'words');
    await dieWith(dark, 9);
    const message = await receive(dark);
    if (message === undefined) throw new Error('Expected a tenth receive.');
    const lost = new AbortController();
    const handled = handleMessage(message, dark.dependencies, lost.signal);
    await dark.clock.advance(1000);
    lost.abort();
    expect((await handled).map(({ outcome }) => outcome)).toContain('retry:unavailable');
  });

  it('keeps the reason of a message that nobody understands, although nobody could be told', async () => {
    const mute = world(failing(/notifier/));
    mute.messages.send('hello');
    expect((await handleUntilGone(mute)).at(-1)).toBe('10: quarantined:not-json');
    expect((await mute.deadLetters.peek(1))[0]?.reason?.code).toBe('not-json');
  });

  it('tells people what was given up, by its key', async () => {
    const dark = world(failing(/result-store/));
    await dark.put('a.txt', 'words');
    await handleUntilGone(dark);
    expect(dark.notifier.notifications).toMatchObject([
      {
        subject: 'wordfreq: a message was given up',
        text: expect.stringContaining(`a.txt of bucket ${BUCKET}`),
      },
    ]);
  });

  it('is not known where the queue never moves a message, so nothing is given up', async () => {
    const patient = createMemoryWorld();
    await patient.put('a.txt', 'words');
    await dieWith(patient, 30);
    expect(await handleUntilGone(patient)).toEqual(['31: counted']);
  });
});
