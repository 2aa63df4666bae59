import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  createEmbeddedClients,
  provisionPipeline,
  startEmbeddedAws,
  startS3EventBridge,
} from '@org/wordfreq-aws-adapters/local';
import type { ObjectStore, QueueDepth, ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
} from '@org/wordfreq-aws-adapters/sqs';
import { takeMessages } from '../../../aws-adapters/test/support/take-messages.ts';

/** The embedded servers with all that a worker needs, for one test file. */
export interface EmbeddedPipeline {
  /** What a worker's process gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly objects: ObjectStore;
  readonly results: ResultStore;
  readonly deadLetters: ReturnType<typeof createSqsDeadLetterQueue>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Announces an object again this many times. */
  announceAgain(key: string, times: number): Promise<void>;
  records(): Promise<StoredResult[]>;
  /** How many jobs wait and are in flight. */
  depth(): Promise<QueueDepth>;
  /** Resolves when no job is waiting or in flight; patience is 60,000 ms unless it says otherwise. */
  drained(patienceMs?: number): Promise<void>;
  /** Takes all mails that people would have got: subject and text. */
  takeMails(): Promise<{ readonly Subject: string; readonly Message: string }[]>;
  /** Takes all results messages. */
  takeResults(): Promise<{ readonly jobId: string; readonly object: { readonly key: string } }[]>;
  stop(): Promise<void>;
}

/** Starts S3, SQS, SNS and DynamoDB in this process; objects put into the processing bucket become jobs. */
export async function startEmbeddedPipeline(): Promise<EmbeddedPipeline> {
  const aws = await startEmbeddedAws();
  const resources = await provisionPipeline({ aws });
  const clients = createEmbeddedClients(aws);
  const bridge = startS3EventBridge({
    aws,
    resources,
    onError: (error) => {
      throw error;
    },
  });
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const results = createDynamoResultStore({ client: clients.dynamodb, tableName: resources.resultsTable });
  const jobs = createSqsJobQueue({
    client: clients.sqs,
    queueUrl: resources.jobsQueueUrl,
    deadLetterQueueUrl: resources.deadLettersQueueUrl,
    clock: systemClock,
  });
  /** Takes the JSON of all messages of a queue. */
  async function takeAll<T>(QueueUrl: string): Promise<T[]> {
    return (await takeMessages(clients.sqs, QueueUrl)).map(({ Body = '' }) => JSON.parse(Body));
  }
  return {
    environment: { ...aws.environment, ...resources.environment },
    objects,
    results,
    deadLetters: createSqsDeadLetterQueue({ client: clients.sqs, queueUrl: resources.deadLettersQueueUrl }),
    async put(key, body) {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      await objects.put({ bucket: resources.processingBucket, key }, bytes);
    },
    async announceAgain(key, times) {
      const object = await objects.head({ bucket: resources.processingBucket, key });
      const { sizeBytes, lastModified: at } = object;
      const event = JSON.stringify(s3EventFor({ object, sizeBytes, at }));
      const sender = createSqsJobSender({
        client: clients.sqs,
        queueUrl: resources.jobsQueueUrl,
        clock: systemClock,
      });
      await sender.send(Array.from({ length: times }, () => event));
    },
    async records() {
      const found: StoredResult[] = [];
      for await (const record of results.list()) found.push(record);
      return found;
    },
    depth: () => jobs.depth(),
    async drained(patienceMs = 60_000) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        const left = messagesIn(await jobs.depth());
        if (left === 0) return;
        if (performance.now() > deadline)
          throw new Error(`Expected an empty queue after ${patienceMs} ms, got ${left} messages.`);
        await delay(100);
      }
    },
    takeMails: () => takeAll(resources.mailboxQueueUrl),
    takeResults: () => takeAll(resources.resultsQueueUrl),
    async stop() {
      await bridge.stop();
      clients.destroy();
      await aws.stop();
    },
  };
}
