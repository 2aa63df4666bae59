import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { createTableInput } from '../../src/dynamodb/index.ts';
import { createEmbeddedClients, type EmbeddedClients, startEmbeddedAws } from '../../src/local/index.ts';

/** Makes resources with names of their own on the embedded servers. */
export interface Embedded {
  /** Only inside tests: the servers start before them. */
  readonly clients: EmbeddedClients;
  newBucket(): Promise<string>;
  newQueue(): Promise<string>;
  newTable(): Promise<string>;
  /** A topic, and a queue that hears of everything published to it. */
  newTopic(raw?: boolean): Promise<{ topicArn: string; queueUrl: string }>;
  received(queueUrl: string): Promise<Message[]>;
}

/** Starts the servers before a file's tests and stops them after. */
export function embedded(): Embedded {
  let clients: EmbeddedClients;
  let stop: () => Promise<void>;
  let serial = 0;

  beforeAll(async () => {
    const aws = await startEmbeddedAws();
    clients = createEmbeddedClients(aws);
    stop = aws.stop;
  });
  afterAll(async () => {
    clients.destroy();
    await stop();
  });

  async function newQueue(): Promise<string> {
    const { QueueUrl = '' } = await clients.sqs.send(
      new CreateQueueCommand({ QueueName: `queue-${++serial}` }),
    );
    return QueueUrl;
  }

  return {
    get clients() {
      return clients;
    },
    newQueue,
    async newBucket() {
      const bucket = `bucket-${++serial}`;
      await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucket;
    },
    async newTable() {
      const tableName = `table-${++serial}`;
      await clients.dynamodb.send(new CreateTableCommand(createTableInput(tableName)));
      // The document client is a DynamoDB client to everything but the type checker.
      const client = clients.dynamodb as unknown as DynamoDBClient;
      const patience = { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 };
      await waitUntilTableExists(patience, { TableName: tableName });
      return tableName;
    },
    async newTopic(raw = false) {
      const queueUrl = await newQueue();
      const ask = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
      const Endpoint = (await clients.sqs.send(ask)).Attributes?.['QueueArn'];
      const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: `topic-${++serial}` }));
      const Attributes = { RawMessageDelivery: String(raw) };
      await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
      return { topicArn: TopicArn, queueUrl };
    },
    async received(queueUrl) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      return (await clients.sqs.send(command)).Messages ?? [];
    },
  };
}
