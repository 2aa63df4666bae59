import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import type {
  DeadLetterQueue,
  JobQueue,
  JobSender,
  ObjectStore,
  ResultIndex,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
} from '@org/wordfreq-aws-adapters/sqs';
import type { CloudOptions, ResourceNames } from './resource-names.ts';

/** A pipeline, deployed or on this machine, as commands see it. Each part is created on first use. */
export interface Cloud {
  readonly names: ResourceNames;
  readonly clients: CloudClients;
  readonly objects: ObjectStore;
  readonly results: ResultStore & ResultIndex;
  readonly region: () => Promise<string>;
  /** A queue as one that is received from. */
  queue(queueUrl: string): JobQueue;
  sender(queueUrl: string): JobSender;
  deadLetters(queueUrl: string): DeadLetterQueue;
}

/** Makes the parts over given clients. */
export function cloudOver(clients: CloudClients, names: ResourceNames): Cloud {
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const queue = (queueUrl: string): JobQueue =>
    createSqsJobQueue({
      client: clients.sqs,
      queueUrl,
      // The command line quarantines nothing.
      deadLetterQueueUrl: queueUrl,
      clock: systemClock,
    });
  return {
    names,
    clients,
    objects,
    get results() {
      return createDynamoResultStore({
        client: clients.dynamodb,
        tableName: names.get('resultsTable'),
        // Items say themselves where their words are.
        spill: { store: objects, bucket: '' },
      });
    },
    region: () => clients.s3.config.region(),
    queue,
    sender: (queueUrl) => createSqsJobSender({ client: clients.sqs, queueUrl, clock: systemClock }),
    deadLetters: (queueUrl) => createSqsDeadLetterQueue({ client: clients.sqs, queueUrl }),
  };
}

/** One client per service that commands call. */
export interface CloudClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBDocumentClient;
  /** Closes the clients' connections. */
  destroy(): void;
}

/** What the clients of every service are created with. What is not given comes from the SDK's own variables and files. */
export function clientOptions({ region, endpointUrl, profile }: CloudOptions): {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
} {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Creates the clients. Nothing is called yet, so wrong credentials show only with the first call. */
export function createCloudClients(
  options: CloudOptions,
  environment: Readonly<Record<string, string | undefined>>,
  more: Pick<S3ClientConfig, 'maxAttempts' | 'requestHandler'> = {},
): CloudClients {
  const { endpointUrl } = options;
  const common = { ...more, ...clientOptions(options) };
  // Whatever is not AWS has no wildcard name for buckets.
  const forcePathStyle = endpointUrl !== undefined || environment['S3_FORCE_PATH_STYLE'] === 'true';
  const s3 = new S3Client({ ...common, forcePathStyle });
  const sqs = new SQSClient({ ...common, useQueueUrlAsEndpoint: endpointUrl === undefined });
  const plain = new DynamoDBClient(common);
  return {
    s3,
    sqs,
    dynamodb: DynamoDBDocumentClient.from(plain),
    destroy: () => {
      for (const client of [s3, sqs, plain]) client.destroy();
    },
  };
}
