import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, createMemoryObjectStore } from '@org/wordfreq-aws-adapters/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import {
  type BackfillOptions,
  type BackfillProgress,
  backfillObjects,
} from '../pipeline/objects/backfill-objects.ts';

const KEYS = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`);

function world(more: Partial<BackfillOptions> = {}) {
  const clock = createManualClock();
  const sent: { readonly key: string; readonly atMs: number }[] = [];
  const progress: BackfillProgress[] = [];
  const options: BackfillOptions = {
    objects: {
      async *list(bucket, { startAfter = '' } = {}) {
        for (const key of KEYS.filter((one) => one > startAfter)) {
          yield { bucket, key, eTag: `e-${key}`, sizeBytes: 1, lastModified: new Date(0) };
        }
      },
      head: async ({ bucket, key }) => ({
        bucket,
        key,
        eTag: `e-${key}`,
        sizeBytes: 1,
        lastModified: new Date(0),
        metadata: new Map(),
      }),
    },
    sender: {
      async send(bodies) {
        for (const body of bodies) {
          sent.push({ key: JSON.parse(body).Records[0].s3.object.key, atMs: clock.monotonicMs() });
        }
      },
    },
    bucket: 'b',
    prefix: '',
    region: 'us-east-1',
    clock,
    signal: new AbortController().signal,
    onProgress: async (one) => void progress.push(one),
    ...more,
  };
  return { clock, sent, progress, options };
}

describe(backfillObjects, () => {
  it('sends each object once, in order, and reports how far it is after each ten', async () => {
    const { options, sent, progress } = world();
    expect(await backfillObjects(options)).toEqual({ lastKey: 'k24', sent: 25, skipped: 0, finished: true });
    expect(sent.map(({ key }) => key)).toEqual(KEYS);
    expect(progress.map(({ lastKey, sent: count }) => [lastKey, count])).toEqual([
      ['k09', 10],
      ['k19', 20],
      ['k24', 25],
    ]);
  });

  it('goes on after a key', async () => {
    const { options, sent } = world({ startAfter: 'k19' });
    await backfillObjects(options);
    expect(sent.map(({ key }) => key)).toEqual(KEYS.slice(20));
  });

  it('keeps to a rate', async () => {
    const { options, sent, clock } = world({ rate: 5 });
    const done = backfillObjects(options);
    while (await clock.advanceToNext());
    await done;
    expect(sent.map(({ atMs }) => atMs)).toEqual(KEYS.map((_, index) => Math.floor(index / 10) * 2000));
  });

  it('skips what has an outcome, but not what has one of an older version', async () => {
    const results: NonNullable<BackfillOptions['results']> = {
      versions: async (_, key) => {
        const done = { jobId: 'j', version: `e-${key}`, outcome: 'counted' } as const;
        if (key === 'k03') return [{ ...done, eTag: 'older', version: 'older' }];
        return key < 'k20' ? [{ ...done, eTag: `e-${key}` }] : [];
      },
    };
    const { options, sent } = world({ results });
    expect(await backfillObjects(options)).toMatchObject({ sent: 6, skipped: 19 });
    expect(sent.map(({ key }) => key)).toEqual(['k03', ...KEYS.slice(20)]);
  });

  it('names the version of each object that is current when it is sent, and sends nothing for what is gone', async () => {
    const clock = createManualClock();
    const objects = createMemoryObjectStore({ clock, buckets: ['b'], versioned: true });
    const put = (key: string, body: string) => objects.put({ bucket: 'b', key }, Buffer.from(body));
    await put('a', 'old');
    await put('gone', 'x');
    await put('archived', 'x');
    objects.setStorageClass({ bucket: 'b', key: 'archived' }, 'GLACIER');
    const versions = [await put('a', 'new')];
    const bodies: string[] = [];
    const { options } = world({
      clock,
      objects: {
        head: objects.head,
        async *list(bucket, list) {
          for await (const object of objects.list(bucket, list)) {
            if (object.key === 'gone') objects.remove({ bucket, key: 'gone' });
            yield object;
          }
        },
      },
      sender: { send: async (some) => void bodies.push(...some) },
    });
    expect(await backfillObjects(options)).toMatchObject({ sent: 2, skipped: 0, finished: true });
    const sent = bodies.map((body) => JSON.parse(body).Records[0].s3.object);
    expect(sent).toMatchObject([
      { key: 'a', versionId: versions[0]?.versionId, eTag: versions[0]?.eTag },
      { key: 'archived', versionId: expect.stringMatching(/^version-/) },
    ]);
  });

  it('dates the job of an object without versions by when it was seen, not by when its upload began', async () => {
    const clock = createManualClock();
    const objects = createMemoryObjectStore({ clock, buckets: ['b'] });
    await objects.put({ bucket: 'b', key: 'a' }, Buffer.from('x'));
    await clock.advance(3_600_000);
    const bodies: string[] = [];
    const { options } = world({
      clock,
      objects,
      sender: { send: async (some) => void bodies.push(...some) },
    });
    await backfillObjects(options);
    expect(JSON.parse(bodies[0] ?? '').Records[0].eventTime).toBe('2026-01-01T01:00:00.000Z');
  });

  it('leaves it to the worker what becomes of an object that may not be looked at', async () => {
    const denied = Object.assign(new Error('403'), { code: 'access-denied', retryable: false });
    const { options } = world();
    const sent: string[] = [];
    const end = await backfillObjects({
      ...options,
      objects: { list: options.objects.list, head: () => Promise.reject(denied) },
      sender: { send: async (some) => void sent.push(...some) },
    });
    expect([end.sent, JSON.parse(sent[0] ?? '').Records[0].s3.object.eTag]).toEqual([25, 'e-k00']);
  });

  it('says how far it came when the signal ends what it asks', async () => {
    const stop = new AbortController();
    const aborted = Object.assign(new Error('aborted'), { code: 'aborted', retryable: true });
    const { options } = world({ signal: stop.signal });
    const end = await backfillObjects({
      ...options,
      objects: {
        list: options.objects.list,
        async head(object) {
          if (object.key > 'k12') stop.abort();
          if (stop.signal.aborted) throw aborted;
          return options.objects.head(object);
        },
      },
    });
    expect(end).toMatchObject({ finished: false });
  });

  it('stops when interrupted, and has told all that was sent', async () => {
    const stop = new AbortController();
    const { options, sent } = world({
      signal: stop.signal,
      onProgress: async () => stop.abort(),
    });
    expect(await backfillObjects(options)).toEqual({ lastKey: 'k09', sent: 10, skipped: 0, finished: false });
    expect(sent).toHaveLength(10);
  });
});

describe('wordfreq backfill', () => {
  const embedded = useEmbeddedCloud();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backfill-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('sends what has no outcome, and says so in JSON whose names are public contract', async () => {
    const { put, finish, take, run, resources } = embedded();
    await finish(await put('done.txt'));
    await put('new ü.txt');
    const { exitCode, json } = await run(['backfill', '--json']);
    expect(exitCode).toBe(0);
    expect(json()).toEqual({
      bucket: resources.processingBucket,
      prefix: '',
      dryRun: false,
      sent: 1,
      skipped: 1,
      lastKey: 'new ü.txt',
      finished: true,
    });
    expect(await take(resources.jobsQueueUrl)).toEqual([expect.stringContaining('new+%C3%BC.txt')]);
  });

  it('sends nothing in a rehearsal', async () => {
    const { put, take, run, resources } = embedded();
    await put('a\u0007.txt');
    expect((await run(['backfill', '--dry-run'])).lines).toEqual([
      'a‹U+0007›.txt',
      '1 would be sent, 0 had an outcome',
    ]);
    expect(await take(resources.jobsQueueUrl)).toEqual([]);
  });

  it('goes on where its state file says', async () => {
    const { put, take, run, resources } = embedded();
    const state = join(folder, 'state.json');
    await put('a.txt');
    await run(['backfill', '--state', state]);
    await put('b.txt');
    const { notes } = await run(['backfill', '--state', state]);
    expect(notes).toEqual([expect.stringContaining('continuing after its last key')]);
    expect(await take(resources.jobsQueueUrl)).toHaveLength(2);
    expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({
      version: 1,
      bucket: resources.processingBucket,
      prefix: '',
      queueUrl: resources.jobsQueueUrl,
      lastKey: 'b.txt',
      sent: 2,
      skipped: 0,
      finished: true,
    });
  });

  it.each([
    ['is no state file', 'no json', 'is no state file of a backfill'],
    [
      'is another backfill’s',
      JSON.stringify({
        version: 1,
        bucket: 'other',
        prefix: '',
        queueUrl: '',
        sent: 0,
        skipped: 0,
        finished: false,
      }),
      'is of another backfill: its bucket is "other"',
    ],
  ])('refuses a state file that %s', async (_, content, message) => {
    const state = join(folder, 'state.json');
    writeFileSync(state, content);
    await expect(embedded().run(['backfill', '--state', state])).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(message),
    });
  });
});
