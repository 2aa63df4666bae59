import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/index.ts';
import { parseAnnouncement } from '../events/index.ts';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedAwsOptions,
  type EmbeddedClients,
  provisionPipeline,
  startEmbeddedAws,
  startS3EventBridge,
} from './index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  options: EmbeddedAwsOptions = {},
): Promise<{ aws: EmbeddedAws; clients: EmbeddedClients }> {
  const aws = await startEmbeddedAws(options);
  const clients = createEmbeddedClients(aws);
  cleanups.push(aws.stop, clients.destroy);
  return { aws, clients };
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'wordfreq-'));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function receive({ sqs }: EmbeddedClients, url: string): Promise<string[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}

describe(startEmbeddedAws, () => {
  it('listens on the loopback interface only', async () => {
    const { aws } = await start();
    for (const endpoint of Object.values(aws.endpoints)) expect(new URL(endpoint).hostname).toBe('127.0.0.1');
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      for (const endpoint of [aws.endpoints.s3, aws.endpoints.dynamodb]) {
        const { port } = new URL(endpoint);
        await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow('fetch failed');
      }
    }
  });

  it('gives the SDK’s own variables for another process', async () => {
    const { aws } = await start({ region: 'eu-west-1' });
    expect(aws.environment).toEqual({
      AWS_ENDPOINT_URL_S3: aws.endpoints.s3,
      AWS_ENDPOINT_URL_SQS: aws.endpoints.sqs,
      AWS_ENDPOINT_URL_SNS: aws.endpoints.sns,
      AWS_ENDPOINT_URL_DYNAMODB: aws.endpoints.dynamodb,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      S3_FORCE_PATH_STYLE: 'true',
    });
  });

  it('takes an empty object that has no type, and gives it S3’s default', async () => {
    const { aws } = await start();
    const bucket = `${aws.endpoints.s3}/texts`;
    await fetch(bucket, { method: 'PUT' });
    const url = `${bucket}/empty.bin`;
    const put = await fetch(url, { method: 'PUT', body: new Uint8Array(0) });
    const head = await fetch(url, { method: 'HEAD' });
    expect([put.status, head.status]).toEqual([200, 200]);
    expect(head.headers.get('content-type')).toBe('binary/octet-stream');
    expect(head.headers.get('content-length')).toBe('0');
  });

  // curl gives the first of these to `--data-binary`.
  it.each([
    'application/x-www-form-urlencoded',
    'application/x-amz-json-1.0',
    'application/json',
    'text/xml',
  ])('takes an object of the type %s as it is', async (type) => {
    const { aws } = await start();
    const bucket = `${aws.endpoints.s3}/texts`;
    await fetch(bucket, { method: 'PUT' });
    const headers = { 'content-type': type };
    const put = await fetch(`${bucket}/a.txt`, { method: 'PUT', body: 'a=1&b=%20', headers });
    const got = await fetch(`${bucket}/a.txt`);
    expect([put.status, await got.text(), got.headers.get('content-type')]).toEqual([200, 'a=1&b=%20', type]);
  });

  it.each(['aws', 'dynamodb'] as const)('names the port when the one for %s is taken', async (service) => {
    const other = createServer().listen(0, '127.0.0.1');
    cleanups.push(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const dataDir = await folder();
    await expect(startEmbeddedAws({ dataDir, ports: { [service]: port } })).rejects.toMatchObject({
      code: 'port-taken',
      retryable: false,
      message: expect.stringContaining(String(port)),
    });
    await start({ dataDir });
  });

  it('blames the folder only for what the folder causes', async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, 'claim.sqlite'), 'not a database'.repeat(100));
    await expect(startEmbeddedAws({ dataDir })).rejects.toMatchObject({
      code: 'data-dir-unusable',
      message: `Expected to keep data in ${dataDir}, but that failed: file is not a database. Choose another folder.`,
    });
  });

  // In /proc, folders can be seen but not created.
  it.runIf(existsSync('/proc/self'))(
    'names a folder that cannot be created, also in /proc (needs /proc)',
    async () => {
      await expect(startEmbeddedAws({ dataDir: '/proc/wordfreq/data' })).rejects.toMatchObject({
        code: 'data-dir-unusable',
        message: expect.stringContaining('/proc/wordfreq/data is not one'),
      });
    },
  );

  it('names the folder when it cannot be one', async () => {
    const file = join(await folder(), 'file');
    await writeFile(file, '');
    await expect(startEmbeddedAws({ dataDir: file })).rejects.toMatchObject({
      code: 'data-dir-unusable',
      message: expect.stringContaining(file),
    });
  });

  it('refuses a folder that another one is using', async () => {
    const dataDir = await folder();
    await start({ dataDir });
    await expect(startEmbeddedAws({ dataDir })).rejects.toMatchObject({ code: 'data-dir-in-use' });
  });

  it('keeps objects, messages and items across a restart on other ports', async () => {
    const dataDir = await folder();
    const first = await start({ dataDir });
    const before = await provisionPipeline(first);
    const key = `../out/${'x'.repeat(600)}`;
    await first.clients.s3.send(
      new PutObjectCommand({ Bucket: before.uploadingBucket, Key: key, Body: 'one' }),
    );
    await first.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: before.jobsQueueUrl, MessageBody: 'job' }),
    );
    const item = { object: 'b/k', version: 'v', words: [{ word: '__proto__', count: 1 }] };
    await first.clients.dynamodb.send(new PutCommand({ TableName: before.resultsTable, Item: item }));
    await first.aws.stop();

    const second = await start({ dataDir });
    const after = await provisionPipeline(second);
    expect(new URL(after.jobsQueueUrl).origin).toBe(second.aws.endpoints.sqs);
    const object = await second.clients.s3.send(
      new GetObjectCommand({ Bucket: after.uploadingBucket, Key: key }),
    );
    expect(await object.Body?.transformToString()).toBe('one');
    expect(await receive(second.clients, after.jobsQueueUrl)).toEqual(['job']);
    const found = await second.clients.dynamodb.send(
      new GetCommand({ TableName: after.resultsTable, Key: { object: 'b/k', version: 'v' } }),
    );
    expect(found.Item).toEqual(item);
  });
});

describe('a queue in a folder', () => {
  it('delivers a message again that was given back, also after a restart', async () => {
    const dataDir = await folder();
    const first = await start({ dataDir });
    const { QueueUrl } = await first.clients.sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    await first.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'job' }));
    for (const receives of ['1', '2']) {
      const { Messages } = await first.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
      );
      expect(Messages).toMatchObject([{ Body: 'job', Attributes: { ApproximateReceiveCount: receives } }]);
      const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
      await first.clients.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
    await first.aws.stop();
    const second = await start({ dataDir });
    expect(await receive(second.clients, `${second.aws.endpoints.sqs}/000000000000/mine`)).toEqual(['job']);
  });
});

describe('a folder in which nothing can be written', () => {
  it('fails requests with the reason, in the protocol of each service, until it can', async () => {
    const dataDir = await folder();
    const errors: unknown[] = [];
    const { clients } = await start({ dataDir, onError: (error) => errors.push(error) });
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'mine' }));
    const put = () => clients.s3.send(new PutObjectCommand({ Bucket: 'mine', Key: 'a.txt', Body: 'text' }));
    const send = () => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'job' }));
    const other = new DatabaseSync(join(dataDir, 's3-sqs-sns', 'fauxqs.db'));
    other.exec('BEGIN IMMEDIATE');
    const message = expect.stringContaining('database is locked');
    await expect(put()).rejects.toMatchObject({ name: 'InternalError', message });
    await expect(send()).rejects.toMatchObject({ name: 'InternalFailure', message });
    expect(errors[0]).toMatchObject({ message });
    other.exec('ROLLBACK');
    other.close();
    await put();
    await send();
  });
});

describe('queue URLs', () => {
  it('name the address where the server listens, so that any client can use them', async () => {
    const { aws, clients } = await start();
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    expect(QueueUrl).toBe(`${aws.endpoints.sqs}/000000000000/mine`);
  });
});

describe(provisionPipeline, () => {
  it('may run again, and subscribes nobody twice', async () => {
    const { aws, clients } = await start();
    const resources = await provisionPipeline({ aws });
    expect(await provisionPipeline({ aws })).toEqual(resources);
    await clients.sns.send(
      new PublishCommand({ TopicArn: resources.copying?.fileCopiedTopicArn, Message: 'raw' }),
    );
    await clients.sns.send(
      new PublishCommand({ TopicArn: resources.failuresTopicArn, Subject: 'S', Message: 'mail' }),
    );
    expect(await receive(clients, resources.jobsQueueUrl)).toEqual(['raw']);
    const mails = await receive(clients, resources.mailboxQueueUrl);
    expect(mails.map((mail) => JSON.parse(mail))).toMatchObject([{ Subject: 'S', Message: 'mail' }]);
  });

  it('names everything as the applications expect it', async () => {
    const { aws } = await start();
    const { environment } = await provisionPipeline({ aws });
    expect(environment).toEqual({
      UPLOADING_BUCKET: 'wordfreq-uploading',
      PROCESSING_BUCKET: 'wordfreq-processing',
      RESULTS_TABLE: 'wordfreq-results',
      RESULTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:wordfreq-results',
      FAILURES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:wordfreq-failures',
      JOBS_QUEUE_URL: `${aws.endpoints.sqs}/000000000000/wordfreq-jobs`,
      RESULTS_QUEUE_URL: `${aws.endpoints.sqs}/000000000000/wordfreq-results`,
      DEAD_LETTER_QUEUE_URL: `${aws.endpoints.sqs}/000000000000/wordfreq-dead-letters`,
      MAX_RECEIVES: '10',
    });
  });
});

describe(startS3EventBridge, () => {
  it('announces uploads with the suffix to the copy Lambda’s queue, and copies to the topic', async () => {
    const { aws, clients } = await start();
    const resources = await provisionPipeline({ aws });
    const bridge = startS3EventBridge({ aws, resources });
    const { uploadingBucket: Bucket, processingBucket } = resources;
    const Key = 'a b+é.txt';
    const put = await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'one two' }));
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'picture.png', Body: 'x' }));
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'b.txt.gz', Body: 'x' }));
    const source = `${Bucket}/${encodeURIComponent(Key)}`;
    await clients.s3.send(new CopyObjectCommand({ Bucket: processingBucket, Key, CopySource: source }));
    await bridge.stop();

    const uploads = (await receive(clients, resources.copying?.uploadsQueueUrl ?? '')).map(parseAnnouncement);
    const object = { key: Key, eTag: put.ETag?.replaceAll('"', '') };
    const event = { kind: 'created', sizeBytes: 7, sequencer: expect.stringMatching(/^[0-9A-F]{16}$/) };
    expect(uploads).toMatchObject([
      {
        ok: true,
        events: [{ ...event, eventName: 'ObjectCreated:Put', object: { ...object, bucket: Bucket } }],
      },
      { ok: true, events: [{ kind: 'created', object: { key: 'b.txt.gz' } }] },
    ]);
    const jobs = (await receive(clients, resources.jobsQueueUrl)).map(parseAnnouncement);
    expect(jobs).toMatchObject([
      {
        ok: true,
        events: [{ ...event, eventName: 'ObjectCreated:Copy', object: { bucket: processingBucket } }],
      },
    ]);
  });

  it('announces uploads that are counted in place to the jobs queue, and copies nothing', async () => {
    const { aws, clients } = await start();
    const resources = await provisionPipeline({ aws, copyUploads: false });
    const { uploadingBucket: Bucket, processingBucket, copying } = resources;
    expect({ processingBucket, copying }).toEqual({ processingBucket: Bucket, copying: undefined });
    const bridge = startS3EventBridge({ aws, resources });
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'a.txt', Body: 'one two' }));
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'picture.png', Body: 'x' }));
    await bridge.stop();
    expect((await receive(clients, resources.jobsQueueUrl)).map(parseAnnouncement)).toMatchObject([
      { ok: true, events: [{ kind: 'created', object: { bucket: Bucket, key: 'a.txt' } }] },
    ]);
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand());
    expect(Buckets.map(({ Name }) => Name)).toEqual([Bucket]);
    const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand());
    expect(QueueUrls.filter((url) => url.includes('uploads'))).toEqual([]);
  });

  it('announces an upload in parts once, with the ETag of the whole', async () => {
    const { aws, clients } = await start();
    const resources = await provisionPipeline({ aws });
    const bridge = startS3EventBridge({ aws, resources });
    const target = { Bucket: resources.uploadingBucket, Key: 'big.txt' };
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, PartNumber: 1, Body: 'part' };
    const { ETag } = await clients.s3.send(new UploadPartCommand(part));
    await clients.s3.send(
      new CompleteMultipartUploadCommand({
        ...target,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    await bridge.settled();
    await bridge.stop();
    expect(
      (await receive(clients, resources.copying?.uploadsQueueUrl ?? '')).map(parseAnnouncement),
    ).toMatchObject([
      {
        events: [
          {
            eventName: 'ObjectCreated:CompleteMultipartUpload',
            sizeBytes: 4,
            object: { eTag: expect.stringMatching(/-1$/) },
          },
        ],
      },
    ]);
  });

  it('tries again for a while, then tells who wants to know', async () => {
    const { aws, clients } = await start();
    const resources = await provisionPipeline({ aws });
    const { copying } = resources;
    if (copying === undefined) throw new Error('Expected uploads to be copied.');
    const failures: [string, string][] = [];
    const pauses: number[] = [];
    const bridge = startS3EventBridge({
      aws,
      resources: {
        ...resources,
        copying: { ...copying, uploadsQueueUrl: `${copying.uploadsQueueUrl}-missing` },
      },
      clock: { ...systemClock, sleep: async (ms) => void pauses.push(ms) },
      onError: (error, { key }) => failures.push([key, (error as Error).name]),
    });
    await clients.s3.send(
      new PutObjectCommand({ Bucket: resources.uploadingBucket, Key: 'a.txt', Body: 'x' }),
    );
    await bridge.stop();
    expect(failures).toEqual([['a.txt', 'QueueDoesNotExist']]);
    expect(pauses).toEqual([200, 200, 200, 200]);
  });
});
