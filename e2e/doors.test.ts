import type { ObjectInfo } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { backfillObjects } from '../packages/cli/src/pipeline/objects/backfill-objects.ts';
import { countingProgress, findMissing } from '../packages/cli/src/pipeline/objects/reconcile-bucket.ts';
import { handleMessage } from '../packages/worker/src/jobs/handle-message.ts';
import { createRedrive } from '../packages/worker/src/page/create-redrive.ts';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  NOISE,
  receive,
} from '../packages/worker/test/support/memory-world.ts';

const signal = new AbortController().signal;

/** One upload of `a.txt`; what S3 announced of it is taken away, to come in by another door. */
async function uploaded(
  world: MemoryWorld,
  body: string | Uint8Array,
): Promise<{ info: ObjectInfo; event: string }> {
  await world.put('a.txt', body);
  const info = await world.objects.head({ bucket: BUCKET, key: 'a.txt' });
  const [message] = await world.messages.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 9 });
  world.messages.delete(message?.receipt ?? '');
  return { info, event: message?.body ?? '' };
}

/** Without what a store or a tool may leave out. */
function without(event: string, ...members: readonly string[]): string {
  const { Records } = JSON.parse(event);
  for (const { s3 } of Records) for (const member of members) delete s3.object[member];
  return JSON.stringify({ Records });
}

function inEventBridge(event: string): string {
  const [{ eventTime, s3 }] = JSON.parse(event).Records;
  const { key, size, eTag, versionId, sequencer } = s3.object;
  return JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    time: eventTime,
    detail: {
      version: '0',
      bucket: { name: s3.bucket.name },
      object: { key, size, etag: eTag, sequencer, ...(versionId && { 'version-id': versionId }) },
      reason: 'PutObject',
    },
  });
}

const sender = ({ messages }: MemoryWorld) => ({
  send: async (bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) messages.send(body);
  },
});

/** Every way by which a job for an object reaches the queue. */
const DOORS: Readonly<Record<string, (world: MemoryWorld, event: string) => Promise<void>>> = {
  'S3’s event': async ({ messages }, event) => void messages.send(event),
  'S3’s event by SNS': async ({ messages }, event) =>
    void messages.send(JSON.stringify({ Type: 'Notification', Message: event })),
  'S3’s event by EventBridge': async ({ messages }, event) => void messages.send(inEventBridge(event)),
  'an event that names the ETag only': async ({ messages }, event) =>
    void messages.send(without(event, 'versionId', 'sequencer')),
  'an event that names no version': async ({ messages }, event) =>
    void messages.send(without(event, 'versionId', 'sequencer', 'eTag')),
  'backfill --all': async (world) => {
    await backfillObjects({
      objects: world.objects,
      sender: sender(world),
      bucket: BUCKET,
      prefix: '',
      region: 'us-east-1',
      clock: world.clock,
      signal,
      onProgress: async () => undefined,
    });
  },
  'reconcile --enqueue': async (world) => {
    await findMissing({
      objects: world.objects,
      // A table that knows nothing, as after a restore.
      progressOf: countingProgress({ versions: async () => [] }),
      sender: sender(world),
      bucket: BUCKET,
      deadObjects: async () => () => false,
      region: 'us-east-1',
      minAgeMs: 0,
      clock: world.clock,
      signal,
      onMissing: async () => undefined,
    });
  },
  'dlq redrive': async (world, event) => {
    world.deadMessages.send(event);
    const from = {
      ...world.queue,
      receive: async () =>
        world.deadMessages.receive({ maxMessages: 10, waitSeconds: 0, visibilitySeconds: 9 }),
      delete: async ({ receipt }: { readonly receipt: string }) => world.deadMessages.delete(receipt),
    };
    await createRedrive({ from, to: sender(world), clock: world.clock })();
  },
};

async function work(world: MemoryWorld): Promise<string[]> {
  const outcomes: string[] = [];
  while (world.messages.messages().length > 0) {
    const records = await handleMessage(await receive(world), world.dependencies, signal);
    outcomes.push(...records.map(({ outcome }) => outcome));
  }
  return outcomes;
}

describe.each([
  ['with versions', true],
  ['without versions', false],
])('a bucket %s', (_, versioned) => {
  const pairs = Object.keys(DOORS).flatMap((first) =>
    Object.keys(DOORS).map((second) => [first, second] as const),
  );

  it.each(pairs)('has one job for one upload that comes by %s and by %s', async (first, second) => {
    const world = createMemoryWorld({}, undefined, { versioned });
    const { event, info } = await uploaded(world, 'one two two');
    await DOORS[first]?.(world, event);
    expect(await work(world)).toEqual(['counted']);
    await world.clock.advance(5000);
    await DOORS[second]?.(world, event);
    expect(await work(world)).toEqual(['duplicate']);
    const history = await world.results.history(BUCKET, 'a.txt');
    expect(history).toHaveLength(1);
    expect(history[0]?.object.versionId).toBe(info.versionId);
    // The second event sends the message again, under the same id (decision 17).
    expect(new Set(world.publisher.published.map(({ jobId }) => jobId)).size).toBe(1);
  });

  it.each(Object.keys(DOORS))(
    'has one record of a text that is none, also when it comes by %s',
    async (door) => {
      const world = createMemoryWorld({}, undefined, { versioned });
      const { event } = await uploaded(world, NOISE);
      await DOORS['S3’s event']?.(world, event);
      expect(await work(world)).toEqual(['failed:not-text']);
      await DOORS[door]?.(world, event);
      await work(world);
      expect(await world.results.history(BUCKET, 'a.txt')).toHaveLength(1);
    },
  );

  it.each(Object.keys(DOORS))(
    'keeps the newest upload the latest when an older one comes again, and when it comes by %s',
    async (door) => {
      const world = createMemoryWorld({}, undefined, { versioned });
      const old = await uploaded(world, 'old');
      await world.clock.advance(5000);
      const { event, info } = await uploaded(world, 'new');
      await DOORS[door]?.(world, event);
      await work(world);
      await world.clock.advance(5000);
      world.messages.send(old.event);
      await work(world);
      expect((await world.results.latest(BUCKET, 'a.txt'))?.object.eTag).toBe(info.eTag);
    },
  );
});
