import { EventEmitter } from 'node:events';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoIntakeSwitch, createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedEndpoints,
  type PipelineResources,
  provisionPipeline,
  type S3EventBridge,
  startEmbeddedAws,
  startS3EventBridge,
} from '@org/wordfreq-aws-adapters/local';
import type {
  DeadLetterQueue,
  IntakeSwitch,
  JobQueue,
  ObjectInfo,
  ObjectStore,
  ResultIndex,
  ResultStore,
  WriteOptions,
} from '@org/wordfreq-aws-adapters/ports';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { createSqsDeadLetterQueue, createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import { isCopied } from '../pipeline/objects/object-status.ts';
import { startEventSourceMapping, startLambda } from './copy-lambda.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import {
  hintingSwitch,
  problemReport,
  type Report,
  type Running,
  startWorkerProcess,
  type WorkerProcess,
} from './supervised-process.ts';

/** How to run the pipeline on this machine. */
export interface LocalPipelineOptions {
  /** Keep objects, messages and results in this folder. Default: in memory. */
  readonly dataDir?: string;
  /** 0 picks a free port. Default: free ports. */
  readonly ports?: { readonly aws?: number; readonly dynamodb?: number };
  /** Whether uploads are copied to a second bucket before they are counted. Default: true. */
  readonly copyUploads?: boolean;
  /** How many worker processes. Default: 1. */
  readonly workers?: number;
  /** Additional environment variables for the workers, such as `TOKENIZER`. */
  readonly workerEnvironment?: Readonly<Record<string, string>>;
  /** Each line that the copy Lambda and the workers log. Default: ignored. */
  readonly onLog?: (line: string) => void;
  /** Called with a sentence about a problem that the pipeline recovers from by itself. Default: ignored. */
  readonly onProblem?: (problem: string) => void;
}

/** The running pipeline. */
export interface LocalPipeline extends Running {
  /** The URLs of the embedded services. */
  readonly endpoints: EmbeddedEndpoints;
  /** The region that clients must use. */
  readonly region: string;
  /** The names of the buckets, queues, topics and the table. */
  readonly resources: PipelineResources;
  /**
   * The variables that point another process at this pipeline: any AWS SDK, and all of `wordfreq`'s commands.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** The store of results, and its index. */
  readonly results: ResultStore & ResultIndex;
  /** The queue of jobs. */
  readonly jobs: JobQueue;
  /** The dead letters of the jobs. */
  readonly deadLetters: DeadLetterQueue;
  /** The mail that would have been sent. */
  readonly mailbox: Mailbox;
  /** The current worker processes: a crashed one is replaced. */
  readonly workers: readonly Pick<WorkerProcess, 'pid'>[];
  /** Pauses and resumes the workers. */
  readonly intake: IntakeSwitch;
  /** Calls the listener whenever the copy Lambda or a worker logs something, as they do for each file. */
  onActivity(listener: () => void): void;
  /** Stops everything that handles files; results can still be read. `stop` includes it. Safe to call again. */
  drain(): Promise<void>;
  /** Stores a text in the uploading bucket; everything else follows by itself. */
  upload(key: string, body: Uint8Array, options?: Pick<WriteOptions, 'onlyIfAbsent'>): Promise<ObjectInfo>;
}

/**
 * Starts the whole pipeline on this machine: S3, SQS, SNS and DynamoDB in this process, the copy Lambda and
 * the workers in their own processes, with the environment variables that they have when deployed.
 *
 * @throws `port-taken`, `data-dir-unusable`, `data-dir-in-use`
 * @example
 * const pipeline = await startLocalPipeline();
 * await pipeline.upload('hello.txt', new TextEncoder().encode('hello hello world'));
 * // …
 * await pipeline.stop();
 */
export async function startLocalPipeline(options: LocalPipelineOptions = {}): Promise<LocalPipeline> {
  const { dataDir, ports, copyUploads = true, onProblem = () => undefined } = options;
  const report = problemReport(onProblem);
  const aws = await startEmbeddedAws({
    onError: report(
      dataDir === undefined
        ? 'S3, SQS, SNS or DynamoDB failed'
        : `S3, SQS, SNS or DynamoDB could not keep its data in ${dataDir}`,
    ),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(ports === undefined ? {} : { ports }),
  });
  const resources = await provisionPipeline({ aws, copyUploads });
  const clients = createEmbeddedClients(aws);
  const queue = (queueUrl: string): JobQueue =>
    createSqsJobQueue({
      client: clients.sqs,
      queueUrl,
      deadLetterQueueUrl: resources.deadLettersQueueUrl,
      clock: systemClock,
    });
  const activity = new EventEmitter();
  const listening = {
    ...options,
    onLog(line: string) {
      options.onLog?.(line);
      activity.emit('log');
    },
  };
  const bridge = startAnnouncing(aws, resources, report);
  const copying = startCopying(aws, resources, queue, listening, report);
  const workers = startWorkers({ ...aws.environment, ...resources.environment }, listening, report);
  const mailbox = openMailbox(queue(resources.mailboxQueueUrl), report('the mailbox could not be read'));
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const results = createDynamoResultStore({ client: clients.dynamodb, tableName: resources.resultsTable });
  const stopping = new AbortController();
  const { signal } = stopping;
  const unfinished = announceUnfinished(resources, { objects, results, bridge, signal }).catch((error) => {
    if (!signal.aborted) report('could not find everything that was waiting from an earlier run')(error);
  });
  async function drain(): Promise<void> {
    stopping.abort();
    await unfinished;
    // In the order of the data flow. The bridge stops after the Lambda, because it announces what the last calls
    // copied.
    for (const part of [...copying, bridge]) await part.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  return {
    endpoints: aws.endpoints,
    region: aws.region,
    resources,
    environment: {
      ...aws.environment,
      ...resources.environment,
      ...(resources.copying === undefined
        ? {}
        : {
            UPLOADS_QUEUE_URL: resources.copying.uploadsQueueUrl,
            UPLOADS_DEAD_LETTER_QUEUE_URL: resources.deadLettersQueueUrl,
          }),
    },
    results,
    jobs: queue(resources.jobsQueueUrl),
    deadLetters: createSqsDeadLetterQueue({ client: clients.sqs, queueUrl: resources.deadLettersQueueUrl }),
    mailbox,
    workers,
    intake: hintingSwitch(
      createDynamoIntakeSwitch({ client: clients.dynamodb, tableName: resources.resultsTable }),
      workers,
    ),
    onActivity: (listener) => void activity.on('log', listener),
    upload: (key, body, options) =>
      objects.put({ bucket: resources.uploadingBucket, key }, body, {
        contentType: 'text/plain',
        ...options,
      }),
    drain,
    async stop() {
      await drain();
      await mailbox.stop();
      clients.destroy();
      await aws.stop();
    },
  };
}

/** Starts to announce S3's events. */
function startAnnouncing(aws: EmbeddedAws, resources: PipelineResources, report: Report): S3EventBridge {
  return startS3EventBridge({
    aws,
    resources,
    onError: (error, { bucket, key }) =>
      report(
        `the event of s3://${bucket}/${key} was not delivered; the next start announces it again, or now wordfreq reconcile --enqueue`,
      )(error),
  });
}

/** Starts the copy Lambda, where uploads are copied; returns its parts in the order in which they are stopped. */
function startCopying(
  aws: EmbeddedAws,
  resources: PipelineResources,
  queue: (queueUrl: string) => JobQueue,
  { onLog = () => undefined }: LocalPipelineOptions,
  report: Report,
): readonly Running[] {
  const { copying } = resources;
  if (copying === undefined) return [];
  const lambda = startLambda({
    environment: { ...aws.environment, ...resources.environment },
    onLine: onLog,
    onCrash: report('the copy Lambda ended and is started again'),
  });
  const mapping = startEventSourceMapping({
    queue: queue(copying.uploadsQueueUrl),
    queueArn: copying.uploadsQueueArn,
    region: aws.region,
    invoke: (event) => lambda.invoke(event),
    onError: report('uploads were not copied and will be tried again'),
  });
  return [mapping, lambda];
}

function startWorkers(
  environment: Readonly<Record<string, string>>,
  options: LocalPipelineOptions,
  report: Report,
): readonly WorkerProcess[] {
  const { workers = 1, workerEnvironment = {}, onLog = () => undefined } = options;
  return Array.from({ length: workers }, (_, index) =>
    startWorkerProcess({
      environment: { ...environment, WORKER_NAME: `worker-${index + 1}`, PORT: '', ...workerEnvironment },
      onLine: onLog,
      onCrash: report('a worker ended and is started again'),
    }),
  );
}

/**
 * Announces uploads without a copy, and objects for the workers without an outcome. The embedded S3 announces
 * an object once, to this process only: what it accepted just before a crash, or while the pipeline was
 * starting, would otherwise wait forever. What is already on its way is announced twice, which is harmless.
 */
async function announceUnfinished(
  { uploadingBucket, processingBucket, copying }: PipelineResources,
  { objects, results, bridge, signal }: Announcing,
): Promise<void> {
  const copies = { objects, results, processingBucket, signal };
  if (copying !== undefined) {
    for await (const upload of objects.list(uploadingBucket, { signal })) {
      if (isTextKey(upload.key, '.txt') && !(await isCopied(upload, copies))) bridge.announce(upload);
    }
  }
  for await (const copy of objects.list(processingBucket, { signal })) {
    const known = await results.versions(processingBucket, copy.key, { signal });
    if (!known.some(({ eTag, outcome }) => eTag === copy.eTag && outcome !== undefined))
      bridge.announce(copy);
  }
}

interface Announcing {
  readonly objects: ObjectStore;
  readonly results: ResultStore;
  readonly bridge: S3EventBridge;
  readonly signal: AbortSignal;
}
