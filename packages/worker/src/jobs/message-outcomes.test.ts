import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import type { CallHooks } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  NOISE,
  receive,
} from '../../test/support/memory-world.ts';
import { createInlineCounting } from '../counting/inline-counting.ts';
import { WorkInterrupted } from '../queue/lease.ts';
import { type HandleMessageDependencies, handleMessage } from './handle-message.ts';
import type { RecordOutcome } from './record-outcome.ts';

const never = new AbortController().signal;
const at = new Date('2026-01-02T00:00:00Z');

async function handleNext(
  world: MemoryWorld,
  signal = never,
  change: Partial<HandleMessageDependencies> = {},
): Promise<readonly RecordOutcome[]> {
  return handleMessage(await receive(world), { ...world.dependencies, ...change }, signal);
}

const outcomes = (records: readonly RecordOutcome[]): string[] => records.map(({ outcome }) => outcome);
const left = ({ messages }: MemoryWorld): number => messages.messages().length;
const fault = (code: string): Error => Object.assign(new Error(`it is ${code}`), { code, retryable: true });

/** Puts two objects, and one message that announces both. */
async function announceTogether(world: MemoryWorld, keys: readonly string[]): Promise<void> {
  for (const key of keys) await world.put(key, `text of ${key}`);
  const records = world.messages.messages().flatMap(({ body }) => JSON.parse(body).Records);
  const asked = { maxMessages: keys.length, waitSeconds: 0, visibilitySeconds: 1 };
  for (const { receipt } of await world.messages.receive(asked)) world.messages.delete(receipt);
  world.messages.send(JSON.stringify({ Records: records }));
}

describe('events that are no work', () => {
  it.each([
    ['{"Event":"s3:TestEvent","Bucket":"b"}', 'test-event'],
    [
      JSON.stringify(
        s3EventFor({
          object: { bucket: BUCKET, key: 'k' },
          sizeBytes: 0,
          at,
          eventName: 'ObjectTagging:Put',
        }),
      ),
      'ignored',
    ],
    [
      JSON.stringify(
        s3EventFor({
          object: { bucket: BUCKET, key: 'k' },
          sizeBytes: 0,
          at,
          eventName: 'ObjectRemoved:Delete',
        }),
      ),
      'removed',
    ],
  ])('have an outcome, and are done: %s', async (body, outcome) => {
    const world = createMemoryWorld();
    world.messages.send(body);
    expect(await handleNext(world)).toEqual([{ outcome }]);
    expect(left(world)).toBe(0);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
  });

  it('do not keep a bad record from the dead letters, nor a good one from being counted', async () => {
    const world = createMemoryWorld();
    await world.put('a.txt', 'word');
    const [{ body } = { body: '' }] = world.messages.messages();
    const asked = { maxMessages: 1, waitSeconds: 0, visibilitySeconds: 1 };
    for (const { receipt } of await world.messages.receive(asked)) world.messages.delete(receipt);
    world.messages.send(JSON.stringify({ Records: [...JSON.parse(body).Records, { eventVersion: '9.0' }] }));
    const [counted, refused] = await handleNext(world);
    expect(counted?.outcome).toBe('counted');
    expect(refused).toEqual({
      outcome: 'quarantined:unsupported-version',
      error: { code: 'unsupported-version', message: expect.stringContaining('got 9.0') },
    });
    const [letter] = await world.deadLetters.peek(2);
    expect(letter?.reason).toMatchObject({ code: 'unsupported-version', detail: refused?.error?.message });
    expect(left(world)).toBe(0);
  });
});

describe('what an event says of its version', () => {
  it('orders its record, also when the version is gone', async () => {
    const world = createMemoryWorld();
    const object = { bucket: BUCKET, key: 'gone.txt', eTag: 'e1' };
    world.messages.send(JSON.stringify(s3EventFor({ object, sizeBytes: 1, at, sequencer: '0A' })));
    expect(outcomes(await handleNext(world))).toEqual(['gone']);
    expect(await world.results.latest(BUCKET, 'gone.txt')).toMatchObject({
      sequencer: '0A',
      lastModified: at,
    });
  });

  it('is not made up', async () => {
    const world = createMemoryWorld();
    const [record] = s3EventFor({
      object: { bucket: BUCKET, key: 'gone.txt', eTag: 'e1' },
      sizeBytes: 1,
      at,
    }).Records;
    world.messages.send(JSON.stringify({ Records: [{ ...record, eventTime: undefined }] }));
    await handleNext(world);
    const result = await world.results.latest(BUCKET, 'gone.txt');
    expect(result).not.toHaveProperty('sequencer');
    expect(result).not.toHaveProperty('lastModified');
  });

  it.each([1, 2])('makes a version the latest again that came back, at receive %d', async (receive) => {
    const world = createMemoryWorld();
    for (const body of ['old', 'new', 'old']) {
      await world.put('a.txt', body);
      if (receive === 2) {
        await world.queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 1 });
        await world.clock.advance(1000);
      }
      await handleNext(world);
      await world.clock.advance(1000);
    }
    expect((await world.results.latest(BUCKET, 'a.txt'))?.words).toEqual([{ word: 'old', count: 1 }]);
    expect(new Set(world.publisher.published.map(({ jobId }) => jobId)).size).toBe(2);
  });
});

describe('a record of several', () => {
  it('leaves the whole message alone when it is not ours any more', async () => {
    const lease = new AbortController();
    const ended: string[] = [];
    const world = createMemoryWorld({
      before({ operation, subject }) {
        if (/delete|release|quarantine/.test(operation)) ended.push(operation);
        if (operation !== 'object-store.read' || subject !== 'b.txt') return;
        lease.abort(new WorkInterrupted('lease-lost', 'somebody else has it'));
        throw fault('aborted');
      },
    });
    await announceTogether(world, ['a.txt', 'b.txt']);
    expect(outcomes(await handleNext(world, lease.signal))).toEqual(['counted', 'lost-lease']);
    expect(ended).toEqual([]);
    expect(left(world)).toBe(1);
  });

  it('sends the message back for as long as the most patient one wants', async () => {
    const world = createMemoryWorld({
      before({ operation }) {
        if (operation === 'object-store.read') throw fault('throttled');
      },
    });
    await announceTogether(world, ['a.txt', 'b.txt']);
    const dice = [0.9, 0.2];
    const random = (): number => dice.shift() ?? 0;
    expect(outcomes(await handleNext(world, never, { random }))).toEqual([
      'retry:throttled',
      'retry:throttled',
    ]);
    await world.clock.advance(8999);
    await expect(handleNext(world)).rejects.toThrow('empty queue');
    await world.clock.advance(1);
    await handleNext(world);
  });
});

describe('a job whose lease ends', () => {
  it('commits nothing, though all is counted', async () => {
    const world = createMemoryWorld();
    const lease = new AbortController();
    const inline = createInlineCounting();
    const counting = {
      ...inline,
      open: (task: Parameters<typeof inline.open>[0]) => {
        const session = inline.open(task);
        return {
          ...session,
          async finish() {
            const summary = await session.finish();
            lease.abort(new WorkInterrupted('lease-lost', 'too late'));
            return summary;
          },
        };
      },
    };
    await world.put('a.txt', 'word');
    expect(outcomes(await handleNext(world, lease.signal, { counting }))).toEqual(['lost-lease']);
    expect(await world.results.latest(BUCKET, 'a.txt')).toBeUndefined();
  });

  it('is interrupted, not failed, when the store is told to stop', async () => {
    let asked = 0;
    const hooks: CallHooks = {
      before({ operation }) {
        if (operation === 'result-store.record-failure') asked += 1;
        if (operation === 'object-store.read') throw fault('aborted');
      },
    };
    const world = createMemoryWorld(hooks);
    await world.put('a.txt', 'word');
    expect(outcomes(await handleNext(world))).toEqual(['interrupted']);
    expect(asked).toBe(0);
    expect(left(world)).toBe(1);
  });
});

describe('failures', () => {
  it('are counted by themselves, however often the message was interrupted', async () => {
    let code = 'aborted';
    const world = createMemoryWorld({
      before({ operation }) {
        if (operation === 'object-store.read') throw fault(code);
      },
    });
    await world.put('a.txt', 'word');
    for (let round = 0; round < 4; round += 1) await handleNext(world);
    code = 'throttled';
    expect(outcomes(await handleNext(world))).toEqual(['retry:throttled']);
  });

  it('say why, in the outcome and in the dead letter', async () => {
    const world = createMemoryWorld();
    await world.put('noise.txt', NOISE);
    const [failed] = await handleNext(world);
    expect(failed?.error).toMatchObject({ code: 'not-text', message: expect.stringContaining('4000 bytes') });
    // Its words were not counted, but how large it is, is known.
    expect([failed?.bytes, failed?.words]).toEqual([4000, 0]);
    const [letter] = await world.deadLetters.peek(1);
    expect(letter?.reason?.facts).toEqual(
      new Map([
        ['bucket', BUCKET],
        ['key', 'noise.txt'],
        ['jobId', failed?.jobId],
        ['outcome', 'failed:not-text'],
      ]),
    );
  });

  it.each([
    ['job-queue.delete', 'word', ['counted', 'retry:unavailable']],
    ['notifier.notify', undefined, ['retry:unavailable']],
  ])('outside of a job say why, too: %s', async (failing, text, expected) => {
    const world = createMemoryWorld({
      before({ operation }) {
        if (operation === failing) throw fault('unavailable');
      },
    });
    if (text === undefined) world.messages.send('no JSON');
    else await world.put('a.txt', text);
    const records = await handleNext(world);
    expect(outcomes(records)).toEqual(expected);
    expect(records.at(-1)?.error).toEqual({ code: 'unavailable', message: 'it is unavailable' });
  });
});
