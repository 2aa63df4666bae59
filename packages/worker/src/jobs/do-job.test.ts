import type { CallHooks } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  NOISE,
  receive,
} from '../../test/support/memory-world.ts';
import { WorkInterrupted } from '../queue/lease.ts';
import { doJob } from './do-job.ts';
import { handleMessage } from './handle-message.ts';

const never = new AbortController().signal;

async function handleNext(world: MemoryWorld, signal = never): Promise<string[]> {
  const records = await handleMessage(await receive(world), world.dependencies, signal);
  return records.map(({ outcome }) => outcome);
}

/** Makes every call that matches fail, as long as `broken` says so. */
function failing(pattern: RegExp, code: string, state: { broken: boolean }): CallHooks {
  return {
    before({ operation }) {
      if (!state.broken || !pattern.test(operation)) return;
      throw Object.assign(new Error(`${operation} failed`), { code, retryable: code !== 'access-denied' });
    },
  };
}

/** Makes a call fail as it does when its service, or its client, can never take it. */
function refusing(refused: string): CallHooks {
  return {
    before({ operation }) {
      if (operation === refused)
        throw Object.assign(new Error(`${operation} is refused`), { code: 'invalid', retryable: false });
    },
  };
}

async function untilDone(world: MemoryWorld): Promise<string[]> {
  const outcomes: string[] = [];
  while (world.messages.messages().length > 0 && outcomes.length < 30) {
    await world.clock.advance(1_000_000);
    outcomes.push(...(await handleNext(world)));
  }
  return outcomes;
}

describe(doJob, () => {
  it('does a dead letter really again when somebody mended the cause and sent it back', async () => {
    const state = { broken: true };
    const world = createMemoryWorld(failing(/object-store\.read/, 'access-denied', state));
    await world.put('a.txt', 'word');
    expect(await untilDone(world)).toEqual([
      'retry:access-denied',
      'retry:access-denied',
      'failed:access-denied',
    ]);
    const [letter] = await world.deadLetters.peek(1);
    state.broken = false;
    world.messages.send(letter?.message.body ?? '');
    expect(await handleNext(world)).toEqual(['counted']);
    expect(await world.results.latest(BUCKET, 'a.txt')).toMatchObject({
      outcome: 'counted',
    });
    expect(world.publisher.published.map(({ outcome }) => outcome)).toEqual([
      'failed:access-denied',
      'counted',
    ]);
  });

  it('tries a dead letter that was sent back as often as any other', async () => {
    const world = createMemoryWorld(failing(/object-store\.read/, 'unavailable', { broken: true }));
    await world.put('a.txt', 'word');
    await untilDone(world);
    world.messages.send((await world.deadLetters.peek(1))[0]?.message.body ?? '');
    expect(await untilDone(world)).toEqual(['retry:unavailable', 'retry:unavailable', 'duplicate']);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 2 });
  });

  it.each(['result-publisher', 'notifier', 'mark-published'])(
    'keeps the count while %s is out of reach, and finishes the commit later',
    async (port) => {
      const state = { broken: true };
      const hooks = failing(new RegExp(port), 'unavailable', state);
      const world = createMemoryWorld(hooks);
      const each = { ...world, dependencies: { ...world.dependencies, notify: 'each' as const } };
      await world.put('a.txt', 'word');
      for (let tries = 0; tries < 6; tries += 1) {
        await world.clock.advance(1_000_000);
        expect(await handleNext(each)).toEqual(['retry:unavailable']);
      }
      state.broken = false;
      await world.clock.advance(1_000_000);
      expect(await handleNext(each)).toEqual(['duplicate']);
      expect(await world.results.latest(BUCKET, 'a.txt')).toMatchObject({
        outcome: 'counted',
        publishedAt: expect.any(Date),
      });
      expect(new Set(world.publisher.published.map(({ jobId }) => jobId)).size).toBe(1);
      expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
    },
  );

  it('blames no job while every job fails in the same way', async () => {
    const state = { broken: true };
    const world = createMemoryWorld(failing(/object-store\.read/, 'access-denied', state));
    const during = { ...world, dependencies: { ...world.dependencies, isOutage: () => state.broken } };
    await world.put('a.txt', 'word');
    for (let tries = 0; tries < 8; tries += 1) {
      await world.clock.advance(1_000_000);
      expect(await handleNext(during)).toEqual(['retry:access-denied']);
    }
    state.broken = false;
    await world.clock.advance(1_000_000);
    expect(await handleNext(during)).toEqual(['counted']);
  });

  it('does not count again what an earlier receive has recorded', async () => {
    const calls: string[] = [];
    const state = { broken: true };
    const { before } = failing(/job-queue\.delete/, 'unavailable', state);
    const world = createMemoryWorld({
      before(call) {
        calls.push(call.operation);
        return before?.(call);
      },
    });
    await world.put('a.txt', 'word');
    expect(await handleNext(world)).toEqual(['counted', 'retry:unavailable']);
    state.broken = false;
    calls.length = 0;
    await world.clock.advance(1_000_000);
    expect(await handleNext(world)).toEqual(['duplicate']);
    expect(calls.filter((call) => /object-store|result/.test(call))).toEqual([
      'result-store.find',
      'result-publisher.publish',
    ]);
  });

  it('counts again when the words of the record are lost, and so writes them again', async () => {
    const state = { broken: true };
    const world = createMemoryWorld(failing(/job-queue\.delete/, 'unavailable', state));
    await world.put('a.txt', 'word');
    await handleNext(world);
    state.broken = false;
    await world.clock.advance(1_000_000);
    const lost = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('no such object'), { code: 'not-found', retryable: false }));
    // As the store over DynamoDB: a result with words writes them before the store looks at the record.
    const { results: kept } = world.dependencies;
    const save: typeof kept.save = (result) => (result.words.length === 0 ? lost() : kept.save(result));
    const results = { ...kept, find: lost, save };
    const lacking = { ...world, dependencies: { ...world.dependencies, results } };
    expect(await handleNext(lacking)).toEqual(['duplicate']);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
  });

  it('leaves a message alone that is not its own any more', async () => {
    const world = createMemoryWorld();
    await world.put('a.txt', 'word');
    const lost = new AbortController();
    lost.abort(new WorkInterrupted('lease-lost', 'gone'));
    const calls: string[] = [];
    const queue = {
      delete: async () => void calls.push('delete'),
      release: async () => void calls.push('release'),
      quarantine: async () => void calls.push('quarantine'),
    };
    const records = await handleMessage(await receive(world), { ...world.dependencies, queue }, lost.signal);
    expect(records).toMatchObject([{ outcome: 'lost-lease' }]);
    expect(calls).toEqual([]);
  });

  it('tells people of a message that nobody understands before it is quarantined, and not when they do not want to know', async () => {
    const world = createMemoryWorld();
    world.messages.send('hello <script>');
    await handleNext(world);
    expect(world.notifier.notifications).toMatchObject([
      {
        kind: 'message-quarantined',
        subject: 'wordfreq: a message was not understood',
        text: expect.stringContaining('hello <script>'),
      },
    ]);
    world.messages.send('hello again');
    const quiet = { ...world, dependencies: { ...world.dependencies, notify: 'none' as const } };
    await handleNext(quiet);
    expect(world.notifier.notifications).toHaveLength(1);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 2 });
  });

  it.each(['result-store.save', 'result-publisher.publish'])(
    'gives a message up at once whose outcome %s refuses as it is, with the reason, and tells people',
    async (operation) => {
      const world = createMemoryWorld(refusing(operation));
      await world.put('a.txt', 'word');
      expect(await handleNext(world)).toEqual(['quarantined:invalid']);
      expect(world.messages.messages()).toEqual([]);
      const [letter] = await world.deadLetters.peek(1);
      expect(letter?.reason).toMatchObject({
        code: 'invalid',
        detail: `The outcome cannot be stored or sent. ${operation} is refused`,
      });
      expect(letter?.reason?.facts?.get('key')).toBe('a.txt');
      expect(world.notifier.notifications).toMatchObject([{ kind: 'message-quarantined' }]);
    },
  );

  it('says both why a job failed and why that cannot be stored', async () => {
    const world = createMemoryWorld(refusing('result-store.save'));
    await world.put('a.txt', NOISE);
    expect(await handleNext(world)).toEqual(['quarantined:invalid']);
    const [letter] = await world.deadLetters.peek(1);
    expect(letter?.reason?.detail).toMatch(/save is refused Before that, the job failed with not-text: /);
  });

  it('gives a message up after three tries when a fault of ours keeps its outcome from being stored', async () => {
    const world = createMemoryWorld({
      before({ operation }) {
        if (operation === 'result-store.save') throw new TypeError('x is undefined');
      },
    });
    await world.put('a.txt', 'word');
    expect(await untilDone(world)).toEqual(['retry:internal', 'retry:internal', 'quarantined:internal']);
  });

  it('quarantines a message that nobody understands although its mail is refused as it is', async () => {
    const world = createMemoryWorld(refusing('notifier.notify'));
    world.messages.send('hello');
    expect(await handleNext(world)).toEqual(['quarantined:not-json']);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 1 });
  });

  it('keeps a message that nobody understands while people cannot be told', async () => {
    const state = { broken: true };
    const world = createMemoryWorld(failing(/notifier/, 'throttled', state));
    world.messages.send('hello');
    expect(await handleNext(world)).toEqual(['retry:throttled']);
    state.broken = false;
    expect(await untilDone(world)).toEqual(['quarantined:not-json']);
  });
});
