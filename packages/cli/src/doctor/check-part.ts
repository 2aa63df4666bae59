import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import { toAdapterError } from '@org/wordfreq-aws-adapters/errors';
import type { CommonValues } from '../command-line/command.ts';
import { type CloudClients, clientOptions, createCloudClients } from '../pipeline/cloud.ts';
import type { PipelineResource, Service } from '../pipeline/resource-names.ts';
import { indexOf } from '../pipeline/results-table.ts';
import { explainAwsError } from '../pipeline/with-cloud.ts';
import { formatNumberOf } from '../terminal/format.ts';
import { type Finding, ok, problem } from './check-environment.ts';

/** One client per service. */
export interface DoctorClients extends CloudClients {
  readonly sns: SNSClient;
}

/** Short, so that a service that cannot be reached is soon reported. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 10_000 };

/** Creates the clients as every command does, but without retries: the doctor reports the first failure. */
export function createDoctorClients(
  options: Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'>,
  environment: Readonly<Record<string, string | undefined>>,
): DoctorClients {
  const once = { maxAttempts: 1, requestHandler: TIMEOUTS };
  const clients = createCloudClients(options, environment, once);
  const sns = new SNSClient({ ...once, ...clientOptions(options) });
  return {
    ...clients,
    sns,
    destroy() {
      clients.destroy();
      sns.destroy();
    },
  };
}

/** Describes one part of a pipeline with a call that only reads. */
type Look = (clients: DoctorClients, name: string) => Promise<string>;

/** For each service: a call that only reads, and the permission that it takes. */
const LOOKS: Readonly<Record<Service, { readonly action: string; readonly look: Look }>> = {
  s3: {
    action: 's3:ListBucket',
    async look({ s3 }, Bucket) {
      const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket }));
      return BucketRegion === undefined ? 'there' : `there, in ${BucketRegion}`;
    },
  },
  sqs: {
    action: 'sqs:GetQueueAttributes',
    async look({ sqs }, QueueUrl) {
      const AttributeNames = ['ApproximateNumberOfMessages'] as const;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return `there, with about ${formatNumberOf(Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0), 'message')}`;
    },
  },
  dynamodb: { action: 'dynamodb:DescribeTable', look: lookAtTable },
  sns: {
    action: 'sns:GetTopicAttributes',
    async look({ sns }, TopicArn) {
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return `there, with ${formatNumberOf(Number(Attributes?.['SubscriptionsConfirmed'] ?? 0), 'subscription')}`;
    },
  },
};

/** A part exists, but cannot be used. */
class Unfit extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

async function lookAtTable({ dynamodb }: DoctorClients, TableName: string): Promise<string> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const keyOf = (
    schema: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[] = [],
  ): string => schema.map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ');
  const expected = keyOf(createTableInput(TableName).KeySchema);
  const key = keyOf(Table?.KeySchema);
  if (key !== expected) {
    throw new Unfit(
      `its key is ${key}, expected ${expected}`,
      'Make another table with wordfreq create-table.',
    );
  }
  const index = indexOf(Table);
  if (index === undefined) {
    throw new Unfit(
      'it has no index of the newest results, which the page, results and watch read',
      'Run wordfreq create-table with its name, which adds the index, or deploy the stack again.',
    );
  }
  if (Table?.TableStatus !== 'ACTIVE' && Table?.TableStatus !== 'UPDATING') {
    throw new Unfit(`it is ${Table?.TableStatus}`, 'Wait until it is ACTIVE.');
  }
  const { TableStatus, ItemCount = 0 } = Table;
  // DynamoDB counts every six hours: 0 says nothing about a table that is younger, or whose first items are.
  return `there, ${TableStatus}${ItemCount === 0 ? '' : `, ${formatNumberOf(ItemCount ?? 0, 'item')} when DynamoDB last counted them`}`;
}

/** Looks at one part by a call that only reads. */
export async function checkPart(
  clients: DoctorClients,
  part: PipelineResource,
  name: string,
): Promise<Finding> {
  const { action, look } = LOOKS[part.service];
  try {
    return ok(part.what, `${name}: ${await look(clients, name)}`);
  } catch (error) {
    const { found, hint } = explain(error, part, action);
    return problem(part.what, `${name}: ${found}`, hint);
  }
}

/** What is wrong with a part, and what to do. */
function explain(error: unknown, part: PipelineResource, action: string): { found: string; hint: string } {
  if (error instanceof Unfit) return { found: error.message, hint: error.hint };
  const { code } = toAdapterError(error, { operation: `look at the ${part.what}` });
  if (code === 'not-found') {
    const make = part.service === 'dynamodb' ? 'Make it with wordfreq create-table, or check' : 'Check';
    return { found: 'it does not exist', hint: `${make} ${part.variable}, the region and the account.` };
  }
  const explanation = explainAwsError(error);
  if (explanation !== undefined) return { found: explanation.message, hint: explanation.hint };
  if (code === 'access-denied') {
    return { found: 'access was denied', hint: `Allow ${action} on it for the role that runs this.` };
  }
  const { message, name } = error as Error;
  return {
    found: message || name,
    hint: `Check ${part.variable}, the network and the service’s status.`,
  };
}
