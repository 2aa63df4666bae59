import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler } from './handler.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 } as Context;
let aws: EmbeddedAws;
let clients: EmbeddedClients;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const resources = await provisionPipeline({ aws });
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

const batch = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body,
    eventSource: 'aws:sqs',
  })) as unknown as SQSEvent['Records'],
});

async function copyOf(Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'wordfreq-processing', Key }));
  return Body?.transformToString();
}

describe(handler, () => {
  it('copies a batch and reports only the messages that failed', async () => {
    const good = JSON.stringify(announcement('a.txt', await put('a.txt', 'one')));
    expect(await handler(batch(good, 'not JSON', good), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(await copyOf('a.txt')).toBe('one');
  });

  it('reports a batch in which everything failed, message by message', async () => {
    expect(await handler(batch('{', '['), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }],
    });
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

  it('does not copy what is not announced', async () => {
    await put('quiet.txt', 'four');
    const head = clients.s3.send(new HeadObjectCommand({ Bucket: 'wordfreq-processing', Key: 'quiet.txt' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});
