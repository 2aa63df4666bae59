import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { type BackfillOptions, type BackfillProgress, backfillObjects } from './backfill-objects.ts';

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
  it('sends each object once, in order, and tells how far it is after each ten', async () => {
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
    const facts: NonNullable<BackfillOptions['facts']> = {
      of: async (_, key) => {
        const done = { jobId: 'j', version: `e-${key}`, outcome: 'counted' } as const;
        if (key === 'k03') return [{ ...done, eTag: 'older', version: 'older' }];
        return key < 'k20' ? [{ ...done, eTag: `e-${key}` }] : [];
      },
    };
    const { options, sent } = world({ facts });
    expect(await backfillObjects(options)).toMatchObject({ sent: 6, skipped: 19 });
    expect(sent.map(({ key }) => key)).toEqual(['k03', ...KEYS.slice(20)]);
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
    expect(notes).toEqual([expect.stringContaining('going on after its last key')]);
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
