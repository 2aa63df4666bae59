import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import type {
  DeadLetterQueue,
  JobQueue,
  JobSender,
  ObjectStore,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
} from '@org/wordfreq-aws-adapters/sqs';
import { type CloudClients, type CloudOptions, createCloudClients } from './cloud-clients.ts';
import { cloudError } from './cloud-error.ts';
import {
  type OtherFlags,
  type ResourceNameOptions,
  type ResourceNames,
  resourceNames,
} from './resource-names.ts';

/** A pipeline, deployed or on this machine, as commands see it. Each part is made when it is asked for. */
export interface Cloud {
  readonly names: ResourceNames;
  readonly clients: CloudClients;
  readonly objects: ObjectStore;
  readonly results: ResultStore;
  readonly region: () => Promise<string>;
  /** A queue as one that is received from. */
  queue(queueUrl: string): JobQueue;
  sender(queueUrl: string): JobSender;
  deadLetters(queueUrl: string): DeadLetterQueue;
}

/** What every command that calls AWS takes. */
export interface OpenCloudOptions extends CloudOptions, ResourceNameOptions {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a pipeline by options and environment variables, runs `use` with it, and closes its connections. What AWS refuses comes out as
 * one sentence with a hint.
 *
 * @throws CliError, exit code 2 for what was not named, 3 for what does not exist or is not allowed
 */
export async function withCloud<T>(
  options: OpenCloudOptions,
  environment: Environment,
  use: (cloud: Cloud) => Promise<T>,
  flags: OtherFlags = {},
): Promise<T> {
  const names = resourceNames(options, environment, flags);
  const clients = createCloudClients(options, environment);
  try {
    return await use(cloudOver(clients, names));
  } catch (error) {
    throw cloudError(error, names);
  } finally {
    clients.destroy();
  }
}

/** Makes the parts over given clients. */
export function cloudOver(clients: CloudClients, names: ResourceNames): Cloud {
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const queue = (queueUrl: string): JobQueue =>
    createSqsJobQueue({
      client: clients.sqs,
      queueUrl,
      // Nothing is quarantined from here.
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
