import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { EmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import { until } from '../../support/until.ts';
import type { ResolvedResource, ResolvedTemplate } from './template.ts';

/**
 * Makes what holds data on the embedded servers, from the template's own properties: buckets, queues, topics,
 * subscriptions, the table.
 */
export async function embedTemplate(template: ResolvedTemplate, clients: EmbeddedClients): Promise<void> {
  for (const { name } of template.ofType('AWS::S3::Bucket')) {
    await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  }
  // Dead-letter queues first: the others name them.
  const queues = template.ofType('AWS::SQS::Queue');
  for (const queue of [...queues.filter((one) => !redrives(one)), ...queues.filter(redrives)]) {
    await clients.sqs.send(
      new CreateQueueCommand({ QueueName: queue.name, Attributes: attributesOf(queue) }),
    );
  }
  for (const { name } of template.ofType('AWS::SNS::Topic')) {
    await clients.sns.send(new CreateTopicCommand({ Name: name }));
  }
  for (const { properties } of template.ofType('AWS::SNS::Subscription')) {
    const { Protocol, Endpoint, TopicArn, RawMessageDelivery = false } = properties as Record<string, string>;
    if (Protocol !== 'sqs') continue;
    const Attributes = { RawMessageDelivery: String(RawMessageDelivery) };
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
  }
  for (const table of template.ofType('AWS::DynamoDB::GlobalTable')) await createTable(table, clients);
}

const redrives = ({ properties }: ResolvedResource): boolean => properties['RedrivePolicy'] !== undefined;

function attributesOf({ properties }: ResolvedResource): Record<string, string> {
  const { VisibilityTimeout = 30, RedrivePolicy } = properties;
  return {
    VisibilityTimeout: String(VisibilityTimeout),
    ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
  };
}

async function createTable(
  { name, properties }: ResolvedResource,
  { dynamodb }: EmbeddedClients,
): Promise<void> {
  const { KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes } =
    properties as Partial<CreateTableCommandInput>;
  const input = { TableName: name, KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes };
  await dynamodb.send(new CreateTableCommand(input));
  await until('the table is active', async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus === 'ACTIVE';
  });
}
