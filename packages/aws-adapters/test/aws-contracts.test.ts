import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import { createDynamoResultStore, createTableInput } from '../src/dynamodb/index.ts';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  startEmbeddedAws,
} from '../src/local/index.ts';
import { createS3ObjectStore } from '../src/s3/index.ts';
import { createSnsNotifier } from '../src/sns/index.ts';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
  createSqsResultPublisher,
} from '../src/sqs/index.ts';
import {
  jobQueueContract,
  notifierContract,
  objectStoreContract,
  resultPublisherContract,
  resultStoreContract,
} from '../src/testing/index.ts';

// At once, because queues count in seconds; every test has a fixture of its own.
const api = { describe, it: it.concurrent };
let aws: EmbeddedAws;
let clients: EmbeddedClients;
let serial = 0;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createEmbeddedClients(aws);
});
afterAll(async () => {
  clients.destroy();
  await aws.stop();
});

async function newBucket(): Promise<string> {
  const bucket = `bucket-${++serial}`;
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

async function newQueue(): Promise<string> {
  const { QueueUrl = '' } = await clients.sqs.send(
    new CreateQueueCommand({ QueueName: `queue-${++serial}` }),
  );
  return QueueUrl;
}

async function bodiesIn(queueUrl: string): Promise<Record<string, unknown>[]> {
  const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await clients.sqs.send(receive);
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

describe('S3', () => {
  // fauxqs keeps no versions.
  objectStoreContract(
    api,
    async () => ({
      store: createS3ObjectStore({ client: clients.s3, clock: systemClock }),
      bucket: await newBucket(),
      otherBucket: await newBucket(),
    }),
    { versions: false },
  );
});

describe('S3, copying in parts', () => {
  objectStoreContract(
    api,
    async () => ({
      store: createS3ObjectStore({
        client: clients.s3,
        clock: systemClock,
        multipartThresholdBytes: 1,
      }),
      bucket: await newBucket(),
      otherBucket: await newBucket(),
    }),
    { versions: false },
  );
});

describe('SQS', () => {
  jobQueueContract(api, async () => {
    const client = clients.sqs;
    const queueUrl = await newQueue();
    const deadLetterQueueUrl = await newQueue();
    return {
      queue: createSqsJobQueue({ client, queueUrl, deadLetterQueueUrl, clock: systemClock }),
      sender: createSqsJobSender({ client, queueUrl, clock: systemClock }),
      deadLetters: createSqsDeadLetterQueue({ client, queueUrl: deadLetterQueueUrl }),
      pass: (ms) => delay(ms),
    };
  });
  resultPublisherContract(api, async () => {
    const queueUrl = await newQueue();
    return {
      publisher: createSqsResultPublisher({ client: clients.sqs, queueUrl }),
      received: () => bodiesIn(queueUrl),
    };
  });
});

describe('SNS', () => {
  notifierContract(api, async () => {
    const queueUrl = await newQueue();
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
    );
    const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: `topic-${++serial}` }));
    const Endpoint = Attributes?.['QueueArn'];
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    const topicArns = { 'job-finished': TopicArn, 'job-failed': TopicArn, 'message-quarantined': TopicArn };
    return {
      notifier: createSnsNotifier({ client: clients.sns, topicArns }),
      received: async () =>
        (await bodiesIn(queueUrl)).map(({ Subject, Message }) => ({
          subject: String(Subject),
          text: String(Message),
        })),
    };
  });
});

async function newTable(): Promise<string> {
  const tableName = `table-${++serial}`;
  await clients.dynamodb.send(new CreateTableCommand(createTableInput(tableName)));
  // The document client is a DynamoDB client to everything but the type checker.
  const client = clients.dynamodb as unknown as DynamoDBClient;
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 },
    { TableName: tableName },
  );
  return tableName;
}

describe('DynamoDB', () => {
  resultStoreContract(api, async () => ({
    store: createDynamoResultStore({ client: clients.dynamodb, tableName: await newTable() }),
  }));
});

describe('DynamoDB, with every word in S3', () => {
  resultStoreContract(api, async () => {
    const store = createS3ObjectStore({ client: clients.s3, clock: systemClock });
    return {
      store: createDynamoResultStore({
        client: clients.dynamodb,
        tableName: await newTable(),
        spill: { store, bucket: await newBucket() },
        maxItemBytes: 1,
      }),
    };
  });
});
