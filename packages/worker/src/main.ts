/**
 * The worker's composition root: the only file that picks adapters. Run as a program it works until SIGTERM or SIGINT.
 *
 * Exit codes: 0 stopped as asked · 2 the environment is not complete, or the port is taken · 3 stopped in time, but gave up work that had not ended, which
 * comes back by itself · 1 anything else.
 */
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { argv, env, exit, pid } from 'node:process';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { JobQueue, ObjectStore, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { createSnsNotifier } from '@org/wordfreq-aws-adapters/sns';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
  createSqsResultPublisher,
} from '@org/wordfreq-aws-adapters/sqs';
import { type Logger, pino } from 'pino';
import { CircuitBreaker } from './circuit-breaker.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import type { Counting } from './counting/counting.ts';
import { createCountingPool } from './counting/counting-pool.ts';
import { countingPolicyOf } from './counting-policy.ts';
import { createWorker, type Worker } from './create-worker.ts';
import { drain, reportUntilStopped } from './drain.ts';
import { DEFAULT_FAILURE_POLICY, describeFailure } from './failure-policy.ts';
import { type HandleMessageDependencies, handleMessage } from './handle-message.ts';
import { createHealth, healthOf } from './health.ts';
import { createJobMetrics, type JobMetrics } from './metrics.ts';
import { metricsWriter } from './metrics-writer.ts';
import { topicArnsOf } from './notification-policy.ts';
import { observeOutcomes } from './observe-outcomes.ts';
import { createPage, createRedrive, type PageSources, type ServedPage, servePage } from './page/index.ts';
import { showSetup } from './page/setup-page.ts';
import { pagePolicyOf } from './page-policy.ts';
import { createReceiveLimit } from './receive-limit.ts';
import { requireAwsSetup } from './require-aws-setup.ts';
import { createTaskProtection } from './task-protection.ts';

/** Everything of one running worker. */
interface Application {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly metrics: JobMetrics;
  readonly clients: Clients;
  readonly counting: Counting;
  readonly circuit: CircuitBreaker;
  readonly queue: JobQueue;
  readonly objects: ObjectStore;
  readonly results: ResultStore;
}

/**
 * Runs a worker until the signal fires, then drains it. Endpoints, region and credentials come from the AWS SDK's own variables.
 *
 * @throws ConfigError `invalid-configuration`; ServeError `port-taken`, `port-forbidden`
 * @returns how many messages had not ended when the stop timeout did
 * @example
 * const stop = new AbortController();
 * const done = runWorker(process.env, { signal: stop.signal });
 * stop.abort();
 * await done;
 */
export async function runWorker(
  environment: Readonly<Record<string, string | undefined>>,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly abandoned: number }> {
  const app = await prepare(readConfig(environment));
  const { config, logger, metrics, clients, counting } = app;
  const worker = startWork(app);
  const stopTimeoutSeconds = config.STOP_TIMEOUT_SECONDS;
  const running = { worker, metrics, logger, clock: systemClock, stopTimeoutSeconds };
  let served: ServedPage | undefined;
  try {
    served = await serveHealth(app, worker, signal);
    const { CONCURRENCY: concurrency, TOKENIZER: tokenizer } = config;
    logger.info({ concurrency, tokenizer, url: served?.url }, 'worker started');
    await reportUntilStopped(running, signal);
  } finally {
    const { abandoned } = await drain(running);
    await served?.close();
    await counting.close();
    for (const client of Object.values(clients)) client.destroy();
    logger.info({ abandoned }, 'worker stopped');
  }
  return { abandoned: worker.inFlight };
}

async function prepare(config: WorkerConfig): Promise<Application> {
  const clients = createClients(config);
  await requireAwsSetup(clients.sqs.config);
  const worker = config.WORKER_NAME ?? `${hostname()}-${pid}`;
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const { SPILL_BUCKET: bucket, RESULTS_TABLE: tableName } = config;
  return {
    config: { ...config, WORKER_NAME: worker },
    logger: pino({ level: config.LOG_LEVEL, base: { worker } }),
    metrics: createJobMetrics({ write: metricsWriter(config.LOG_LEVEL), clock: systemClock }),
    clients,
    counting: createCountingPool({ threads: config.COUNTING_THREADS }),
    circuit: new CircuitBreaker({ clock: systemClock }),
    queue: createSqsJobQueue({
      client: clients.sqs,
      queueUrl: config.JOBS_QUEUE_URL,
      deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
      clock: systemClock,
    }),
    objects,
    results: createDynamoResultStore({
      client: clients.dynamodb,
      tableName,
      ...(bucket === undefined ? {} : { spill: { store: objects, bucket } }),
    }),
  };
}

function startWork(app: Application): Worker {
  const { config, logger, metrics, circuit, queue } = app;
  const dependencies = compose(app);
  const observers = { logger, metrics, circuit, clock: systemClock };
  const protection = createTaskProtection({
    agentUri: config.ECS_AGENT_URI,
    clock: systemClock,
    onProblem: (problem) => logger.warn(problem),
  });
  return createWorker({
    queue,
    clock: systemClock,
    concurrency: config.CONCURRENCY,
    prefetch: config.PREFETCH,
    visibilitySeconds: config.VISIBILITY_SECONDS,
    allowance: (free, inFlight) => circuit.allowance(free, inFlight),
    onBusyChange: protection.busyChanged,
    onError: (error, message) =>
      logger.error({ err: error, messageId: message?.id }, message ? 'a message comes back' : 'no receive'),
    onReturned: (message, outcome) => observeOutcomes(message, [{ outcome }], observers),
    process: async (message, jobSignal) =>
      observeOutcomes(message, await handleMessage(message, dependencies, jobSignal), observers),
  });
}

interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBDocumentClient;
}

function createClients(config: WorkerConfig): Clients {
  return {
    s3: new S3Client({ forcePathStyle: config.S3_FORCE_PATH_STYLE === 'true' }),
    sqs: new SQSClient({}),
    sns: new SNSClient({}),
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  };
}

function compose(app: Application): HandleMessageDependencies {
  const { objects, config, clients, counting, circuit, queue, results, logger } = app;
  const { SPILL_BUCKET: bucket } = config;
  return {
    clock: systemClock,
    random: Math.random,
    parse: parseAnnouncement,
    failurePolicy: DEFAULT_FAILURE_POLICY,
    isOutage: () => circuit.open,
    maxReceives: createReceiveLimit({
      queue,
      clock: systemClock,
      onProblem: (problem) => logger.warn(problem),
    }),
    queue,
    results,
    counting,
    objects,
    publisher: createSqsResultPublisher({
      client: clients.sqs,
      queueUrl: config.RESULTS_QUEUE_URL,
      ...(bucket === undefined ? {} : { spill: { writer: objects, bucket } }),
    }),
    notifier: createSnsNotifier({
      client: clients.sns,
      topicArns: topicArnsOf(config),
    }),
    notify: config.NOTIFY,
    policy: countingPolicyOf(config, config.WORKER_NAME ?? ''),
  };
}

/** Serves the health endpoints, and the page where that is asked for. */
async function serveHealth(
  app: Application,
  worker: Worker,
  signal: AbortSignal,
): Promise<ServedPage | undefined> {
  const { PORT: port, HOST: host, PAGE } = app.config;
  if (port === undefined) return undefined;
  const served = createHealth(healthOf({ circuit: app.circuit, worker, signal }));
  if (PAGE === 'true') served.route('/', createPage(pageSources(app), pagePolicyOf(app.config, systemClock)));
  return servePage(served, { port, host });
}

function pageSources({ config, clients, queue, results }: Application): PageSources {
  const { DEAD_LETTER_QUEUE_URL: queueUrl, JOBS_QUEUE_URL } = config;
  const shared = { client: clients.sqs, clock: systemClock };
  const deadLetters = createSqsDeadLetterQueue({ ...shared, queueUrl });
  const sources = { results, jobs: queue, deadLetters, clock: systemClock };
  if (config.PAGE_REDRIVE === 'false') return sources;
  const from = createSqsJobQueue({ ...shared, queueUrl, deadLetterQueueUrl: queueUrl });
  const to = createSqsJobSender({ ...shared, queueUrl: JOBS_QUEUE_URL });
  return { ...sources, redrive: createRedrive({ from, to }) };
}

/** What a sentence is enough for: somebody has to change the surroundings. */
const CODES_FOR_PEOPLE: ReadonlySet<string> = new Set([
  'invalid-configuration',
  'port-taken',
  'port-forbidden',
]);

/** Runs until a signal comes; a second one is ignored, because the platform kills after the stop timeout anyway. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  try {
    const { abandoned } = await runWorker(env, { signal: stop.signal });
    exit(abandoned === 0 ? 0 : 3);
  } catch (error) {
    if (CODES_FOR_PEOPLE.has(describeFailure(error).code)) {
      process.stderr.write(`wordfreq-worker: ${(error as Error).message}\n`);
      await showSetup(error, env, stop.signal);
      exit(2);
    }
    pino().fatal({ err: error }, 'the worker failed');
    exit(1);
  }
}

// A package manager may have linked the program into place.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) await main();
