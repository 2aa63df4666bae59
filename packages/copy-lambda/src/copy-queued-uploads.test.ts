import { parseAnnouncement, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  type CallHooks,
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryDeadLetterSender,
  createMemoryObjectStore,
  createMemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import type { DeadLetter, QuarantineReason, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { type CopyQueuedDependencies, copyQueuedUploads } from './copy-queued-uploads.ts';

const WORDS = new TextEncoder().encode('words');

function setUp(hooks: CallHooks = {}) {
  const clock = createManualClock();
  const objects = createMemoryObjectStore({ clock, buckets: ['uploads', 'processing'], hooks });
  const queue = createMemoryQueue({ clock });
  const given: QuarantineReason[] = [];
  const dependencies: CopyQueuedDependencies = {
    objects,
    parse: parseAnnouncement,
    policy: {
      destinationBucket: 'processing',
      allowedBuckets: new Set(['uploads']),
      keyPrefix: '',
      keySuffix: '.txt',
    },
    deadLetters: createMemoryDeadLetterSender({ queue, clock, hooks }),
    maxReceives: 5,
    onGivenUp: (reason) => given.push(reason),
  };
  const letters = (): Promise<readonly DeadLetter[]> => createMemoryDeadLetterQueue({ queue }).peek(10);
  return { objects, dependencies, letters, given };
}

const messageOf = (body: unknown, receiveCount = 1): QueueMessage => ({
  id: 'm1',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  receipt: 'r1',
  receiveCount,
  attributes: new Map(),
});

const announced = (key: string) =>
  s3EventFor({ object: { bucket: 'uploads', key }, sizeBytes: 5, at: new Date(0) });

function failing(code: string, retryable: boolean, operation = 'object-store.copy'): CallHooks {
  return {
    before(call) {
      if (call.operation !== operation) return;
      const object = { bucket: 'uploads', key: call.subject };
      throw Object.assign(new Error(`${operation} failed`), { code, retryable, object });
    },
  };
}

describe(copyQueuedUploads, () => {
  it('ends a message that can never be done in the dead letters, with its reason and the object', async () => {
    const { objects, dependencies, letters, given } = setUp(failing('archived', false));
    await objects.put({ bucket: 'uploads', key: 'a.txt' }, WORDS);
    await copyQueuedUploads(messageOf(announced('a.txt')), dependencies);
    const [letter] = await letters();
    expect(letter?.reason).toMatchObject({ code: 'archived', detail: 'object-store.copy failed' });
    expect(letter?.reason?.facts?.get('bucket')).toBe('uploads');
    expect(given).toMatchObject([{ code: 'archived' }]);
  });

  it.each([
    ['throttled', true],
    ['access-denied', false],
  ])('lets a message come back that failed with %s, until its last receive', async (code, retryable) => {
    const { objects, dependencies, letters } = setUp(failing(code, retryable));
    await objects.put({ bucket: 'uploads', key: 'a.txt' }, WORDS);
    const event = announced('a.txt');
    await expect(copyQueuedUploads(messageOf(event, 4), dependencies)).rejects.toMatchObject({ code });
    expect(await letters()).toEqual([]);
    await copyQueuedUploads(messageOf(event, 5), dependencies);
    expect((await letters())[0]?.reason).toMatchObject({
      code: 'attempts-exhausted',
      detail: expect.stringContaining(
        `Tried 5 times, as often as the queue allows. The last try ended with ${code}`,
      ),
    });
  });

  it('tries a message of several records again while one of its failures may pass', async () => {
    const { objects, dependencies, letters } = setUp(failing('throttled', true));
    await objects.put({ bucket: 'uploads', key: 'a.txt' }, WORDS);
    const [record] = announced('a.txt').Records;
    const bad = { ...record, s3: { ...record?.s3, object: { ...record?.s3.object, key: '%zz' } } };
    const mixed = messageOf({ Records: [bad, record] });
    await expect(copyQueuedUploads(mixed, dependencies)).rejects.toMatchObject({ code: 'throttled' });
    expect(await letters()).toEqual([]);
  });

  it('lets a message come back that the dead letters do not take', async () => {
    const { dependencies } = setUp(failing('unavailable', true, 'dead-letter-sender.send'));
    await expect(copyQueuedUploads(messageOf('hello'), dependencies)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('lets everything come back where there are no dead letters', async () => {
    const { dependencies } = setUp();
    const { deadLetters: _, ...without } = dependencies;
    await expect(copyQueuedUploads(messageOf('hello', 5), without)).rejects.toMatchObject({
      code: 'not-json',
    });
  });
});
