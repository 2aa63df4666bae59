import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import type { ObjectInfo } from '@org/wordfreq-aws-adapters/ports';
import { HOSTILE_KEYS } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { objectOfBody } from '../pipeline/dead-letters/dead-letters.ts';
import { jobBody } from '../pipeline/objects/job-for-object.ts';
import { findMissing } from '../pipeline/objects/reconcile-bucket.ts';

const embedded = useEmbeddedCloud();

interface Reconciled {
  readonly exitCode: number;
  /** Objects that miss something, and orphans. */
  readonly found: readonly Record<string, unknown>[];
  readonly uploads: unknown;
  readonly processed: unknown;
}

async function reconcile(...args: string[]): Promise<Reconciled> {
  const { run, resources } = embedded();
  const { exitCode, lines } = await run(['reconcile', '--json', ...args]);
  const all = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const summaryOf = (bucket: string): unknown =>
    all.find((one) => one['kind'] === 'summary' && one['bucket'] === bucket);
  return {
    exitCode,
    found: all.filter(({ kind }) => kind !== 'summary'),
    uploads: summaryOf(resources.uploadingBucket),
    processed: summaryOf(resources.processingBucket),
  };
}

/** Puts an object where people upload. */
async function upload(key: string, body = 'some words'): Promise<ObjectInfo> {
  const { cloud, resources } = embedded();
  return cloud.objects.put({ bucket: resources.uploadingBucket, key }, Buffer.from(body));
}

/** Does what the copy Lambda does. */
async function copy(source: ObjectInfo): Promise<ObjectInfo> {
  const { cloud, resources } = embedded();
  const metadata = new Map([
    ['source-bucket', source.bucket],
    ['source-etag', source.eTag],
  ]);
  const target = { bucket: resources.processingBucket, key: source.key };
  return cloud.objects.copy(source, target, { metadata });
}

describe('wordfreq reconcile', () => {
  it('finds nothing where every upload has its copy, and every copy its outcome', async () => {
    const { finish, resources } = embedded();
    await finish(await copy(await upload('a.txt')));
    await finish(await copy(await upload('b.txt')), { outcome: 'failed:not-text' });
    await upload('picture.png');
    const none = { kind: 'summary', deadLetters: 0, missing: 0, enqueued: 0, young: 0 };
    expect(await reconcile()).toEqual({
      exitCode: 0,
      found: [],
      uploads: { ...none, bucket: resources.uploadingBucket, objects: 3, copied: 2, otherFiles: 1 },
      processed: { ...none, bucket: resources.processingBucket, objects: 2, withOutcome: 2, orphans: 0 },
    });
  });

  it('lists objects without outcome, and results without object', async () => {
    const { put, finish, resources } = embedded();
    await finish(await put('done.txt'));
    const missing = await put('sub/missing 红.txt');
    const gone = { bucket: resources.processingBucket, key: 'gone.txt', eTag: 'e' };
    await finish({ ...gone, sizeBytes: 1, lastModified: new Date(), metadata: new Map() });
    const { exitCode, found, processed } = await reconcile();
    expect(exitCode).toBe(1);
    expect(found).toEqual([
      {
        kind: 'missing',
        lacks: 'outcome',
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
    expect(processed).toMatchObject({ objects: 2, missing: 1, orphans: 1 });
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
    expect(await reconcile()).toMatchObject({ exitCode: 0, processed: { deadLetters: 1, missing: 0 } });
  });

  it('takes a dead letter of an older version for none', async () => {
    const { put, send, resources } = embedded();
    await send(resources.deadLettersQueueUrl, jobBody(await put('a.txt', 'older'), 'us-east-1'));
    await put('a.txt', 'newer');
    expect((await reconcile()).processed).toMatchObject({ deadLetters: 0, missing: 1 });
  });

  it('leaves out what is young, when asked to', async () => {
    await embedded().put('a.txt');
    await upload('b.txt');
    const young = { young: 1, missing: 0 };
    expect(await reconcile('--min-age', '1h')).toMatchObject({
      exitCode: 0,
      uploads: young,
      processed: young,
    });
  });

  it('looks below a prefix only', async () => {
    const { put, finish } = embedded();
    await put('a/1.txt');
    await finish(await put('b/1.txt'));
    await upload('a/2.txt');
    expect(await reconcile('--prefix', 'b/')).toMatchObject({
      uploads: { objects: 0 },
      processed: { objects: 1, missing: 0 },
    });
  });

  it('puts what is missing into the queue, as S3 would have', async () => {
    const { put, take, resources } = embedded();
    const keys = Array.from({ length: 13 }, (_, index) => `file ${String(index).padStart(2, '0')}.txt`);
    const objects = [];
    for (const key of keys) objects.push(await put(key, key));
    expect(await reconcile('--enqueue')).toMatchObject({
      exitCode: 1,
      processed: { missing: 13, enqueued: 13 },
    });
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
    expect((await reconcile()).processed).toMatchObject({
      withOutcome: HOSTILE_KEYS.length,
      missing: 0,
      orphans: 0,
    });
  });

  it('says for people what to do', async () => {
    const { put, run, resources } = embedded();
    await upload('b.txt');
    await put('a\u001b.txt');
    const { lines } = await run(['reconcile']);
    const at = String.raw`\d{4}-[\d-]+T[\d:.]+Z`;
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^missing {2}b\\.txt {2}not copied, 10 B, ${at}$`)),
      `${resources.uploadingBucket}: 1 upload: 1 missing`,
      'No upload waits. Put what is missing into the queue with --enqueue.',
      expect.stringMatching(new RegExp(`^missing {2}a‹U\\+001B›\\.txt {2}10 B, ${at}$`)),
      `${resources.processingBucket}: 1 object: 1 missing`,
      'No job waits. Put what is missing into the queue with --enqueue.',
    ]);
  });
});

describe('wordfreq reconcile, of uploads', () => {
  it('lists uploads without a copy, and those whose copy is of an older content', async () => {
    const { resources } = embedded();
    await upload('never.txt');
    await copy(await upload('older.txt', 'older'));
    await upload('older.txt', 'newer');
    const { exitCode, found, uploads } = await reconcile('--bucket', resources.uploadingBucket);
    expect(exitCode).toBe(1);
    const missing = { kind: 'missing', lacks: 'copy', bucket: resources.uploadingBucket, enqueued: false };
    expect(found.map(({ key }) => key).sort()).toEqual(['never.txt', 'older.txt']);
    for (const one of found) expect(one).toMatchObject(missing);
    expect(uploads).toMatchObject({ objects: 2, copied: 0, missing: 2 });
  });

  it('does not miss a copy that was counted before it was deleted', async () => {
    const { finish, cloud, resources } = embedded();
    const copied = await copy(await upload('a.txt'));
    await finish(copied);
    const { bucket: Bucket, key: Key } = copied;
    await cloud.clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await reconcile('--bucket', resources.uploadingBucket)).toMatchObject({
      exitCode: 0,
      uploads: { copied: 1, missing: 0 },
    });
  });

  it('counts an upload among the dead letters as accounted for', async () => {
    const { send, createQueue, run, environment, resources } = embedded();
    const letters = await createQueue(`${resources.uploadingBucket}-dead`);
    await send(letters, jobBody(await upload('a.txt'), 'us-east-1'));
    const { exitCode } = await run(['reconcile'], {
      environment: { ...environment, UPLOADS_DEAD_LETTER_QUEUE_URL: letters },
    });
    expect(exitCode).toBe(0);
  });

  it.each([
    ['with the other bucket', []],
    ['alone', ['--bucket', 'uploads']],
  ])('sends the upload’s event to the copy Lambda, and no job to the workers: %s', async (_, args) => {
    const { put, take, resources } = embedded();
    const { eTag } = await upload('a b.txt');
    if (args.length === 0) await put('copied.txt');
    const { uploads } = await reconcile(
      ...args.map((arg) => (arg === 'uploads' ? resources.uploadingBucket : arg)),
      '--enqueue',
    );
    expect(uploads).toMatchObject({ missing: 1, enqueued: 1 });
    const events = (await take(resources.copying?.uploadsQueueUrl ?? '')).map(objectOfBody);
    expect(events).toMatchObject([{ bucket: resources.uploadingBucket, key: 'a b.txt', eTag }]);
    const jobs = (await take(resources.jobsQueueUrl)).map(objectOfBody);
    expect(jobs.map((job) => job?.bucket)).toEqual(args.length === 0 ? [resources.processingBucket] : []);
  });

  it.each([['reconcile', '--enqueue'], ['backfill']])(
    'never sends objects of the uploads to the workers: %s %s',
    async (...command) => {
      const { run, take, environment, resources } = embedded();
      await upload('a.txt');
      const { UPLOADING_BUCKET, PROCESSING_BUCKET, ...unnamed } = environment;
      // Where nothing says what the bucket is, too.
      for (const environmentOfRun of command.length === 1 ? [environment] : [unnamed]) {
        const args = [...command, '--bucket', resources.uploadingBucket];
        await expect(run(args, { environment: environmentOfRun })).rejects.toMatchObject({
          exitCode: 2,
          code: expect.stringMatching(/^(bucket-of-uploads|unknown-bucket)$/),
          hint: expect.stringMatching(/--enqueue|--uploading-bucket/),
        });
      }
      expect(await take(resources.jobsQueueUrl)).toEqual([]);
    },
  );

  it('announces nothing unless every queue is named', async () => {
    const { run, take, environment, resources } = embedded();
    await upload('a.txt');
    const { JOBS_QUEUE_URL: _, ...without } = environment;
    await expect(run(['reconcile', '--enqueue'], { environment: without })).rejects.toMatchObject({
      code: 'not-named',
      hint: expect.stringContaining('--jobs-queue-url'),
    });
    expect(await take(resources.copying?.uploadsQueueUrl ?? '')).toEqual([]);
  });

  it('says that it looks at no uploads where nothing names their bucket', async () => {
    const { run, environment } = embedded();
    const { UPLOADING_BUCKET: _, ...without } = environment;
    const { exitCode, notes } = await run(['reconcile'], { environment: without });
    expect([exitCode, notes]).toEqual([
      0,
      ['Uploads are not looked at: name their bucket with --uploading-bucket or UPLOADING_BUCKET.'],
    ]);
  });
});

describe(findMissing, () => {
  it('reads ahead by a few objects only, however many there are', async () => {
    let listed = 0;
    let most = 0;
    let asked = 0;
    const object = { bucket: 'b', eTag: 'e', sizeBytes: 1, lastModified: new Date(0) };
    const tally = await findMissing({
      objects: {
        async *list() {
          for (listed = 1; listed <= 5000; listed += 1) yield { ...object, key: `${listed}` };
        },
        head: async () => Promise.reject(new Error('nobody asks')),
      },
      async progressOf() {
        asked += 1;
        most = Math.max(most, listed - asked);
        return 'done';
      },
      bucket: 'b',
      deadObjects: async () => () => false,
      region: 'us-east-1',
      minAgeMs: 0,
      clock: createManualClock(),
      signal: new AbortController().signal,
      onMissing: async () => undefined,
    });
    expect(tally).toMatchObject({ objects: 5000, done: 5000 });
    expect(most).toBeLessThan(50);
  });

  it('announces nothing that a listing names wrongly', async () => {
    const sent: string[] = [];
    const tally = await findMissing({
      objects: {
        async *list() {
          yield { bucket: 'b', key: 'gone', eTag: 'e', sizeBytes: 1, lastModified: new Date(0) };
        },
        head: async () =>
          Promise.reject(Object.assign(new Error('no'), { code: 'not-found', retryable: false })),
      },
      progressOf: async () => ({ failures: 0 }),
      sender: { send: async (bodies) => void sent.push(...bodies) },
      bucket: 'b',
      deadObjects: async () => () => false,
      region: 'us-east-1',
      minAgeMs: 0,
      clock: createManualClock(),
      signal: new AbortController().signal,
      onMissing: async () => expect.fail('it does not exist'),
    });
    expect([sent, tally.objects, tally.missing]).toEqual([[], 0, 0]);
  });
});
