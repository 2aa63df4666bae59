import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { HealthCheck } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { useKeys } from './customer-key.ts';
import { NEWEST_INDEX, type ResultStore } from './result-store.ts';

/** The resources that the worker uses. */
interface WorkerResources {
  readonly jobs: IQueue;
  readonly deadLetters: IQueue;
  readonly results: ResultStore;
  readonly bucket: IBucket;
}

/** The settings of the worker. */
interface WorkerSettings {
  readonly concurrency: number;
  readonly notify: 'failures' | 'each' | 'digest' | 'none';
  /** @default - the worker's default */
  readonly digestInterval: Duration | undefined;
  readonly suffix: string;
  readonly stopTimeoutSeconds: number;
  /** Whether the worker protects its task while it is busy. */
  readonly taskProtection: boolean;
  /** Whether the page is served to anyone who can reach the task. */
  readonly page: boolean;
  /**
   * Whether the page may send back and delete dead letters and pause intake, see
   * {@link pageActionsEnvironment}.
   */
  readonly actions: boolean;
}

/** Above 1,023, so that a user other than root can listen. */
export const WORKER_PORT: number = 8080;

/** The worker's environment variables; its README describes them. */
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
    // Prefetched messages would be in flight without being processed, and scaling would start tasks for them.
    PREFETCH: '0',
    NOTIFY: settings.notify,
    ...(settings.digestInterval === undefined
      ? {}
      : { DIGEST_MINUTES: String(settings.digestInterval.toMinutes()) }),
    STOP_TIMEOUT_SECONDS: String(settings.stopTimeoutSeconds),
    ...(settings.taskProtection ? {} : { TASK_PROTECTION: 'false' }),
    PORT: String(WORKER_PORT),
    // Set in both cases, because an image may have other defaults.
    PAGE: String(settings.page),
    HOST: settings.page ? '0.0.0.0' : '127.0.0.1',
    ...(results.spillBucket === undefined ? {} : { SPILL_BUCKET: results.spillBucket.bucketName }),
  };
}

/**
 * Runs Node, because the image has no shell and no curl. A refused connection also ends it with exit code 1.
 */
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

/** What the worker may do in addition to consuming the jobs queue. */
export function workerStatements(
  { jobs, deadLetters, results, bucket }: WorkerResources,
  { page, actions, notify }: Pick<WorkerSettings, 'page' | 'actions' | 'notify'>,
): PolicyStatement[] {
  const { table, queue, resultTopic, failureTopic, spillBucket } = results;
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
    // Without it S3 returns 403 instead of 404 for an object that does not exist.
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
    ...(actions ? changeDeadLetters(deadLetters, jobs) : []),
    ...useKeys([bucket, deadLetters, table, queue, resultTopic, failureTopic, spillBucket ?? {}]),
  ];
}

/** A read that is interrupted continues with the same version, if the bucket is versioned. */
function spillWords(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
      resources: [bucket.arnForObjects('*')],
    }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  ];
}

/** Pending digest entries are in the table until a worker has mailed and deleted them. */
function sendDigests(table: ITable): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
    resources: [table.tableArn],
  });
}

/** The page reads the index, the records of what it lists, and for a search the table; it peeks at dead letters. */
function showPage(table: ITable, deadLetters: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:Scan'],
      resources: [table.tableArn],
    }),
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [`${table.tableArn}/index/${NEWEST_INDEX}`],
    }),
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: [deadLetters.queueArn],
    }),
  ];
}

function changeDeadLetters(deadLetters: IQueue, jobs: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sqs:DeleteMessage'], resources: [deadLetters.queueArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [jobs.queueArn] }),
  ];
}

/** The variables that let people act on the page whom this load balancer has signed in. */
export function pageActionsEnvironment(loadBalancerArn: string): Record<string, string> {
  return { PAGE_ACTIONS: 'true', PAGE_LOAD_BALANCER_ARN: loadBalancerArn };
}
