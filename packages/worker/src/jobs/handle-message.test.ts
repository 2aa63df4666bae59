import type { CallHooks } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  NOISE,
  receive,
} from '../../test/support/memory-world.ts';
import { handleMessage } from './handle-message.ts';
import type { RecordOutcome } from './record-outcome.ts';

const never = new AbortController().signal;

async function handleNext(world: MemoryWorld, signal = never): Promise<readonly RecordOutcome[]> {
  return handleMessage(await receive(world), world.dependencies, signal);
}

const outcomes = (records: readonly RecordOutcome[]): string[] => records.map((record) => record.outcome);
const left = ({ messages }: MemoryWorld): number => messages.messages().length;

describe(handleMessage, () => {
  it('counts an object, records, publishes and deletes', async () => {
    const world = createMemoryWorld();
    await world.put('a.txt', 'to be or not to be');
    expect(outcomes(await handleNext(world))).toEqual(['counted']);
    expect(await world.results.latest(BUCKET, 'a.txt')).toMatchObject({
      outcome: 'counted',
      words: [
        { word: 'be', count: 2 },
        { word: 'to', count: 2 },
        { word: 'not', count: 1 },
        { word: 'or', count: 1 },
      ],
      totals: { bytes: 18, words: 6, distinctWords: 4 },
    });
    expect(world.publisher.published).toHaveLength(1);
    expect(world.notifier.notifications).toEqual([]);
    expect(left(world)).toBe(0);
  });

  it('counts one event that comes twice once', async () => {
    const world = createMemoryWorld();
    await world.put('a.txt', 'word');
    const body = world.messages.messages()[0]?.body ?? '';
    world.messages.send(body);
    const [counted] = await handleNext(world);
    expect(counted?.outcome).toBe('counted');
    const jobId = counted?.jobId;
    await world.clock.advance(1);
    expect(outcomes(await handleNext(world))).toEqual(['duplicate']);
    // The second message may have come because the first result was never sent: a listener drops it by its id.
    expect(world.publisher.published.map((sent) => sent.jobId)).toEqual([jobId, jobId]);
    expect(left(world)).toBe(0);
  });

  it('reports when only the commit of its last count is left', async () => {
    const calls: string[] = [];
    const world = createMemoryWorld({ before: ({ operation }) => void calls.push(operation) });
    const events = [];
    for (const key of ['a.txt', 'b.txt']) {
      await world.put(key, 'word');
      const message = await receive(world);
      events.push(...JSON.parse(message.body).Records);
      await world.queue.delete(message);
    }
    world.messages.send(JSON.stringify({ Records: events }));
    const message = await receive(world);
    calls.length = 0;
    await handleMessage(message, world.dependencies, never, () => calls.push('counted'));
    expect(calls).toEqual([
      'object-store.read',
      'result-store.save',
      'result-publisher.publish',
      'object-store.read',
      'counted',
      'result-store.save',
      'result-publisher.publish',
      'job-queue.delete',
    ]);
  });

  it.each([
    ['an empty object', 'a.txt', '', 'empty'],
    ['a folder marker', 'folder/', '', 'skipped:folder-marker'],
    ['another suffix', 'a.md', 'text', 'skipped:suffix'],
  ])('gives %s its own outcome', async (_, key, body, outcome) => {
    const world = createMemoryWorld();
    await world.put(key, body);
    expect(outcomes(await handleNext(world))).toEqual([outcome]);
    expect((await world.results.history(BUCKET, key)).map((result) => result.outcome)).toEqual([outcome]);
    expect(left(world)).toBe(0);
  });

  it('calls a deleted object gone, and an overwritten version skipped, and counts the newer one', async () => {
    const world = createMemoryWorld();
    await world.put('gone.txt', 'x');
    world.objects.remove({ bucket: BUCKET, key: 'gone.txt' });
    await world.put('new.txt', 'old words');
    await world.put('new.txt', 'new');
    const seen: string[] = [];
    while (left(world) > 0) seen.push(...outcomes(await handleNext(world)));
    expect(seen.sort()).toEqual(['counted', 'gone', 'removed', 'skipped:overwritten']);
    expect((await world.results.latest(BUCKET, 'new.txt'))?.words).toEqual([{ word: 'new', count: 1 }]);
  });

  it('quarantines what is not text, with the reason and the facts, and tells people once', async () => {
    const world = createMemoryWorld();
    await world.put('noise.txt', NOISE);
    expect(outcomes(await handleNext(world))).toEqual(['failed:not-text']);
    const [letter] = await world.deadLetters.peek(10);
    expect(letter?.reason).toMatchObject({ code: 'not-text', detail: expect.stringContaining('4000 bytes') });
    expect(letter?.reason?.facts?.get('key')).toBe('noise.txt');
    expect(world.notifier.notifications).toMatchObject([{ kind: 'job-failed' }]);
    expect(left(world)).toBe(0);
  });

  it.each([
    ['not JSON', 'hello', 'not-json'],
    ['JSON of another shape', '{"a":1}', 'unknown-shape'],
  ])('quarantines %s with its reason', async (_, body, reason) => {
    const world = createMemoryWorld();
    world.messages.send(body);
    expect(outcomes(await handleNext(world))).toEqual([`quarantined:${reason}`]);
    expect((await world.deadLetters.peek(1))[0]?.reason?.code).toBe(reason);
    expect(left(world)).toBe(0);
  });

  it('gives an archived object up with a code that says so, and counts it when it was restored', async () => {
    const world = createMemoryWorld();
    await world.put('old.txt', 'once upon a time');
    const body = world.messages.messages()[0]?.body ?? '';
    world.objects.setStorageClass({ bucket: BUCKET, key: 'old.txt' }, 'DEEP_ARCHIVE');
    expect(outcomes(await handleNext(world))).toEqual(['failed:archived']);
    expect((await world.deadLetters.peek(1))[0]?.reason).toMatchObject({
      code: 'archived',
      detail: expect.stringContaining('DEEP_ARCHIVE'),
    });
    world.objects.setStorageClass({ bucket: BUCKET, key: 'old.txt' }, 'STANDARD');
    world.messages.send(body.replace('ObjectCreated:Put', 'ObjectRestore:Completed'));
    expect(outcomes(await handleNext(world))).toEqual(['counted']);
    expect(await world.results.latest(BUCKET, 'old.txt')).toMatchObject({ outcome: 'counted' });
  });

  it('acknowledges the test event that S3 sends when notifications are switched on', async () => {
    const world = createMemoryWorld();
    world.messages.send('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"texts"}');
    expect(outcomes(await handleNext(world))).toEqual(['test-event']);
    expect([left(world), world.notifier.notifications]).toEqual([0, []]);
  });

  it('refuses a bucket that is not allowed without asking the store', async () => {
    const calls: string[] = [];
    const world = createMemoryWorld({ before: ({ operation }) => void calls.push(operation) });
    await world.objects.put({ bucket: 'other', key: 'a.txt' }, new Uint8Array([0x61]));
    calls.length = 0;
    expect(outcomes(await handleNext(world))).toEqual(['failed:bucket-not-allowed']);
    expect(calls.filter((call) => call.startsWith('object-store'))).toEqual([]);
  });

  it('finishes the good records of a message before it quarantines the bad one', async () => {
    const world = createMemoryWorld();
    await world.put('good.txt', 'word');
    await world.put('noise.txt', NOISE);
    const records = world.messages.messages().flatMap(({ body }) => JSON.parse(body).Records);
    while (left(world) > 0) world.messages.delete((await receive(world)).receipt);
    world.messages.send(JSON.stringify({ Records: [records[1], records[0]] }));
    expect(outcomes(await handleNext(world))).toEqual(['failed:not-text', 'counted']);
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 1 });
  });

  it('tries what may pass again with growing pauses, and gives up after three failures', async () => {
    const fail: CallHooks = {
      before({ operation }) {
        if (operation === 'object-store.read') {
          throw Object.assign(new Error('S3 is tired'), { code: 'throttled', retryable: true });
        }
      },
    };
    const world = createMemoryWorld(fail);
    await world.put('a.txt', 'word');
    expect(outcomes(await handleNext(world))).toEqual(['retry:throttled']);
    await expect(receive(world)).rejects.toThrow('empty queue');
    await world.clock.advance(5000);
    expect(outcomes(await handleNext(world))).toEqual(['retry:throttled']);
    await world.clock.advance(5000);
    await expect(receive(world)).rejects.toThrow('empty queue');
    await world.clock.advance(5000);
    expect(world.notifier.notifications).toEqual([]);
    expect(outcomes(await handleNext(world))).toEqual(['failed:throttled']);
    expect(world.notifier.notifications).toMatchObject([{ kind: 'job-failed' }]);
    expect((await world.deadLetters.peek(1))[0]?.reason).toMatchObject({
      code: 'throttled',
      detail: 'S3 is tired',
    });
  });

  it('says of each job, however it ended, which it was and how long it took', async () => {
    const ends: RecordOutcome[] = [];
    let code = '';
    const world = createMemoryWorld({
      async before({ operation }) {
        if (operation !== 'object-store.read' || code === '') return;
        await world.clock.advance(250);
        throw Object.assign(new Error('no'), { code, retryable: code === 'unavailable' });
      },
    });
    for (const next of ['', 'aborted', 'lease-lost', 'unavailable', 'archived']) {
      code = next;
      await world.put(`${next}.txt`, 'words');
      ends.push(...(await handleNext(world)));
      await world.clock.advance(1000);
      for (const message of await world.queue.receive({
        maxMessages: 10,
        waitSeconds: 0,
        visibilitySeconds: 9,
      }))
        await world.queue.delete(message);
    }
    expect(ends.map(({ outcome }) => outcome)).toEqual([
      'counted',
      'interrupted',
      'lost-lease',
      'retry:unavailable',
      'failed:archived',
    ]);
    for (const { job, jobId } of ends)
      expect([job?.object.bucket, jobId]).toEqual([BUCKET, expect.any(String)]);
    expect(ends.map(({ durationMs }) => durationMs)).toEqual([0, 250, 250, 250, 250]);
  });

  it('gives an interrupted job back at once, without counting a failure', async () => {
    const world = createMemoryWorld({
      before({ operation }) {
        if (operation === 'object-store.read' && stopping.signal.aborted) {
          throw Object.assign(new Error('aborted'), { code: 'aborted', retryable: true });
        }
      },
    });
    const stopping = new AbortController();
    await world.put('a.txt', 'word');
    stopping.abort();
    for (let round = 0; round < 5; round += 1) {
      expect(outcomes(await handleNext(world, stopping.signal))).toEqual(['interrupted']);
    }
    expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
    expect(left(world)).toBe(1);
  });
});
