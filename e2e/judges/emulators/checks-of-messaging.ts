import type { Boto3 } from '../support/boto3.ts';
import { type Check, only, type Properties } from './check.ts';

/** Queues, topics, events, and the functions that take them. */
export const MESSAGING_CHECKS: Readonly<Record<string, Check>> = {
  'AWS::SQS::Queue': {
    expected: only('VisibilityTimeout', 'MessageRetentionPeriod', 'SqsManagedSseEnabled', 'RedrivePolicy'),
    async read(boto3, QueueUrl) {
      const read = await queueAttributes(boto3, QueueUrl);
      const { maxReceiveCount, ...redrive } = JSON.parse(read['RedrivePolicy'] ?? '{}');
      return {
        VisibilityTimeout: Number(read['VisibilityTimeout']),
        MessageRetentionPeriod: Number(read['MessageRetentionPeriod']),
        SqsManagedSseEnabled: read['SqsManagedSseEnabled'] === 'true',
        // A number or a text: SQS takes both.
        RedrivePolicy: { ...redrive, maxReceiveCount: Number(maxReceiveCount) },
      };
    },
  },
  'AWS::SQS::QueuePolicy': {
    expected: only('PolicyDocument'),
    async read(boto3, _, { Queues }) {
      const [queue = ''] = Queues as string[];
      return { PolicyDocument: JSON.parse((await queueAttributes(boto3, queue))['Policy'] ?? 'null') };
    },
    async make(boto3, { Queues, PolicyDocument }) {
      const Attributes = { Policy: JSON.stringify(PolicyDocument) };
      for (const QueueUrl of Queues as string[])
        await boto3.call('sqs', 'set_queue_attributes', { QueueUrl, Attributes });
    },
  },
  'AWS::SNS::TopicPolicy': {
    expected: only('PolicyDocument'),
    async read(boto3, _, { Topics }) {
      const [TopicArn] = Topics as string[];
      const reply = await boto3.call<Attributes>('sns', 'get_topic_attributes', { TopicArn });
      return { PolicyDocument: JSON.parse(reply.Attributes['Policy'] ?? 'null') };
    },
    async make(boto3, { Topics, PolicyDocument }) {
      const policy = { AttributeName: 'Policy', AttributeValue: JSON.stringify(PolicyDocument) };
      for (const TopicArn of Topics as string[])
        await boto3.call('sns', 'set_topic_attributes', { TopicArn, ...policy });
    },
  },
  'AWS::SNS::Subscription': {
    expected: only('Endpoint', 'Protocol', 'RawMessageDelivery'),
    async read(boto3, _, { TopicArn, Endpoint: wanted }) {
      const { Subscriptions } = await boto3.call<{ Subscriptions: Record<string, string>[] }>(
        'sns',
        'list_subscriptions_by_topic',
        { TopicArn },
      );
      const { Endpoint, Protocol, SubscriptionArn } =
        Subscriptions.find((subscription) => subscription['Endpoint'] === wanted) ?? {};
      // Mail addresses confirm first, and have no ARN until then.
      if (SubscriptionArn?.startsWith('arn:') !== true) return { Endpoint, Protocol };
      const reply = await boto3.call<Attributes>('sns', 'get_subscription_attributes', { SubscriptionArn });
      const raw = reply.Attributes['RawMessageDelivery'] ?? 'false';
      return { Endpoint, Protocol, RawMessageDelivery: raw.toLowerCase() === 'true' };
    },
    make: (boto3, { TopicArn, Endpoint, Protocol, RawMessageDelivery }) =>
      boto3.call('sns', 'subscribe', {
        TopicArn,
        Endpoint,
        Protocol,
        ...(RawMessageDelivery === true ? { Attributes: { RawMessageDelivery: 'true' } } : {}),
      }),
  },
  'AWS::Events::Rule': {
    expected: ({ EventPattern, Targets }) => ({
      EventPattern,
      Targets: (Targets as Properties[]).map(only('Arn')),
    }),
    async read(boto3, id) {
      const Name = id.split('/').at(-1);
      const { EventPattern } = await boto3.call('events', 'describe_rule', { Name });
      const { Targets } = await boto3.call('events', 'list_targets_by_rule', { Rule: Name });
      return { EventPattern: JSON.parse(String(EventPattern)), Targets };
    },
  },
  'AWS::Lambda::Function': {
    expected: only('Environment', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Architectures', 'Role'),
    async read(boto3, FunctionName) {
      const reply = await boto3.call<{ Configuration: Properties }>('lambda', 'get_function', {
        FunctionName,
      });
      return reply.Configuration;
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    expected: only('BatchSize', 'EventSourceArn', 'FunctionResponseTypes'),
    read: (boto3, UUID) => boto3.call('lambda', 'get_event_source_mapping', { UUID }),
  },
  'AWS::Lambda::EventInvokeConfig': {
    expected: only('DestinationConfig', 'MaximumRetryAttempts'),
    read: (boto3, _, { FunctionName, Qualifier }) =>
      boto3.call('lambda', 'get_function_event_invoke_config', { FunctionName, Qualifier }),
    make: (boto3, properties) => boto3.call('lambda', 'put_function_event_invoke_config', properties),
  },
};

interface Attributes {
  readonly Attributes: Readonly<Record<string, string>>;
}

async function queueAttributes(boto3: Boto3, QueueUrl: string): Promise<Readonly<Record<string, string>>> {
  const reply = await boto3.call<Attributes>('sqs', 'get_queue_attributes', {
    QueueUrl,
    AttributeNames: ['All'],
  });
  return reply.Attributes;
}
