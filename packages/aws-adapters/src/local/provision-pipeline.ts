import { CreateTableCommand, DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../clock/index.ts';
import { createTableInput, NEWEST_INDEX } from '../dynamodb/table.ts';
import { createEmbeddedClients, type EmbeddedAws, type EmbeddedClients } from './embedded-aws.ts';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import {
  type CopyingResources,
  DEFAULT_PIPELINE_NAMES,
  environmentOf,
  type PipelineNames,
  type PipelineResources,
} from './pipeline-resources.ts';

/** What to provision, and where. */
export interface ProvisionOptions {
  /** The embedded services, or others at the same kind of endpoints. */
  readonly aws: Pick<EmbeddedAws, 'endpoints' | 'region'>;
  /** Default: {@link DEFAULT_PIPELINE_NAMES}. */
  readonly names?: Partial<PipelineNames>;
  /**
   * Whether uploads are copied to a second bucket before they are counted. If not, the names of that bucket,
   * the queue of uploads and the topic of copies are not used. Default: true.
   */
  readonly copyUploads?: boolean;
}

/**
 * A message received more often goes to the dead letters: a backstop for messages that the worker itself
 * never gives up.
 */
const MAX_RECEIVE_COUNT = 10;

/** The visibility timeout of the queues. */
const VISIBILITY_SECONDS = 60;

/** A table is created in the background: in milliseconds here. */
const TABLE_POLL_MS = 10;
const MAX_TABLE_POLLS = 500;

interface Queue {
  readonly url: string;
  readonly arn: string;
}

/**
 * Creates the pipeline's buckets, topics, queues, subscriptions and table. Existing ones are left unchanged,
 * so it can run at every start.
 */
export async function provisionPipeline({
  aws,
  names: chosen,
  copyUploads = true,
}: ProvisionOptions): Promise<PipelineResources> {
  const names = { ...DEFAULT_PIPELINE_NAMES, ...chosen };
  const clients = createEmbeddedClients(aws);
  try {
    await createBucket(clients.s3, names.uploadingBucket);
    const processingBucket = copyUploads ? names.processingBucket : names.uploadingBucket;
    if (copyUploads) await createBucket(clients.s3, processingBucket);
    await createTable(clients.dynamodb, names.resultsTable);
    const createQueue = queueCreator(clients.sqs, aws.endpoints.sqs);
    const queues = await createQueues(createQueue, names);
    const topics = await createTopics(clients.sns, names, queues);
    const resources = {
      uploadingBucket: names.uploadingBucket,
      processingBucket,
      resultsTable: names.resultsTable,
      ...topics,
      ...(copyUploads ? { copying: await createCopying(clients.sns, createQueue, names, queues) } : {}),
      jobsQueueUrl: queues.jobs.url,
      resultsQueueUrl: queues.results.url,
      deadLettersQueueUrl: queues.deadLetters.url,
      mailboxQueueUrl: queues.mailbox.url,
      maxReceives: MAX_RECEIVE_COUNT,
    };
    return { ...resources, environment: environmentOf(resources) };
  } finally {
    clients.destroy();
  }
}

async function createBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!/^BucketAlready(OwnedByYou|Exists)$/.test((error as Error).name)) throw error;
  }
}

async function createTable(dynamodb: EmbeddedClients['dynamodb'], table: string): Promise<void> {
  try {
    await dynamodb.send(new CreateTableCommand(createTableInput(table)));
  } catch (error) {
    if ((error as Error).name !== 'ResourceInUseException') throw error;
  }
  const describe = new DescribeTableCommand({ TableName: table });
  for (let asked = 0; asked < MAX_TABLE_POLLS; asked += 1) {
    const { Table } = await dynamodb.send(describe);
    if (Table?.TableStatus === 'ACTIVE') return requireIndex(Table);
    await systemClock.sleep(TABLE_POLL_MS);
  }
}

/** dynalite cannot add an index to a table. */
function requireIndex({ TableName, GlobalSecondaryIndexes = [] }: TableDescription): void {
  if (GlobalSecondaryIndexes.some(({ IndexName }) => IndexName === NEWEST_INDEX.name)) return;
  throw new EmbeddedAwsError(
    'data-dir-unusable',
    `Expected the index "${NEWEST_INDEX.name}" of the table ${TableName}, but the data folder is of an earlier release. Use another folder.`,
  );
}

type Queues = Record<'jobs' | 'results' | 'deadLetters' | 'mailbox', Queue>;
/** Creates a queue; messages that are received too often go to the dead-letter queue, if one is given. */
type CreateQueue = (name: string, deadLetters?: Queue) => Promise<Queue>;

function queueCreator(sqs: SQSClient, endpoint: string): CreateQueue {
  return (name, deadLetters) =>
    createQueue(sqs, endpoint, name, {
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      ...(deadLetters === undefined ? {} : { RedrivePolicy: redrivePolicy(deadLetters) }),
    });
}

function redrivePolicy({ arn: deadLetterTargetArn }: Queue): string {
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVE_COUNT });
}

async function createQueues(create: CreateQueue, names: PipelineNames): Promise<Queues> {
  const deadLetters = await create(names.deadLettersQueue);
  return {
    deadLetters,
    jobs: await create(names.jobsQueue, deadLetters),
    results: await create(names.resultsQueue),
    mailbox: await create(names.mailboxQueue),
  };
}

async function createCopying(
  sns: SNSClient,
  create: CreateQueue,
  names: PipelineNames,
  { jobs, deadLetters }: Queues,
): Promise<CopyingResources> {
  const { url: uploadsQueueUrl, arn: uploadsQueueArn } = await create(names.uploadsQueue, deadLetters);
  const fileCopiedTopicArn = await createTopic(sns, names.fileCopiedTopic);
  await subscribe(sns, fileCopiedTopicArn, jobs.arn, { RawMessageDelivery: 'true' });
  return { uploadsQueueUrl, uploadsQueueArn, fileCopiedTopicArn };
}

async function createQueue(
  sqs: SQSClient,
  endpoint: string,
  name: string,
  attributes: Record<string, string>,
): Promise<Queue> {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  // A queue that comes from a data folder remembers the port of an earlier run.
  const url = new URL(new URL(created.QueueUrl ?? '').pathname, endpoint).href;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: Attributes?.['QueueArn'] ?? '' };
}

async function createTopics(
  sns: SNSClient,
  names: PipelineNames,
  queues: Queues,
): Promise<Record<'resultsTopicArn' | 'failuresTopicArn', string>> {
  const resultsTopicArn = await createTopic(sns, names.resultsTopic);
  const failuresTopicArn = await createTopic(sns, names.failuresTopic);
  await subscribe(sns, resultsTopicArn, queues.mailbox.arn);
  await subscribe(sns, failuresTopicArn, queues.mailbox.arn);
  return { resultsTopicArn, failuresTopicArn };
}

async function createTopic(sns: SNSClient, name: string): Promise<string> {
  return (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn ?? '';
}

async function subscribe(
  sns: SNSClient,
  topic: string,
  queue: string,
  attributes?: Record<string, string>,
): Promise<void> {
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topic })) {
    if (page.Subscriptions?.some(({ Endpoint }) => Endpoint === queue) === true) return;
  }
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: queue,
      ...(attributes === undefined ? {} : { Attributes: attributes }),
    }),
  );
}
