/**
 * The one composition of a worker: its policies, circuit breaker, leases and observers. The program
 * (`main.ts`), the tests in virtual time and the simulation of the whole pipeline all start it, each with its
 * own ports, clock and configuration.
 */
import type {
  AnnouncementParser,
  Clock,
  DigestOutbox,
  IntakeSwitch,
  JobQueue,
  Notifier,
  ObjectReader,
  QueueMessage,
  Random,
  ResultPublisher,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import type { WorkerConfig } from './config.ts';
import { createCountingPool } from './counting/counting-pool.ts';
import { LargeTextTurns } from './counting/large-texts.ts';
import { countingPolicyOf } from './jobs/counting-policy.ts';
import { DEFAULT_FAILURE_POLICY } from './jobs/failure-policy.ts';
import { type HandleMessageDependencies, handleMessage } from './jobs/handle-message.ts';
import type { JobCosts } from './jobs/job-costs.ts';
import { RecentJobs } from './jobs/recent-jobs.ts';
import type { RecordOutcome } from './jobs/record-outcome.ts';
import { createDigestScheduler, type DigestScheduler } from './notifications/digest-scheduler.ts';
import { type HealthSources, healthOf } from './observation/health.ts';
import { createJobMetrics, type MetricsDocument } from './observation/metrics.ts';
import { observeOutcomes, type WorkerLogger } from './observation/observe-outcomes.ts';
import { CircuitBreaker } from './queue/circuit-breaker.ts';
import { createWorker, type Worker } from './queue/create-worker.ts';
import { createReceiveLimit } from './queue/receive-limit.ts';
import { reportUntilStopped, shutDown } from './queue/shutdown.ts';
import { createTaskProtection } from './queue/task-protection.ts';
import { type IntakeWatch, watchIntake } from './queue/watch-intake.ts';

/** What a worker reads from and writes to. */
export interface WorkerPorts {
  /** The queue of jobs. */
  readonly queue: JobQueue;
  /** Reads announcements. */
  readonly parse: AnnouncementParser;
  /** The store of texts. */
  readonly objects: ObjectReader;
  /** The store of results. */
  readonly results: ResultStore;
  /** Publishes results. */
  readonly publisher: ResultPublisher;
  /** Notifies people. */
  readonly notifier: Notifier;
  /** Used with `NOTIFY=digest` only. */
  readonly digest: DigestOutbox;
  /** Measures what jobs cost, for their records. Default: records have no cost. */
  readonly costs?: JobCosts;
  /** Pauses all workers that share it. Default: they are never paused. */
  readonly intake?: Pick<IntakeSwitch, 'read'>;
}

/** Time, randomness, and who observes what the worker does. */
export interface CompositionOptions {
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /** Randomness, injected so that tests can repeat a run. */
  readonly random: Random;
  /** Words that join the dictionaries of languages without spaces. Default: none. */
  readonly ownWords?: readonly string[];
  /** Default: silent. */
  readonly logger?: WorkerLogger;
  /** Called with each metrics document. Default: they are dropped. */
  readonly writeMetrics?: (document: MetricsDocument) => void;
  /** Called with the outcomes of each message, after they were logged. Default: nothing is called. */
  readonly onOutcomes?: (message: QueueMessage, outcomes: readonly RecordOutcome[]) => void;
  /** Calls its listener when intake may have been paused or resumed. Default: never. */
  readonly onIntakeHint?: (listener: () => void) => void;
}

/** A composed worker that does not receive yet. */
export interface ComposedWorker {
  /** Starts to receive and handle messages. */
  start(): RunningWorker;
  /** Ends the counting threads. */
  close(): Promise<void>;
}

/** A worker that receives. */
export interface RunningWorker extends Worker {
  /** What the health endpoints report. */
  readonly health: HealthSources;
  /** Reports every minute, and sends the digest when it is due, until the signal fires. */
  reportUntilStopped(signal: AbortSignal): Promise<void>;
  /** Stops within the configured stop timeout. */
  shutDown(): Promise<{ readonly abandoned: number }>;
}

const SILENT: WorkerLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What `handleMessage` needs, and the circuit breaker that it shares with the rest of the worker. */
interface MessageHandling {
  readonly dependencies: HandleMessageDependencies;
  readonly circuit: CircuitBreaker;
}

/** Composes what `handleMessage` needs. A wait during an outage ends when the worker is stopping. */
export function composeHandling(
  ports: WorkerPorts,
  config: WorkerConfig,
  { clock, random, logger = SILENT, ownWords = [] }: CompositionOptions,
  stopping: AbortSignal,
): MessageHandling {
  const circuit = new CircuitBreaker({ clock });
  const dependencies: HandleMessageDependencies = {
    ...ports,
    counting: createCountingPool({ threads: config.COUNTING_THREADS, ownWords }),
    largeTexts: new LargeTextTurns(),
    recent: new RecentJobs(),
    clock,
    random,
    failurePolicy: DEFAULT_FAILURE_POLICY,
    isOutage: () => circuit.open,
    awaitTurn: (code, messageId, signal) =>
      circuit.awaitTurn(code, messageId, AbortSignal.any([signal, stopping])),
    maxReceives: createReceiveLimit({
      queue: ports.queue,
      clock,
      onProblem: (problem) => logger.warn(problem),
    }),
    notify: config.NOTIFY,
    policy: countingPolicyOf(config),
  };
  return { dependencies, circuit };
}

/**
 * Composes a worker from its ports and its configuration.
 *
 * @example
 * const config = readConfig(process.env);
 * const composed = composeWorker(ports, config, { clock: systemClock, random: Math.random });
 * const worker = composed.start();
 * await worker.stop({ graceMs: 90_000 });
 * await composed.close();
 */
export function composeWorker(
  ports: WorkerPorts,
  config: WorkerConfig,
  options: CompositionOptions,
): ComposedWorker {
  const { clock, logger = SILENT, writeMetrics = () => undefined, onOutcomes, onIntakeHint } = options;
  const stopping = new AbortController();
  const { dependencies, circuit } = composeHandling(ports, config, options, stopping.signal);
  const metrics = createJobMetrics({ write: writeMetrics, clock });

  function observe(message: QueueMessage, outcomes: readonly RecordOutcome[]): void {
    observeOutcomes(message, outcomes, { logger, metrics, circuit, clock });
    onOutcomes?.(message, outcomes);
  }

  function startWatch(): IntakeWatch {
    if (ports.intake === undefined) return { paused: false };
    return watchIntake({
      intake: ports.intake,
      clock,
      signal: stopping.signal,
      ...(onIntakeHint === undefined ? {} : { onHint: onIntakeHint }),
      onChange: (paused) => logger.info(paused ? 'intake is paused' : 'intake has resumed'),
      onProblem: (error) => logger.warn({ err: error }, 'could not read whether intake is paused'),
    });
  }

  function startWorker(watch: IntakeWatch): Worker {
    const protection = createTaskProtection({
      agentUri: config.TASK_PROTECTION === 'true' ? config.ECS_AGENT_URI : undefined,
      clock,
      onProblem: (problem) => logger.warn(problem),
    });
    return createWorker({
      queue: ports.queue,
      clock,
      concurrency: config.CONCURRENCY,
      prefetch: config.PREFETCH,
      visibilitySeconds: config.VISIBILITY_SECONDS,
      allowance: (free, inFlight) => (watch.paused ? 0 : circuit.allowance(free, inFlight)),
      onBusyChange: protection.busyChanged,
      onError: (error, message) =>
        logger.error({ err: error, messageId: message?.id }, message ? 'a message comes back' : 'no receive'),
      onReturned: (message, outcome) => observe(message, [{ outcome }]),
      process: async (message, signal, onWorked) =>
        observe(message, await handleMessage(message, dependencies, signal, onWorked)),
    });
  }

  return {
    start() {
      const watch = startWatch();
      const worker = startWorker(watch);
      const digests = digestsOf(ports, config, clock, logger);
      const stopTimeoutSeconds = config.STOP_TIMEOUT_SECONDS;
      const parts = { worker, metrics, logger, clock, stopTimeoutSeconds, digests };
      const unhealthyAfterMs = config.UNHEALTHY_AFTER_MINUTES * 60_000;
      return {
        get inFlight() {
          return worker.inFlight;
        },
        get failedReceives() {
          return worker.failedReceives;
        },
        health: healthOf({ circuit, worker, watch, signal: stopping.signal, unhealthyAfterMs }),
        stop(how) {
          stopping.abort();
          return worker.stop(how);
        },
        reportUntilStopped(signal) {
          signal.addEventListener('abort', () => stopping.abort(), { once: true });
          return reportUntilStopped(parts, signal);
        },
        shutDown() {
          stopping.abort();
          return shutDown(parts);
        },
      };
    },
    close: () => dependencies.counting.close(),
  };
}

function digestsOf(
  { queue, notifier, digest: outbox }: WorkerPorts,
  { NOTIFY, DIGEST_MINUTES }: WorkerConfig,
  clock: Clock,
  logger: WorkerLogger,
): DigestScheduler | undefined {
  if (NOTIFY !== 'digest') return undefined;
  return createDigestScheduler({
    outbox,
    notifier,
    queue,
    clock,
    intervalMs: DIGEST_MINUTES * 60_000,
    onProblem: (error) => logger.warn({ err: error }, 'no digest'),
  });
}
