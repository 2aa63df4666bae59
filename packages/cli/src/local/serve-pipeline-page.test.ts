import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import { createEmbeddedClients, type EmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePipelinePage } from './serve-pipeline-page.ts';
import { type LocalPipeline, startLocalPipeline } from './start-local-pipeline.ts';

let pipeline: LocalPipeline;
let clients: EmbeddedClients;
beforeAll(async () => {
  pipeline = await startLocalPipeline({ workers: 0 });
  clients = createEmbeddedClients(pipeline);
});
afterAll(async () => {
  clients?.destroy();
  await pipeline?.stop();
});

async function isCopied(key: string): Promise<boolean> {
  const place = { Bucket: pipeline.resources.processingBucket, Key: key };
  return clients.s3.send(new HeadObjectCommand(place)).then(
    () => true,
    () => false,
  );
}

async function untilCopied(key: string): Promise<void> {
  while (!(await isCopied(key))) await delay(50);
}

describe(servePipelinePage, () => {
  it('sends the dead letter of an upload back to be copied, not to the workers', async () => {
    const { resources } = pipeline;
    const info = await pipeline.upload('a.txt', new TextEncoder().encode('some words'));
    await untilCopied('a.txt');
    await clients.s3.send(new DeleteObjectCommand({ Bucket: resources.processingBucket, Key: 'a.txt' }));
    const MessageBody = JSON.stringify(s3EventFor({ object: info, sizeBytes: 10, at: new Date() }));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: resources.deadLettersQueueUrl, MessageBody }));
    const page = await servePipelinePage(pipeline, 0);
    const answer = await fetch(`${page.url}/api/dead-letters/redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: page.url },
      body: '{}',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { sent: 1 }]);
    await untilCopied('a.txt');
    await page.close();
  });
});
