/**
 * The worker's composition root: with `aws-ports.ts` it alone picks adapters. Run as a program it works until SIGTERM or SIGINT.
 *
 * Exit codes: 0 stopped as asked · 2 the environment is not complete, or the port is taken · 3 stopped in time, but gave up work that had not ended, which
 * comes back by itself · 1 anything else.
 */
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { argv, env, exit, pid } from 'node:process';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { type Logger, pino } from 'pino';
import { type AwsPorts, connectToAws } from './aws/aws-ports.ts';
import { requireAwsSetup } from './aws/require-aws-setup.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import type { Counting } from './counting/counting.ts';
import { createCountingPool } from './counting/counting-pool.ts';
import { countingPolicyOf } from './jobs/counting-policy.ts';
import { DEFAULT_FAILURE_POLICY, describeFailure } from './jobs/failure-policy.ts';
import { type HandleMessageDependencies, handleMessage } from './jobs/handle-message.ts';
import { createDigestPost, type DigestPost } from './notifications/digest-scheduler.ts';
import { createHealth, healthOf } from './observation/health.ts';
import { createJobMetrics, type JobMetrics, SERVICE_NAME } from './observation/metrics.ts';
import { metricsWriter } from './observation/metrics-writer.ts';
import { observeOutcomes } from './observation/observe-outcomes.ts';
import { createPage, createRedrive, type PageSources, type ServedPage, servePage } from './page/index.ts';
import { pagePolicyOf } from './page/page-policy.ts';
import { showSetup } from './page/setup-page.ts';
import { CircuitBreaker } from './queue/circuit-breaker.ts';
import { createWorker, type Worker } from './queue/create-worker.ts';
import { createReceiveLimit } from './queue/receive-limit.ts';
import { drain, reportUntilStopped } from './queue/shutdown.ts';
import { createTaskProtection } from './queue/task-protection.ts';

/** Everything of one running worker. */
interface Application {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly metrics: JobMetrics;
  readonly ports: AwsPorts;
  readonly counting: Counting;
  readonly circuit: CircuitBreaker;
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
  const { config, logger, metrics, ports, counting } = app;
  const worker = startWork(app, signal);
  const stopTimeoutSeconds = config.STOP_TIMEOUT_SECONDS;
  const digests = startDigests(app);
  const running = { worker, metrics, logger, clock: systemClock, stopTimeoutSeconds, digests };
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
    ports.close();
    logger.info({ abandoned }, 'worker stopped');
  }
  return { abandoned: worker.inFlight };
}

async function prepare(config: WorkerConfig): Promise<Application> {
  const ports = connectToAws(config);
  await requireAwsSetup(ports.setup);
  const worker = config.WORKER_NAME ?? `${hostname()}-${pid}`;
  return {
    config: { ...config, WORKER_NAME: worker },
    logger: pino({ level: config.LOG_LEVEL, base: { service: SERVICE_NAME, worker } }),
    metrics: createJobMetrics({ write: metricsWriter(config.LOG_LEVEL), clock: systemClock }),
    ports,
    counting: createCountingPool({ threads: config.COUNTING_THREADS }),
    circuit: new CircuitBreaker({ clock: systemClock }),
  };
}

function startDigests({ config, ports, logger }: Application): DigestPost | undefined {
  if (config.NOTIFY !== 'digest') return undefined;
  return createDigestPost({
    outbox: ports.digest,
    notifier: ports.notifier,
    queue: ports.queue,
    clock: systemClock,
    intervalMs: config.DIGEST_MINUTES * 60_000,
    onProblem: (error) => logger.warn({ err: error }, 'no digest'),
  });
}

function startWork(app: Application, stopping: AbortSignal): Worker {
  const { config, logger, metrics, circuit, ports } = app;
  const dependencies = compose(app, stopping);
  const observers = { logger, metrics, circuit, clock: systemClock };
  const protection = createTaskProtection({
    agentUri: config.TASK_PROTECTION === 'true' ? config.ECS_AGENT_URI : undefined,
    clock: systemClock,
    onProblem: (problem) => logger.warn(problem),
  });
  return createWorker({
    queue: ports.queue,
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

function compose(
  { config, ports, counting, circuit, logger }: Application,
  stopping: AbortSignal,
): HandleMessageDependencies {
  return {
    ...ports,
    counting,
    clock: systemClock,
    random: Math.random,
    parse: parseAnnouncement,
    failurePolicy: DEFAULT_FAILURE_POLICY,
    isOutage: () => circuit.open,
    waitOut: (code, messageId, signal) =>
      circuit.waitOut(code, messageId, AbortSignal.any([signal, stopping])),
    maxReceives: createReceiveLimit({
      queue: ports.queue,
      clock: systemClock,
      onProblem: (problem) => logger.warn(problem),
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
  const served = createHealth(
    healthOf({
      circuit: app.circuit,
      worker,
      signal,
      unhealthyAfterMs: app.config.UNHEALTHY_AFTER_MINUTES * 60_000,
    }),
  );
  if (PAGE === 'true') served.route('/', createPage(pageSources(app), pagePolicyOf(app.config, systemClock)));
  return servePage(served, { port, host });
}

function pageSources({ config, ports }: Application): PageSources {
  const { results, queue: jobs, deadLetters, redrive } = ports;
  const sources = { results, jobs, deadLetters, clock: systemClock };
  return config.PAGE_REDRIVE === 'false'
    ? sources
    : { ...sources, redrive: createRedrive({ ...redrive, clock: systemClock }) };
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
  endWithParent();
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

/**
 * Ends at once when a parent that opened a channel is gone, which it says by closing it even when it was killed: the embedded servers and
 * the reader of the log are gone with it. Nothing is to be finished without them, and writing to a closed log would never end.
 */
function endWithParent(): void {
  const end = (): boolean => process.kill(pid, 'SIGKILL');
  // False where the channel has been closed already; undefined where there never was one.
  if (process.connected === false) end();
  process.once('disconnect', end);
}

// A package manager may have linked the program into place.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) await main();
