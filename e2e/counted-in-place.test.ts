import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from './support/until.ts';
import { NOT_TEXT, useBackgroundPipeline } from './support/use-background-pipeline.ts';

/** One pipeline without copies, in the background; the tests use it in this order. */
const pipeline = useBackgroundPipeline('--in-place', {
  'texts/good.txt': 'to be or not to be',
  'texts/sub/more.txt': 'more',
  'texts/bad.txt': NOT_TEXT,
});
const { wordfreq, json } = pipeline;
/** The variables of the pipeline. */
let variables: Readonly<Record<string, string>>;
beforeAll(() => {
  const exported = pipeline.started.stdout.matchAll(/^export (\w+)='(.*)'$/gm);
  variables = Object.fromEntries([...exported].map(([, name, value]) => [name, value]));
});
const explain = (key: string): Promise<Explained> => json(`wordfreq explain ${key} --json`);

interface Explained {
  readonly state: string;
  readonly versions: readonly { readonly outcome: string; readonly stored: boolean }[];
  readonly notRead: readonly string[];
}

/** The settings of the test's own clients. */
const settings = (): { endpoint: string; region: string; credentials: Credentials } => ({
  endpoint: variables['AWS_ENDPOINT_URL_S3'] ?? '',
  region: variables['AWS_REGION'] ?? '',
  credentials: {
    accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
  },
});

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

describe('a local pipeline that counts uploads where they are', () => {
  it('has one bucket and no queue of uploads', async () => {
    const [s3, sqs] = [new S3Client(settings()), new SQSClient(settings())];
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    for (const client of [s3, sqs]) client.destroy();
    expect(Buckets.map(({ Name }) => Name)).toEqual(['wordfreq-uploading']);
    expect(QueueUrls.filter((url) => url.includes('uploads'))).toEqual([]);
    expect(variables['PROCESSING_BUCKET']).toBe(variables['UPLOADING_BUCKET']);
    expect(Object.keys(variables).filter((name) => name.startsWith('UPLOADS_'))).toEqual([]);
  });

  it('counts what is uploaded, and fails what is not text', async () => {
    const { exitCode, stdout } = await wordfreq('wordfreq upload texts --wait --timeout 2m');
    expect(stdout).toMatch(/✔ good\.txt +counted +6 words/);
    expect(stdout).toMatch(/✔ sub\/more\.txt +counted/);
    expect(stdout).toMatch(/✗ bad\.txt +failed:not-text/);
    expect(exitCode).toBe(1);
  });

  it('counts an overwritten upload again, and keeps the first result', async () => {
    writeFileSync(join(pipeline.folder, 'texts', 'good.txt'), 'that is the question');
    const { stdout } = await wordfreq('wordfreq upload texts/good.txt --overwrite --wait --timeout 2m');
    expect(stdout).toMatch(/✔ good\.txt +counted +4 words/);
    expect(await explain('good.txt')).toMatchObject({
      state: 'counted',
      versions: [
        { outcome: 'counted', stored: true },
        { outcome: 'counted', stored: false },
      ],
      notRead: [],
    });
  });

  it('counts an upload once although its event is delivered again', async () => {
    const file = 'sub/more.txt';
    const [found] = await json<{ version: string }[]>(
      `wordfreq explain ${file} --json | node -p 'JSON.stringify(JSON.parse(fs.readFileSync(0)).versions)'`,
    );
    const sqs = new SQSClient({ ...settings(), endpoint: variables['AWS_ENDPOINT_URL_SQS'] ?? '' });
    const QueueUrl = variables['JOBS_QUEUE_URL'];
    const object = { bucket: variables['UPLOADING_BUCKET'] ?? '', key: file, eTag: found?.version ?? '' };
    const MessageBody = JSON.stringify(s3EventFor({ object, sizeBytes: 4, at: new Date() }));
    for (let sent = 0; sent < 3; sent += 1) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    sqs.destroy();
    await until('the jobs are done', async () => {
      const { queues } = await json<{ queues: { jobs: { visible: number; inFlight: number } } }>(
        'wordfreq explain nowhere.txt --json',
      );
      return queues.jobs.visible + queues.jobs.inFlight === 0;
    });
    expect((await explain(file)).versions).toHaveLength(1);
  });

  it('sends a dead letter back to the workers, which read its bucket', async () => {
    const { letters } = await json<{ letters: object[] }>('wordfreq dlq list --json');
    expect(letters).toMatchObject([{ queue: 'jobs', code: 'not-text', key: 'bad.txt' }]);
    const { ends } = await json<{ ends: object[] }>('wordfreq dlq redrive --wait --timeout 1m --json');
    expect(ends).toMatchObject([{ state: 'failed-again', code: 'not-text' }]);
  });

  it('does not report a file that is not text as missing', async () => {
    writeFileSync(join(pipeline.folder, 'picture.png'), 'png');
    await wordfreq('wordfreq upload picture.png');
    expect(await explain('picture.png')).toMatchObject({ state: 'uploaded' });
    const { exitCode, stdout } = await wordfreq('wordfreq reconcile');
    expect(stdout).toContain('wordfreq-uploading: 4 objects: 1 other than .txt, 3 with an outcome');
    expect(exitCode).toBe(0);
  });

  it('counts objects in the bucket again', async () => {
    const report = await json('wordfreq backfill --prefix sub/ --all --json');
    expect(report).toMatchObject({ bucket: 'wordfreq-uploading', sent: 1, finished: true });
  });

  it('passes the checks of doctor without what only copies need', async () => {
    const { exitCode, stdout } = await wordfreq('wordfreq doctor');
    expect(stdout).toMatch(/uploads queue +not needed: uploads are counted in place/);
    expect(exitCode).toBe(0);
  });
});
