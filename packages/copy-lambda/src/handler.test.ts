import { createServer } from 'node:net';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  type PipelineResources,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { takeMessages } from '../../aws-adapters/test/support/take-messages.ts';
import { handler } from './handler.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 } as Context;
let aws: EmbeddedAws;
let clients: EmbeddedClients;
let resources: PipelineResources;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  resources = await provisionPipeline({ aws });
  clients = createEmbeddedClients(aws);
  for (const [name, value] of Object.entries({ ...aws.environment, ...resources.environment }))
    vi.stubEnv(name, value);
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  clients?.destroy();
  await aws?.stop();
});

async function put(Key: string, Body: string): Promise<string> {
  const { ETag } = await clients.s3.send(new PutObjectCommand({ Bucket: 'wordfreq-uploading', Key, Body }));
  return (ETag ?? '').replaceAll('"', '');
}

const announcement = (key: string, eTag: string) =>
  s3EventFor({ object: { bucket: 'wordfreq-uploading', key, eTag }, sizeBytes: 1, at: new Date(0) });

const batch = (...bodies: string[]): SQSEvent => receivedFor('1', ...bodies);

const receivedFor = (ApproximateReceiveCount: string, ...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body,
    attributes: { ApproximateReceiveCount },
    eventSource: 'aws:sqs',
  })) as unknown as SQSEvent['Records'],
});

/** The handler of another execution environment. */
async function handlerWith(environment: Record<string, string>): Promise<typeof handler> {
  vi.resetModules();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return (await import('./handler.ts')).handler;
}

/** Takes every dead letter. */
function deadLetters(): Promise<Message[]> {
  return takeMessages(clients.sqs, resources.deadLettersQueueUrl);
}

async function copyOf(Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'wordfreq-processing', Key }));
  return Body?.transformToString();
}

describe(handler, () => {
  it('counts uploads in its metrics, and not the test event that S3 sends when notifications are switched on', async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const counting = await handlerWith({ POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_DEV: 'true' });
    const news = ['ObjectRemoved:Delete', 'ObjectTagging:Put'].map((eventName) =>
      JSON.stringify(
        s3EventFor({
          object: { bucket: 'wordfreq-uploading', key: 'k' },
          sizeBytes: 0,
          at: new Date(0),
          eventName,
        }),
      ),
    );
    const metrics = (): unknown[] =>
      lines
        .splice(0)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => '_aws' in line)
        .map(({ Copied, NotCopied }) => ({ Copied, NotCopied }));
    await counting(batch('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}', ...news), context);
    expect(metrics()).toEqual([]);
    const other = JSON.stringify(announcement('counted.png', await put('counted.png', 'x')));
    const upload = JSON.stringify(announcement('counted.txt', await put('counted.txt', 'x')));
    await counting(batch(other), context);
    await counting(batch(upload), context);
    expect(metrics()).toEqual([{ NotCopied: 1 }, { Copied: 1 }]);
    log.mockRestore();
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
    vi.stubEnv('POWERTOOLS_DEV', 'false');
  });

  it('reports metrics under frozen names, by the dimension that the worker has, too', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const measured = await handlerWith({ POWERTOOLS_METRICS_DISABLED: 'false' });
    await measured(batch(JSON.stringify(announcement('m.txt', await put('m.txt', 'one')))), context);
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
    const [document = '{}'] = lines.filter((line) => line.includes('CloudWatchMetrics'));
    expect(JSON.parse(document)).toMatchObject({
      service: 'wordfreq-copy',
      Copied: 1,
      CopiedBytes: 3,
      _aws: { CloudWatchMetrics: [{ Namespace: 'WordFreq', Dimensions: [['service']] }] },
    });
  });

  it('copies a batch, and sends what can never be done to the dead letters with its reason', async () => {
    const good = JSON.stringify(announcement('a.txt', await put('a.txt', 'one')));
    expect(await handler(batch(good, 'not JSON', good), context)).toEqual({ batchItemFailures: [] });
    expect(await copyOf('a.txt')).toBe('one');
    expect(await deadLetters()).toMatchObject([
      {
        Body: 'not JSON',
        MessageAttributes: {
          reasonCode: { StringValue: 'not-json' },
          originalMessageId: { StringValue: 'message-1' },
        },
      },
    ]);
  });

  it('takes an event straight from S3', async () => {
    expect(
      await handler(announcement('direct.txt', await put('direct.txt', 'two')), context),
    ).toBeUndefined();
    expect(await copyOf('direct.txt')).toBe('two');
  });

  it('takes an event from EventBridge, whose keys are literal', async () => {
    const key = 'a+b%20c.txt';
    await put(key, 'three');
    const event = {
      version: '0',
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2026-01-01T00:00:00Z',
      detail: {
        version: '0',
        bucket: { name: 'wordfreq-uploading' },
        object: { key, size: 5 },
        reason: 'PutObject',
      },
    };
    await handler(event, context);
    expect(await copyOf(key)).toBe('three');
  });

  it('throws for an event straight from S3 that failed, so that Lambda tries again', async () => {
    await expect(handler({ surprise: true }, context)).rejects.toThrow();
  });

  it('reports what may pass, and gives it up at the last receive, before the queue moves it without a reason', async () => {
    // Nobody listens on this port.
    const stormy = await handlerWith({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' });
    const body = JSON.stringify(announcement('later.txt', 'e'));
    expect(await stormy(receivedFor('9', body), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(await deadLetters()).toEqual([]);
    expect(await stormy(receivedFor('10', body), context)).toEqual({ batchItemFailures: [] });
    expect(await deadLetters()).toMatchObject([
      {
        MessageAttributes: {
          reasonCode: { StringValue: 'attempts-exhausted' },
          reasonDetail: { StringValue: expect.stringMatching(/^Tried 10 times.*unavailable/) },
          key: { StringValue: 'later.txt' },
        },
      },
    ]);
  });

  it('gives up before its time is over, and reports the message', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const stalled = await handlerWith({ AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` });
    const body = JSON.stringify(announcement('stalled.txt', 'e'));
    const short = { ...context, getRemainingTimeInMillis: () => 3100 } as Context;
    expect(await stalled(batch(body), short)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    silent.close();
  });

  it('reports each message that failed where there is no dead-letter queue for it', async () => {
    const plain = await handlerWith({ DEAD_LETTER_QUEUE_URL: '' });
    expect(await plain(batch('{', '['), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }],
    });
  });

  it('does not copy what is not announced', async () => {
    await put('quiet.txt', 'four');
    const head = clients.s3.send(new HeadObjectCommand({ Bucket: 'wordfreq-processing', Key: 'quiet.txt' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});
