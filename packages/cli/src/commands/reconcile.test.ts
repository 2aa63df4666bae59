import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { HOSTILE_KEYS } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { objectOfBody } from '../pipeline/dead-letters.ts';
import { jobBody } from '../pipeline/job-for-object.ts';
import { reconcileBucket } from '../pipeline/reconcile-bucket.ts';

const embedded = useEmbeddedCloud();

async function reconcile(...args: string[]): Promise<{ exitCode: number; found: Record<string, unknown>[] }> {
  const { exitCode, lines } = await embedded().run(['reconcile', '--json', ...args]);
  return { exitCode, found: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('wordfreq reconcile', () => {
  it('finds nothing where every object has its outcome', async () => {
    const { put, finish } = embedded();
    await finish(await put('a.txt'));
    await finish(await put('b.txt'), { outcome: 'failed:not-text' });
    const { exitCode, found } = await reconcile();
    expect(exitCode).toBe(0);
    expect(found).toEqual([
      {
        kind: 'summary',
        objects: 2,
        withOutcome: 2,
        deadLetters: 0,
        missing: 0,
        enqueued: 0,
        young: 0,
        orphans: 0,
      },
    ]);
  });

  it('lists objects without outcome, and results without object', async () => {
    const { put, finish, resources } = embedded();
    await finish(await put('done.txt'));
    const missing = await put('sub/missing 红.txt');
    const gone = { bucket: resources.processingBucket, key: 'gone.txt', eTag: 'e' };
    await finish({ ...gone, sizeBytes: 1, lastModified: new Date(), metadata: new Map() });
    const { exitCode, found } = await reconcile();
    expect(exitCode).toBe(1);
    expect(found.slice(0, 2)).toEqual([
      {
        kind: 'missing',
        bucket: resources.processingBucket,
        key: 'sub/missing 红.txt',
        eTag: missing.eTag,
        sizeBytes: 10,
        lastModified: expect.stringMatching(/^\d{4}-/),
        tried: 0,
        enqueued: false,
      },
      { kind: 'orphan', bucket: resources.processingBucket, key: 'gone.txt' },
    ]);
    expect(found[2]).toMatchObject({ kind: 'summary', objects: 2, missing: 1, orphans: 1 });
  });

  it('takes an older version’s outcome for none', async () => {
    const { put, finish } = embedded();
    await finish(await put('a.txt', 'older'));
    await put('a.txt', 'newer');
    expect((await reconcile()).found[0]).toMatchObject({ kind: 'missing', key: 'a.txt' });
  });

  it('counts an object whose message is among the dead letters as accounted for', async () => {
    const { put, send, resources } = embedded();
    await send(resources.deadLettersQueueUrl, jobBody(await put('a.txt'), 'us-east-1'));
    const { exitCode, found } = await reconcile();
    expect([exitCode, found[0]]).toEqual([0, expect.objectContaining({ deadLetters: 1, missing: 0 })]);
  });

  it('takes a dead letter of an older version for none', async () => {
    const { put, send, resources } = embedded();
    await send(resources.deadLettersQueueUrl, jobBody(await put('a.txt', 'older'), 'us-east-1'));
    await put('a.txt', 'newer');
    expect((await reconcile()).found.at(-1)).toMatchObject({ deadLetters: 0, missing: 1 });
  });

  it('leaves out what is young, when asked to', async () => {
    await embedded().put('a.txt');
    const { exitCode, found } = await reconcile('--min-age', '1h');
    expect([exitCode, found[0]]).toEqual([0, expect.objectContaining({ young: 1, missing: 0 })]);
  });

  it('looks below a prefix only', async () => {
    const { put, finish } = embedded();
    await put('a/1.txt');
    await finish(await put('b/1.txt'));
    expect((await reconcile('--prefix', 'b/')).found).toEqual([
      expect.objectContaining({ objects: 1, missing: 0 }),
    ]);
  });

  it('puts what is missing into the queue, as S3 would have', async () => {
    const { put, take, resources } = embedded();
    const keys = Array.from({ length: 13 }, (_, index) => `file ${String(index).padStart(2, '0')}.txt`);
    const objects = [];
    for (const key of keys) objects.push(await put(key, key));
    const { exitCode, found } = await reconcile('--enqueue');
    expect(exitCode).toBe(1);
    expect(found.at(-1)).toMatchObject({ missing: 13, enqueued: 13 });
    const bodies = (await take(resources.jobsQueueUrl)).map((body) => JSON.parse(body).Records[0].s3.object);
    expect(bodies.map(({ eTag }) => eTag).sort()).toEqual(objects.map(({ eTag }) => eTag).sort());
    expect(bodies.map(({ key }) => key)).toContain('file+00.txt');
  });

  it('carries keys that have broken pipelines into the queue as they are, and finds their outcomes', async () => {
    const { put, take, run, finish, resources } = embedded();
    for (const key of HOSTILE_KEYS) await put(key);
    await run(['backfill']);
    const bodies = await take(resources.jobsQueueUrl);
    expect(bodies.map((body) => objectOfBody(body)?.key).sort()).toEqual([...HOSTILE_KEYS].sort());
    for await (const { bucket, key, eTag } of embedded().cloud.objects.list(resources.processingBucket)) {
      await finish({ bucket, key, eTag, sizeBytes: 1, lastModified: new Date(), metadata: new Map() });
    }
    expect((await reconcile()).found).toEqual([
      expect.objectContaining({ withOutcome: HOSTILE_KEYS.length, missing: 0, orphans: 0 }),
    ]);
  });

  it('says for people what to do', async () => {
    await embedded().put('a\u001b.txt');
    const { lines } = await embedded().run(['reconcile']);
    expect(lines[0]).toMatch(/^missing {2}a‹U\+001B›\.txt {2}10 B, /);
    expect(lines.slice(1)).toEqual([
      '1 objects: 1 missing',
      'No job waits. Put what is missing into the queue with --enqueue.',
    ]);
  });
});

describe(reconcileBucket, () => {
  it('reads ahead by a few objects only, however many there are', async () => {
    let listed = 0;
    let most = 0;
    let asked = 0;
    const object = { bucket: 'b', eTag: 'e', sizeBytes: 1, lastModified: new Date(0) };
    const summary = await reconcileBucket({
      objects: {
        async *list() {
          for (listed = 1; listed <= 5000; listed += 1) yield { ...object, key: `${listed}` };
        },
        head: async () => Promise.reject(new Error('nobody asks')),
      },
      results: {
        async versions() {
          asked += 1;
          most = Math.max(most, listed - asked);
          return [{ jobId: 'j', version: 'e', eTag: 'e', outcome: 'counted' }];
        },
        async *keys() {},
      },
      bucket: 'b',
      deadObjects: async () => () => false,
      region: 'us-east-1',
      minAgeMs: 0,
      clock: createManualClock(),
      signal: new AbortController().signal,
      onDiscrepancy: async () => undefined,
    });
    expect(summary).toMatchObject({ objects: 5000, withOutcome: 5000 });
    expect(most).toBeLessThan(50);
  });
});
