import { setTimeout as delay } from 'node:timers/promises';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { describe, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import {
  createDynamoDigestOutbox,
  createDynamoIntakeSwitch,
  createDynamoResultStore,
} from '../src/dynamodb/index.ts';
import { createS3ObjectStore } from '../src/s3/index.ts';
import { createSnsNotifier } from '../src/sns/index.ts';
import {
  createSqsDeadLetterQueue,
  createSqsDeadLetterSender,
  createSqsJobQueue,
  createSqsJobSender,
  createSqsResultPublisher,
} from '../src/sqs/index.ts';
import {
  digestOutboxContract,
  intakeSwitchContract,
  jobQueueContract,
  notifierContract,
  objectStoreContract,
  resultIndexContract,
  resultPublisherContract,
  resultStoreContract,
} from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

// At once, because queues count in seconds; every test has a fixture of its own.
const api = { describe, it: it.concurrent };
const aws = embedded();

async function parsedBodies(queueUrl: string): Promise<Record<string, unknown>[]> {
  return (await aws.received(queueUrl)).map(({ Body = '' }) => JSON.parse(Body));
}

describe.each([
  ['S3', {}],
  ['S3, copying in parts', { multipartThresholdBytes: 1 }],
])('%s', (_name, options) => {
  // fauxqs keeps no versions.
  objectStoreContract(
    api,
    async () => {
      const client = aws.clients.s3;
      const bucket = await aws.newBucket();
      return {
        store: createS3ObjectStore({ client, clock: systemClock, ...options }),
        bucket,
        otherBucket: await aws.newBucket(),
        async unfinishedUploads() {
          const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
          return Uploads.length;
        },
      };
    },
    { versions: false },
  );
});

describe('SQS', () => {
  jobQueueContract(api, async () => {
    const client = aws.clients.sqs;
    const queueUrl = await aws.newQueue();
    const deadLetterQueueUrl = await aws.newQueue();
    return {
      queue: createSqsJobQueue({ client, queueUrl, deadLetterQueueUrl, clock: systemClock }),
      sender: createSqsJobSender({ client, queueUrl, clock: systemClock }),
      deadLetters: createSqsDeadLetterQueue({ client, queueUrl: deadLetterQueueUrl }),
      deadLetterSender: createSqsDeadLetterSender({
        client,
        queueUrl: deadLetterQueueUrl,
        clock: systemClock,
      }),
      pass: (ms) => delay(ms),
    };
  });
  resultPublisherContract(api, async () => {
    const queueUrl = await aws.newQueue();
    return {
      publisher: createSqsResultPublisher({ client: aws.clients.sqs, queueUrl }),
      received: () => parsedBodies(queueUrl),
    };
  });
});

describe('SNS', () => {
  notifierContract(api, async () => {
    const { topicArn, queueUrl } = await aws.newTopic();
    const topicArns = {
      'job-finished': topicArn,
      'job-failed': topicArn,
      'message-quarantined': topicArn,
      digest: topicArn,
    };
    return {
      notifier: createSnsNotifier({ client: aws.clients.sns, topicArns }),
      received: async () =>
        (await parsedBodies(queueUrl)).map(({ Subject, Message }) => ({
          subject: String(Subject),
          text: String(Message),
        })),
    };
  });
});

describe('DynamoDB', () => {
  resultStoreContract(api, async () => ({
    store: createDynamoResultStore({ client: aws.clients.dynamodb, tableName: await aws.newTable() }),
  }));
  resultIndexContract(api, async () => {
    const clock = { time: new Date(), now: () => clock.time };
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    return { store, setClock: (now) => void Object.assign(clock, { time: now }) };
  });
});

describe('DynamoDB', () => {
  digestOutboxContract(api, async () => ({
    outbox: createDynamoDigestOutbox({
      client: aws.clients.dynamodb,
      tableName: await aws.newTable(),
      clock: systemClock,
    }),
  }));
});

describe('DynamoDB', () => {
  intakeSwitchContract(api, async () => ({
    intake: createDynamoIntakeSwitch({ client: aws.clients.dynamodb, tableName: await aws.newTable() }),
  }));
});

describe('DynamoDB, with every word in S3', () => {
  resultStoreContract(api, async () => {
    const store = createS3ObjectStore({ client: aws.clients.s3, clock: systemClock });
    return {
      store: createDynamoResultStore({
        client: aws.clients.dynamodb,
        tableName: await aws.newTable(),
        spill: { store, bucket: await aws.newBucket() },
        maxItemBytes: 1,
      }),
    };
  });
});
