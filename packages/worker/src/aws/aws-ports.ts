import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '@org/wordfreq-aws-adapters/clock';
import {
  createDynamoDigestOutbox,
  createDynamoIntakeSwitch,
  createDynamoResultStore,
} from '@org/wordfreq-aws-adapters/dynamodb';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type {
  AnnouncementParser,
  DeadLetterQueue,
  DigestOutbox,
  IntakeSwitch,
  JobQueue,
  JobSender,
  Notifier,
  ObjectStore,
  ResultIndex,
  ResultPublisher,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore, FAST_CHECKSUMS } from '@org/wordfreq-aws-adapters/s3';
import { createSnsNotifier } from '@org/wordfreq-aws-adapters/sns';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
  createSqsResultPublisher,
} from '@org/wordfreq-aws-adapters/sqs';
import type { WorkerConfig } from '../config.ts';
import { createJobCosts, type JobCosts } from '../jobs/job-costs.ts';
import { topicArnsOf } from '../notifications/notification-policy.ts';
import { COUNTED_STEP, countRequests } from './count-requests.ts';
import { FAST_SIGNATURES } from './fast-sha256.ts';
import type { AwsSetup } from './require-aws-setup.ts';

/** Every port of a worker, connected to AWS. */
export interface AwsPorts {
  readonly parse: AnnouncementParser;
  readonly queue: JobQueue;
  readonly objects: ObjectStore;
  readonly results: ResultStore & ResultIndex;
  readonly publisher: ResultPublisher;
  readonly notifier: Notifier;
  readonly digest: DigestOutbox;
  readonly intake: IntakeSwitch;
  readonly deadLetters: DeadLetterQueue;
  /** Redrives dead letters to the jobs queue. */
  readonly redrive: { readonly from: JobQueue; readonly to: JobSender };
  readonly setup: AwsSetup;
  /** Counts the requests of these ports, and the process's time, for the jobs that cause them. */
  readonly costs: JobCosts;
  /** Ends all connections. */
  close(): void;
}

/** Longer than SQS waits for messages, which is 20 seconds. */
const MAX_SILENCE_MS = 30_000;

/**
 * The half of the composition root that knows AWS: creates the clients, with the SDK's own variables, and the
 * adapters over them. A connection that is silent for `maxSilenceMs` is closed, also in the middle of a
 * response; the SDK itself would wait forever. Reads of objects are not included: their adapter has a limit
 * of its own, and a thread that counts may keep a connection waiting.
 */
export function connectToAws(config: WorkerConfig, maxSilenceMs: number = MAX_SILENCE_MS): AwsPorts {
  const options = {
    ...FAST_SIGNATURES,
    requestHandler: { connectionTimeout: 5000, socketTimeout: maxSilenceMs },
  };
  const { DEAD_LETTER_QUEUE_URL, JOBS_QUEUE_URL, RESULTS_TABLE: tableName, SPILL_BUCKET: bucket } = config;
  const s3 = new S3Client({
    ...FAST_CHECKSUMS,
    ...FAST_SIGNATURES,
    forcePathStyle: config.S3_FORCE_PATH_STYLE === 'true',
  });
  const sqs = new SQSClient(options);
  const sns = new SNSClient(options);
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  const costs = createJobCosts(processorMs);
  const count = countRequests(costs, {
    jobs: JOBS_QUEUE_URL,
    destinations: [config.RESULTS_QUEUE_URL, DEAD_LETTER_QUEUE_URL],
  });
  s3.middlewareStack.add(count, COUNTED_STEP);
  sqs.middlewareStack.add(count, COUNTED_STEP);
  sns.middlewareStack.add(count, COUNTED_STEP);
  dynamodb.middlewareStack.add(count, COUNTED_STEP);
  const objects = createS3ObjectStore({ client: s3, clock });
  const queueAt = (queueUrl: string): JobQueue =>
    createSqsJobQueue({ client: sqs, queueUrl, deadLetterQueueUrl: DEAD_LETTER_QUEUE_URL, clock });
  return {
    parse: parseAnnouncement,
    queue: queueAt(JOBS_QUEUE_URL),
    objects,
    results: createDynamoResultStore({
      client: dynamodb,
      tableName,
      spillAdvice: 'Set SPILL_BUCKET, or lower TOP_WORDS.',
      ...(bucket === undefined ? {} : { spill: { store: objects, bucket } }),
    }),
    publisher: createSqsResultPublisher({
      client: sqs,
      queueUrl: config.RESULTS_QUEUE_URL,
      ...(bucket === undefined ? {} : { spill: { writer: objects, bucket } }),
    }),
    notifier: createSnsNotifier({ client: sns, topicArns: topicArnsOf(config) }),
    digest: createDynamoDigestOutbox({ client: dynamodb, tableName, clock }),
    intake: createDynamoIntakeSwitch({ client: dynamodb, tableName }),
    deadLetters: createSqsDeadLetterQueue({ client: sqs, queueUrl: DEAD_LETTER_QUEUE_URL }),
    redrive: {
      from: queueAt(DEAD_LETTER_QUEUE_URL),
      to: createSqsJobSender({ client: sqs, queueUrl: JOBS_QUEUE_URL, clock }),
    },
    setup: sqs.config,
    costs,
    close() {
      for (const client of [s3, sqs, sns, dynamodb]) client.destroy();
    },
  };
}

/** The processor time of this process and its threads. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
