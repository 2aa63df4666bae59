/**
 * The worker as a program: reads the environment, connects to AWS, and runs what `compose.ts` puts together
 * until SIGTERM or SIGINT.
 *
 * Exit codes: 0 stopped as requested · 2 the environment is incomplete or invalid, or the port cannot be used
 * · 3 stopped in time, but abandoned unfinished work, which will be delivered again · 1 anything else.
 */
import { EventEmitter } from 'node:events';
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { argv, env, exit, pid } from 'node:process';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { pino } from 'pino';
import { type AwsPorts, connectToAws } from './aws/aws-ports.ts';
import { requireAwsSetup } from './aws/require-aws-setup.ts';
import { composeWorker } from './compose.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { readOwnWords } from './counting/own-words.ts';
import { describeFailure } from './jobs/failure-policy.ts';
import { createHealth, type HealthSources } from './observation/health.ts';
import { logOutput } from './observation/log-output.ts';
import { SERVICE_NAME } from './observation/metrics.ts';
import {
  createPage,
  createPurge,
  createRedrive,
  type PageSources,
  type ServedPage,
  servePage,
} from './page/index.ts';
import { pagePolicyOf } from './page/page-policy.ts';
import { showSetup } from './page/setup-page.ts';

/** How to run a worker. */
export interface RunWorkerOptions {
  /** Stops the worker. */
  readonly signal: AbortSignal;
  /**
   * Calls its listener when intake may have been paused or resumed, which the worker otherwise notices within five
   * seconds.
   */
  readonly onIntakeHint?: (listener: () => void) => void;
}

/**
 * Runs a worker until the signal fires, then shuts it down. Endpoints, region and credentials come from the
 * AWS SDK's own variables.
 *
 * @throws ConfigError `invalid-configuration`; ServeError `port-taken`, `port-forbidden`
 * @returns how many messages were unfinished when the stop timeout ended
 * @example
 * const stop = new AbortController();
 * const done = runWorker(process.env, { signal: stop.signal });
 * stop.abort();
 * await done;
 */
export async function runWorker(
  environment: Readonly<Record<string, string | undefined>>,
  { signal, onIntakeHint }: RunWorkerOptions,
): Promise<{ readonly abandoned: number }> {
  const config = withName(readConfig(environment));
  const ports = connectToAws(config);
  await requireAwsSetup(ports.setup);
  const ownWords = await readOwnWords(config, ports.objects);
  const { LOG_LEVEL: level, WORKER_NAME: name } = config;
  const output = logOutput();
  const logger = pino({ level, base: { service: SERVICE_NAME, worker: name } }, output);
  const activity = new EventEmitter();
  const composed = composeWorker(ports, config, {
    clock: systemClock,
    random: Math.random,
    ownWords,
    logger,
    onOutcomes: () => activity.emit('outcomes'),
    ...(onIntakeHint === undefined ? {} : { onIntakeHint }),
    ...(level === 'silent'
      ? {}
      : { writeMetrics: (document) => output.write(`${JSON.stringify(document)}\n`) }),
  });
  const worker = composed.start();
  let served: ServedPage | undefined;
  try {
    served = await serve(config, ports, worker.health, (listener) => activity.on('outcomes', listener));
    const { CONCURRENCY: concurrency, TOKENIZER: tokenizer } = config;
    logger.info({ concurrency, tokenizer, url: served?.url }, 'worker started');
    await worker.reportUntilStopped(signal);
  } finally {
    const { abandoned } = await worker.shutDown();
    await served?.close();
    await composed.close();
    ports.close();
    logger.info({ abandoned }, 'worker stopped');
  }
  return { abandoned: worker.inFlight };
}

function withName(config: WorkerConfig): WorkerConfig {
  return { ...config, WORKER_NAME: config.WORKER_NAME ?? `${hostname()}-${pid}` };
}

/** Serves the health endpoints, and the page if it is configured. */
async function serve(
  config: WorkerConfig,
  ports: AwsPorts,
  health: HealthSources,
  onActivity: NonNullable<PageSources['onActivity']>,
): Promise<ServedPage | undefined> {
  const { PORT: port, HOST: host, PAGE } = config;
  if (port === undefined) return undefined;
  const served = createHealth(health);
  if (PAGE === 'true')
    served.route(
      '/',
      createPage({ ...pageSources(config, ports), onActivity }, pagePolicyOf(config, systemClock)),
    );
  return servePage(served, { port, host });
}

function pageSources({ PAGE_ACTIONS }: WorkerConfig, ports: AwsPorts): PageSources {
  const { results, queue: jobs, deadLetters, redrive, parse, intake } = ports;
  const sources = { results, jobs, deadLetters, parse, intake: { read: intake.read }, clock: systemClock };
  if (PAGE_ACTIONS === 'false') return sources;
  return {
    ...sources,
    redrive: createRedrive({ ...redrive, clock: systemClock }),
    purge: createPurge({ from: redrive.from, clock: systemClock }),
    intake,
  };
}

/** For these errors one sentence suffices: somebody has to change the environment. */
const ENVIRONMENT_ERRORS: ReadonlySet<string> = new Set([
  'invalid-configuration',
  'port-taken',
  'port-forbidden',
]);

/**
 * What this program does when it is started: runs a worker with the process's environment until a signal
 * arrives, then ends the process. A second signal is ignored: the platform kills after the stop timeout
 * anyway. For programs that bring the worker in a file of their own.
 */
export async function runWorkerProcess(options: Omit<RunWorkerOptions, 'signal'> = {}): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  endWithParent();
  try {
    const { abandoned } = await runWorker(env, { ...options, signal: stop.signal });
    exit(abandoned === 0 ? 0 : 3);
  } catch (error) {
    if (ENVIRONMENT_ERRORS.has(describeFailure(error).code)) {
      process.stderr.write(`wordfreq-worker: ${(error as Error).message}\n`);
      await showSetup(error, env, stop.signal);
      exit(2);
    }
    pino(logOutput()).fatal({ err: error }, 'the worker failed');
    exit(1);
  }
}

/**
 * Ends the process at once when a parent that opened an IPC channel is gone. The channel closes even when the
 * parent was killed. The embedded servers are then gone, too, and nothing can be finished without them.
 */
function endWithParent(): void {
  const end = (): boolean => process.kill(pid, 'SIGKILL');
  // False if the channel has already been closed; undefined if there never was one.
  if (process.connected === false) end();
  process.once('disconnect', end);
}

// A package manager may have linked the program into place.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href)
  await runWorkerProcess();
