/**
 * The worker's composition root: the only file that picks adapters. Run as a program it works until SIGTERM or SIGINT.
 *
 * Exit codes: 0 stopped as asked · 2 the environment is not complete · 1 anything else.
 */
import { hostname } from 'node:os';
import { argv, env, exit, pid } from 'node:process';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { serve } from '@hono/node-server';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { createSnsNotifier } from '@org/wordfreq-aws-adapters/sns';
import { createSqsJobQueue, createSqsResultPublisher } from '@org/wordfreq-aws-adapters/sqs';
import { type Logger, pino } from 'pino';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ConfigError, readConfig, type WorkerConfig } from './config.ts';
import { createWorker } from './create-worker.ts';
import { DEFAULT_FAILURE_POLICY } from './failure-policy.ts';
import { type HandleMessageDependencies, handleMessage } from './handle-message.ts';
import { createHealth } from './health.ts';
import { logOutcome } from './log-outcome.ts';

/** What a worker keeps for giving messages back after it told jobs to give up. */
const RELEASE_SECONDS = 3;

/**
 * Runs a worker until the signal fires, then drains it. Endpoints, region and credentials come from the AWS SDK's own variables.
 *
 * @throws ConfigError `invalid-configuration`
 */
export async function runWorker(
  environment: Readonly<Record<string, string | undefined>>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const config = readConfig(environment);
  const workerName = config.WORKER_NAME ?? `${hostname()}-${pid}`;
  const logger = pino({ level: config.LOG_LEVEL, base: { worker: workerName } });
  const clients = createClients(config);
  const circuit = new CircuitBreaker({ clock: systemClock });
  const queue = createSqsJobQueue({
    client: clients.sqs,
    queueUrl: config.JOBS_QUEUE_URL,
    deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
    clock: systemClock,
  });
  const dependencies = { ...compose(config, clients, workerName), queue };
  const worker = createWorker({
    queue,
    clock: systemClock,
    concurrency: config.CONCURRENCY,
    visibilitySeconds: config.VISIBILITY_SECONDS,
    allowance: (free, inFlight) => circuit.allowance(free, inFlight),
    onError: (error) => logger.error({ error }, 'a message comes back by itself'),
    async process(message, jobSignal) {
      for (const record of await handleMessage(message, dependencies, jobSignal)) {
        circuit.record(record.error?.code);
        logOutcome(logger, message, record);
      }
    },
  });
  const server = startServer(config, { healthy: () => !circuit.open, ready: () => !signal.aborted });
  logger.info({ concurrency: config.CONCURRENCY, tokenizer: config.TOKENIZER }, 'worker started');
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  logger.info({ inFlight: worker.inFlight }, 'worker stopping');
  await worker.stop({ graceMs: Math.max(0, config.STOP_TIMEOUT_SECONDS - RELEASE_SECONDS) * 1000 });
  await server?.();
  for (const client of Object.values(clients)) client.destroy();
  logger.info('worker stopped');
}

type Clients = ReturnType<typeof createClients>;

function createClients(config: WorkerConfig): {
  s3: S3Client;
  sqs: SQSClient;
  sns: SNSClient;
  dynamodb: DynamoDBDocumentClient;
} {
  return {
    s3: new S3Client({ forcePathStyle: config.S3_FORCE_PATH_STYLE === 'true' }),
    sqs: new SQSClient({}),
    sns: new SNSClient({}),
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  };
}

function compose(
  config: WorkerConfig,
  clients: Clients,
  workerName: string,
): Omit<HandleMessageDependencies, 'queue'> {
  return {
    clock: systemClock,
    random: Math.random,
    parse: parseAnnouncement,
    failurePolicy: DEFAULT_FAILURE_POLICY,
    objects: createS3ObjectStore({ client: clients.s3, clock: systemClock }),
    results: createDynamoResultStore({ client: clients.dynamodb, tableName: config.RESULTS_TABLE }),
    publisher: createSqsResultPublisher({ client: clients.sqs, queueUrl: config.RESULTS_QUEUE_URL }),
    notifier: createSnsNotifier({
      client: clients.sns,
      topicArns: {
        'job-finished': config.RESULTS_TOPIC_ARN,
        'job-failed': config.FAILURES_TOPIC_ARN,
        'message-quarantined': config.FAILURES_TOPIC_ARN,
      },
    }),
    notify: config.NOTIFY,
    policy: {
      tokenizer: config.TOKENIZER,
      topWords: config.TOP_WORDS,
      allowedBuckets: new Set(config.PROCESSING_BUCKET),
      keySuffix: config.KEY_SUFFIX,
      maxObjectBytes: config.MAX_OBJECT_BYTES,
      workerName,
    },
  };
}

function startServer(
  config: WorkerConfig,
  sources: Parameters<typeof createHealth>[0],
): (() => Promise<void>) | undefined {
  if (config.PORT === undefined) return undefined;
  const server = serve({ fetch: createHealth(sources).fetch, port: config.PORT, hostname: config.HOST });
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Runs until a signal comes; a second one is ignored, because the platform kills after the stop timeout anyway. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  try {
    await runWorker(env, { signal: stop.signal });
  } catch (error) {
    const logger: Logger = pino();
    if (error instanceof ConfigError) {
      process.stderr.write(`wordfreq-worker: ${error.message}\n`);
      exit(2);
    }
    logger.fatal({ err: error }, 'the worker failed');
    exit(1);
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) await main();
