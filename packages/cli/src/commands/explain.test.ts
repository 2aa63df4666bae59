import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { jobBody } from '../pipeline/objects/job-for-object.ts';
import type { ExplanationView } from './explain.ts';

const embedded = useEmbeddedCloud();

async function explain(
  key: string,
  ...more: string[]
): Promise<ExplanationView & { readonly exitCode: number }> {
  const run = await embedded().run(['explain', key, '--json', ...more]);
  return { ...(run.json() as ExplanationView), exitCode: run.exitCode };
}

const upload = (key: string, body = 'some words') =>
  embedded().cloud.objects.put(
    { bucket: embedded().resources.uploadingBucket, key },
    new TextEncoder().encode(body),
  );

/** As the copy Lambda does. */
async function copy(key: string): Promise<void> {
  const { cloud, resources } = embedded();
  const source = await cloud.objects.head({ bucket: resources.uploadingBucket, key });
  const metadata = new Map([
    ['source-bucket', source.bucket],
    ['source-etag', source.eTag],
  ]);
  await cloud.objects.copy(source, { bucket: resources.processingBucket, key }, { metadata });
}

describe('wordfreq explain', () => {
  it('prints JSON whose names are public contract', async () => {
    await embedded().finish(await embedded().put('a.txt'));
    const { exitCode, ...view } = await explain('a.txt');
    expect(exitCode).toBe(0);
    expect(Object.keys(view)).toEqual([
      'key',
      'state',
      'meaning',
      'hint',
      'upload',
      'copy',
      'versions',
      'deadLetters',
      'queues',
      'notRead',
    ]);
    expect(Object.keys(view.versions[0] ?? {}).sort()).toEqual([
      'attempt',
      'current',
      'distinctWords',
      'durationMs',
      'finishedAt',
      'jobId',
      'lastModified',
      'meaning',
      'outcome',
      'sizeBytes',
      'stored',
      'tokenizer',
      'version',
      'warnings',
      'words',
      'worker',
    ]);
  });

  it('says that nothing is known, and how to bring it in', async () => {
    const view = await explain('sub/it’s.txt');
    expect(view).toMatchObject({ exitCode: 1, state: 'unknown', upload: null, copy: null, versions: [] });
    expect(view.hint).toBe(`Upload it with: wordfreq upload 'it’s.txt' --prefix sub/`);
  });

  it('says that an upload waits to be copied', async () => {
    await upload('a.txt');
    await embedded().send(embedded().resources.copying?.uploadsQueueUrl ?? '', '{}');
    expect(await explain('a.txt')).toMatchObject({
      exitCode: 0,
      state: 'uploaded',
      meaning: 'It was uploaded but not copied yet; 1 upload is waiting to be copied.',
      queues: { uploads: { visible: 1 } },
    });
  });

  it('says that the copying of an upload was given up, also where jobs and uploads share a dead-letter queue', async () => {
    const { resources, bury } = embedded();
    const object = await upload('a.txt');
    await bury(resources.deadLettersQueueUrl, jobBody(object, 'us-east-1'), {
      code: 'archived',
      detail: 'x',
    });
    expect(await explain('a.txt')).toMatchObject({
      state: 'dead-letter',
      meaning: expect.stringContaining('archive storage class'),
      deadLetters: [{ code: 'archived', bucket: resources.uploadingBucket }],
    });
  });

  it('says that an upload of another suffix is never announced', async () => {
    await upload('notes.md');
    expect(await explain('notes.md')).toMatchObject({
      state: 'uploaded',
      meaning: expect.stringContaining('does not end in .txt'),
    });
  });

  it('says that a new upload is not copied yet, although an older copy was counted', async () => {
    await upload('a.txt', 'older');
    await copy('a.txt');
    const { cloud, resources } = embedded();
    await embedded().finish(await cloud.objects.head({ bucket: resources.processingBucket, key: 'a.txt' }));
    expect((await explain('a.txt')).state).toBe('counted');
    await upload('a.txt', 'newer');
    expect(await explain('a.txt')).toMatchObject({
      state: 'uploaded',
      versions: [{ outcome: 'counted', current: true }],
    });
  });

  it.each([
    ['queued', 'queued'],
    ['in flight', 'in-flight'],
  ])('says that a job may be %s', async (what, state) => {
    const { cloud, resources, put, send } = embedded();
    await put('a.txt');
    await send(resources.jobsQueueUrl, '{}');
    if (what === 'in flight') {
      await cloud
        .queue(resources.jobsQueueUrl)
        .receive({ maxMessages: 1, waitSeconds: 1, visibilitySeconds: 60 });
    }
    expect((await explain('a.txt')).state).toBe(state);
  });

  it('says that nobody announced an object', async () => {
    await embedded().put('a b.txt');
    expect(await explain('a b.txt')).toMatchObject({
      state: 'unannounced',
      hint: "Put it into the queue: wordfreq backfill --prefix 'a b.txt'",
    });
  });

  it('says how often a job has failed so far, and why', async () => {
    const { bucket, key, eTag } = await embedded().put('a.txt');
    const error = { code: 'throttled', message: 'Slow down.' };
    const at = new Date('2026-01-01T00:00:00Z');
    for (const _ of [1, 2]) {
      await embedded().results.recordFailure({ jobId: 'j', object: { bucket, key, eTag }, error, at });
    }
    expect(await explain('a.txt')).toMatchObject({
      state: 'retrying',
      meaning: expect.stringContaining('failed 2 times at 2026-01-01T00:00:00.000Z'),
      versions: [{ failures: 2, lastError: error, lastFailedAt: '2026-01-01T00:00:00.000Z', current: true }],
    });
  });

  it('finds the dead letter of a failure', async () => {
    const { resources, bury, finish, put } = embedded();
    const object = await put('a.txt');
    const error = { code: 'not-text', message: 'NUL everywhere.' };
    await finish(object, { outcome: 'failed:not-text', error });
    const facts = new Map([
      ['bucket', object.bucket],
      ['key', object.key],
      ['jobId', 'j'],
    ]);
    await bury(resources.deadLettersQueueUrl, jobBody(object, 'us-east-1'), {
      code: 'not-text',
      detail: 'NUL everywhere.',
      facts,
    });
    expect(await explain('a.txt')).toMatchObject({
      state: 'failed:not-text',
      deadLetters: [{ queue: 'jobs', code: 'not-text', key: 'a.txt', version: object.eTag, jobId: 'j' }],
    });
  });

  it('finds a dead letter that the queue itself gave up', async () => {
    const { resources, send, put } = embedded();
    const object = await put('a.txt');
    await send(resources.deadLettersQueueUrl, jobBody(object, 'us-east-1'));
    expect(await explain('a.txt')).toMatchObject({
      state: 'dead-letter',
      deadLetters: [{ code: 'received-too-often', key: 'a.txt' }],
    });
  });

  it('shows results of versions that are no longer stored', async () => {
    const { finish, put, results } = embedded();
    const older = await put('a.txt', 'older');
    await finish(older, { finishedAt: new Date('2026-01-01T00:00:00Z') });
    const newer = await put('a.txt', 'newer');
    const result = await finish(newer, { finishedAt: new Date('2026-01-02T00:00:00Z') });
    await results.markPublished(result, new Date('2026-01-02T00:00:01Z'));
    const { versions } = await explain('a.txt');
    expect(versions.map(({ version, stored, current }) => [version, stored, current])).toEqual([
      [newer.eTag, true, true],
      [older.eTag, false, false],
    ]);
    expect(versions[0]?.publishedAt).toBe('2026-01-02T00:00:01.000Z');
  });

  it('says that a counted object was deleted since', async () => {
    const { finish, resources } = embedded();
    const object = { bucket: resources.processingBucket, key: 'a.txt', eTag: 'e' };
    await finish({ ...object, sizeBytes: 1, lastModified: new Date(), metadata: new Map() });
    expect(await explain('a.txt')).toMatchObject({
      state: 'counted',
      meaning: 'Its words were counted. The object has been deleted since.',
    });
  });

  it('takes an address, also one among the uploads', async () => {
    const { resources, finish, put } = embedded();
    await finish(await put('a.txt'));
    expect((await explain(`s3://${resources.processingBucket}/a.txt`)).state).toBe('counted');
    expect((await explain(`s3://${resources.uploadingBucket}/a.txt`)).state).toBe('counted');
  });

  it('does without queues, and with hostile keys, in lines that fit', async () => {
    const { put, finish, environment } = embedded();
    const key = `a\u202e\u0007${'红'.repeat(100)}.txt`;
    await finish(await put(key), { worker: 'w\u001b[31m' });
    const { PROCESSING_BUCKET, RESULTS_TABLE } = environment;
    const { lines } = await embedded().run(['explain', key], {
      environment: { PROCESSING_BUCKET, RESULTS_TABLE },
    });
    expect(lines.join('\n')).toContain('counted');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be printed.
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('notes what was named but does not exist, and explains the rest; without the workers’ bucket it cannot', async () => {
    const { run, put, finish, environment } = embedded();
    await finish(await put('a.txt'));
    const UPLOADING_BUCKET = 'no-uploads';
    const JOBS_QUEUE_URL = `${environment['JOBS_QUEUE_URL']}-that-is-gone`;
    const view = (
      await run(['explain', 'a.txt', '--json'], {
        environment: { ...environment, UPLOADING_BUCKET, JOBS_QUEUE_URL },
      })
    ).json() as ExplanationView;
    expect(view).toMatchObject({ state: 'counted', upload: null, queues: { jobs: null } });
    expect([...view.notRead].sort()).toEqual([
      expect.stringMatching(/^the jobs queue: .*QueueDoesNotExist/),
      expect.stringMatching(/^uploads: .*no-uploads.*NoSuchBucket/),
    ]);
    await expect(
      run(['explain', 'a.txt'], { environment: { ...environment, PROCESSING_BUCKET: 'no-texts' } }),
    ).rejects.toMatchObject({ code: 'no-such-bucket', message: 'there is no bucket no-texts' });
  });

  it('says what was noticed about a text that was counted all the same', async () => {
    const warnings = [{ code: 'invalid-utf8', count: 3, firstOffset: 1200 }] as const;
    await embedded().finish(await embedded().put('latin1.txt'), { warnings });
    const { lines } = await embedded().run(['explain', 'latin1.txt']);
    expect(lines.join('\n')).toMatch(/Counted, but 3 places are not UTF-8, the first at byte 1,200/);
  });
});
