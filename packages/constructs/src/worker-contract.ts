import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { HealthCheck } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { useKeys } from './customer-key.ts';
import type { ResultStore } from './result-store.ts';

/** What the word-frequency worker uses. */
export interface WorkerResources {
  readonly jobs: IQueue;
  readonly deadLetters: IQueue;
  readonly results: ResultStore;
  readonly bucket: IBucket;
}

/** How it works. */
export interface WorkerSettings {
  readonly concurrency: number;
  readonly notify: 'failures' | 'each' | 'digest' | 'none';
  /** @default - as the worker has it */
  readonly digestInterval: Duration | undefined;
  readonly suffix: string;
  readonly stopTimeoutSeconds: number;
  /** Whether the worker may protect its task, and so does. */
  readonly taskProtection: boolean;
  /** Whether the page is shown to whoever reaches the task. */
  readonly page: boolean;
  /** Whether dead letters may be sent back there, by `redriveEnvironment`. */
  readonly redrive: boolean;
}

/** Above 1,023, so that a user who is not root may listen. */
export const WORKER_PORT: number = 8080;

/** The worker's environment variables, as its README's table has them. */
export function workerEnvironment(
  { jobs, deadLetters, results, bucket }: WorkerResources,
  settings: WorkerSettings,
): Record<string, string> {
  return {
    JOBS_QUEUE_URL: jobs.queueUrl,
    DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
    RESULTS_QUEUE_URL: results.queue.queueUrl,
    RESULTS_TOPIC_ARN: results.resultTopic.topicArn,
    FAILURES_TOPIC_ARN: results.failureTopic.topicArn,
    RESULTS_TABLE: results.table.tableName,
    PROCESSING_BUCKET: bucket.bucketName,
    KEY_SUFFIX: settings.suffix,
    CONCURRENCY: String(settings.concurrency),
    // Borrowed ahead, messages would be in flight without being worked on, and scaling would start tasks for them.
    PREFETCH: '0',
    NOTIFY: settings.notify,
    ...(settings.digestInterval === undefined
      ? {}
      : { DIGEST_MINUTES: String(settings.digestInterval.toMinutes()) }),
    STOP_TIMEOUT_SECONDS: String(settings.stopTimeoutSeconds),
    ...(settings.taskProtection ? {} : { TASK_PROTECTION: 'false' }),
    PORT: String(WORKER_PORT),
    // Both ways, because an image may say something else.
    PAGE: String(settings.page),
    HOST: settings.page ? '0.0.0.0' : '127.0.0.1',
    ...(results.spillBucket === undefined ? {} : { SPILL_BUCKET: results.spillBucket.bucketName }),
  };
}

/** By Node itself: the image needs no shell and no curl. A refused connection ends it with 1, too. */
export function workerHealthCheck(): HealthCheck {
  const script = `fetch('http://127.0.0.1:${WORKER_PORT}/healthz').then((r) => process.exit(r.ok ? 0 : 1))`;
  return {
    command: ['CMD', 'node', '-e', script],
    interval: Duration.seconds(30),
    timeout: Duration.seconds(5),
    startPeriod: Duration.seconds(20),
    retries: 3,
  };
}

/** What the worker may do besides taking jobs. */
export function workerStatements(
  { jobs, deadLetters, results, bucket }: WorkerResources,
  { page, redrive, notify }: Pick<WorkerSettings, 'page' | 'redrive' | 'notify'>,
): PolicyStatement[] {
  const { table, queue, resultTopic, failureTopic, spillBucket } = results;
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
    // Without it S3 says 403 instead of 404 for an object that is gone.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    new PolicyStatement({
      actions: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: [table.tableArn],
    }),
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn, queue.queueArn],
    }),
    new PolicyStatement({
      actions: ['sns:Publish'],
      resources: [resultTopic.topicArn, failureTopic.topicArn],
    }),
    ...(spillBucket === undefined ? [] : spillWords(spillBucket)),
    ...(notify === 'digest' ? [sendDigests(table)] : []),
    ...(page ? showPage(table, deadLetters) : []),
    ...(redrive ? sendBack(deadLetters, jobs) : []),
    ...useKeys([bucket, deadLetters, table, queue, resultTopic, failureTopic, spillBucket ?? {}]),
  ];
}

/** A reading that breaks off goes on with the version that it began with, where the bucket has versions. */
function spillWords(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
      resources: [bucket.arnForObjects('*')],
    }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  ];
}

/** News wait in the table until one worker has mailed them and takes them out. */
function sendDigests(table: ITable): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
    resources: [table.tableArn],
  });
}

/** The page reads all results, and looks at dead letters without taking them. */
function showPage(table: ITable, deadLetters: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['dynamodb:Scan', 'dynamodb:Query'], resources: [table.tableArn] }),
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: [deadLetters.queueArn],
    }),
  ];
}

function sendBack(deadLetters: IQueue, jobs: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sqs:DeleteMessage'], resources: [deadLetters.queueArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [jobs.queueArn] }),
  ];
}

/** What the worker must know to take a load balancer's word on who may send dead letters back. */
export function redriveEnvironment(loadBalancerArn: string): Record<string, string> {
  return { PAGE_REDRIVE: 'true', PAGE_LOAD_BALANCER_ARN: loadBalancerArn };
}
