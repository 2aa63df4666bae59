import type {
  JobResult,
  QuarantineReason,
  QueueMessage,
  Random,
  ResultStore,
  StoredResult,
} from '@org/wordfreq-aws-adapters/ports';
import { isFailure, versionOrder } from '@org/wordfreq-aws-adapters/rules';
import { notifyOfQuarantine } from '../notifications/notify.ts';
import type { OutageAdvice } from '../queue/circuit-breaker.ts';
import type { AttemptDependencies } from './attempts.ts';
import { announce, type CommitDependencies, commitResult } from './commit-result.ts';
import { earlierRecord, identityOf } from './earlier-record.ts';
import { describeFailure, type FailurePolicy, kindOfFailure, pauseSeconds } from './failure-policy.ts';
import type { Job } from './job.ts';
import { failedResult, type ProcessJobDependencies, processJob } from './process-job.ts';
import type { RecentJobs } from './recent-jobs.ts';
import type { RecordOutcome } from './record-outcome.ts';

/** What a job needs, from its object to its end. */
export interface DoJobDependencies
  extends ProcessJobDependencies,
    CommitDependencies,
    Pick<AttemptDependencies, 'maxReceives'> {
  readonly clock: ProcessJobDependencies['clock'];
  readonly results: Pick<ResultStore, 'save' | 'markPublished' | 'recordFailure' | 'failedTries' | 'find'>;
  readonly failurePolicy: FailurePolicy;
  /** Default: only a message that was delivered before is taken for one whose job may be done. */
  readonly recent?: RecentJobs;
  readonly random: Random;
  /**
   * Whether every job fails in the same way: then no job is the cause, and no failure is counted. Default:
   * never.
   */
  readonly isOutage?: () => boolean;
  /** Waits during an outage, then says what to do with a job that failed with it. Default: return it. */
  readonly awaitTurn?: (code: string, messageId: string, signal: AbortSignal) => Promise<OutageAdvice>;
}

/** A job's turn in the worker. */
export interface JobTurn {
  /** Fires when the job must be given up. */
  readonly signal: AbortSignal;
  /** Called when the count is made, and only its commit is left. */
  readonly onCounted?: () => void;
}

/** What the outcome of a record means for its message. */
export type Verdict =
  | { readonly kind: 'done'; readonly record: RecordOutcome }
  | {
      readonly kind: 'retry';
      readonly record: RecordOutcome;
      readonly delaySeconds: number;
      /** The reason for giving the message up if it cannot be given back. Default: too many tries. */
      readonly reason?: QuarantineReason;
    }
  | { readonly kind: 'quarantine'; readonly record: RecordOutcome; readonly reason: QuarantineReason }
  /** The message's lease was lost. */
  | { readonly kind: 'leave'; readonly record: RecordOutcome };

/**
 * Counts one object version, commits its result, and decides what follows from a failure. During an outage it
 * may wait and try again: a message that is sent back too often becomes a dead letter. Never throws.
 */
export function doJob(
  job: Job,
  message: QueueMessage,
  dependencies: DoJobDependencies,
  turn: JobTurn,
): Promise<Verdict> {
  const run = (): Promise<Verdict> => tryUntilDecided(job, message, dependencies, turn);
  return dependencies.costs?.during(job, run) ?? run();
}

async function tryUntilDecided(
  job: Job,
  message: QueueMessage,
  dependencies: DoJobDependencies,
  turn: JobTurn,
): Promise<Verdict> {
  for (;;) {
    const verdict = await tryUnlessDone(job, message, dependencies, turn);
    const { error } = verdict.record;
    if (verdict.kind !== 'retry' || error === undefined) return verdict;
    const advice = await dependencies.awaitTurn?.(error.code, message.id, turn.signal);
    if (advice === 'retry') continue;
    if (advice !== 'yield') return verdict;
    return { ...verdict, delaySeconds: Math.max(verdict.delaySeconds, MAKE_WAY_SECONDS) };
  }
}

/** Longer than the pause before the next job is tried; otherwise that job would be this one again. */
const MAKE_WAY_SECONDS = 120;

/** Waits while this worker is already doing the same job, because its record may be there afterwards. */
async function tryUnlessDone(
  job: Job,
  message: QueueMessage,
  dependencies: DoJobDependencies,
  turn: JobTurn,
): Promise<Verdict> {
  const { recent } = dependencies;
  if (recent === undefined) return tryJob(job, message, dependencies, turn, false);
  const { jobId } = identityOf(job, dependencies);
  const { verdict } = await recent.run(jobId, async (wasDone) => {
    const verdict = await tryJob(job, message, dependencies, turn, wasDone);
    return { verdict, isDone: verdict.kind === 'done' };
  });
  return verdict;
}

async function tryJob(
  job: Job,
  message: QueueMessage,
  dependencies: DoJobDependencies,
  { signal, onCounted }: JobTurn,
  wasDone: boolean,
): Promise<Verdict> {
  const started = dependencies.clock.monotonicMs();
  let known = job;
  try {
    const mayBeDone = wasDone || message.receiveCount > 1;
    const earlier = mayBeDone ? await earlierRecord(job, message, dependencies) : undefined;
    if (earlier !== undefined) {
      signal.throwIfAborted();
      onCounted?.();
      return await finishEarlier(job, earlier, dependencies);
    }
    const result = await processJob(job, dependencies, signal, (pinned) => {
      known = pinned;
    });
    // By now another worker may have the message and be counting it, too.
    signal.throwIfAborted();
    onCounted?.();
    return await finish(known, result, dependencies);
  } catch (error) {
    // Whatever goes wrong after the signal fired is a consequence: the signal's reason is the cause.
    const cause = signal.aborted ? signal.reason : error;
    const durationMs = dependencies.clock.monotonicMs() - started;
    if (!signal.aborted && kindOfFailure(error) !== 'interrupted')
      return fail(known, message, error, dependencies, durationMs);
    const record = { job: known, jobId: identityOf(known, dependencies).jobId, durationMs };
    return describeFailure(cause).code === 'lease-lost'
      ? { kind: 'leave', record: { outcome: 'lost-lease', ...record } }
      : { kind: 'retry', delaySeconds: 0, record: { outcome: 'interrupted', ...record } };
  }
}

/**
 * Finishes a job with a record: its message may not have been sent. Nothing is written if the record knows the
 * latest order.
 */
async function finishEarlier(
  job: Job,
  record: StoredResult,
  dependencies: DoJobDependencies,
): Promise<Verdict> {
  const { object, lastModified } = record;
  const { sequencer, createdAt: currentAt } = job;
  const order = versionOrder({ ...object, sequencer, lastModified, currentAt });
  if (order > record.order) await commitResult({ ...record, order }, dependencies);
  else await announce(record, dependencies);
  return { kind: 'done', record: { ...outcomeOf(job, record), outcome: 'duplicate' } };
}

/** Commits a result; a job that failed also quarantines its message. */
async function finish(job: Job, result: JobResult, dependencies: DoJobDependencies): Promise<Verdict> {
  const committed = await commitResult(result, dependencies);
  const { outcome, error } = committed.result;
  const ended = outcomeOf(job, committed.result);
  const record: RecordOutcome = committed.fresh ? ended : { ...ended, outcome: 'duplicate' };
  if (!isFailure(outcome)) return { kind: 'done', record };
  const facts = factsOf({ ...record, outcome });
  const reason = { code: error?.code ?? outcome, detail: error?.message ?? outcome, facts };
  return { kind: 'quarantine', record, reason };
}

/** What logs and metrics say about a job that ended with this result. */
function outcomeOf(job: Job, { jobId, outcome, totals, durationMs, error }: JobResult): RecordOutcome {
  return {
    outcome,
    job,
    jobId,
    bytes: totals.bytes,
    words: totals.words,
    durationMs,
    ...(error === undefined ? {} : { error }),
  };
}

/** What a dead letter says besides its reason: enough to find the object and its record. */
export function factsOf({ job, jobId, outcome }: RecordOutcome): Map<string, string> {
  return new Map([
    ...(job === undefined
      ? []
      : ([
          ['bucket', job.object.bucket],
          ['key', job.object.key],
        ] as const)),
    ...(jobId === undefined ? [] : ([['jobId', jobId]] as const)),
    ['outcome', outcome],
  ]);
}

async function fail(
  job: Job,
  message: QueueMessage,
  error: unknown,
  dependencies: DoJobDependencies,
  durationMs: number,
): Promise<Verdict> {
  const { failurePolicy, random, results, clock, isOutage } = dependencies;
  const failure = failedResult(job, dependencies, describeFailure(error), durationMs);
  const { jobId, object } = failure;
  const described = failure.error ?? describeFailure(error);
  const retry: Verdict = {
    kind: 'retry',
    record: { outcome: `retry:${described.code}`, job, jobId, durationMs, error: described },
    // By receives, which are known even without the store: no failure may return at once.
    delaySeconds: pauseSeconds(message.receiveCount, failurePolicy, random),
  };
  try {
    if (kindOfFailure(error) === 'transient') {
      if (isOutage?.() === true) return retry;
      const failures = await results.recordFailure({ jobId, object, error: described, at: clock.now() });
      // None are counted once the job has its record, when a redriven job or the rest of a commit fails.
      const tries = failures === 0 ? message.receiveCount : failures;
      if (tries < failurePolicy.maxFailures) return retry;
    }
    return await finish(job, failure, dependencies);
  } catch (uncommitted) {
    // The store or the queues cannot be reached: nothing is decided, so the message comes back.
    if (!isHopeless(uncommitted)) return retry;
    return giveUp(described, uncommitted, retry.record, message, dependencies);
  }
}

/** Whether a commit would fail every time: the call is always refused, or a bug of ours prevents it. */
function isHopeless(error: unknown): boolean {
  return kindOfFailure(error) === 'permanent' || describeFailure(error).code === 'internal';
}

/** Gives up a message whose outcome cannot be committed: it would only come back again and again. */
async function giveUp(
  failure: { readonly code: string; readonly message: string },
  uncommitted: unknown,
  { error: _, ...tried }: RecordOutcome,
  message: QueueMessage,
  dependencies: DoJobDependencies,
): Promise<Verdict> {
  const { code, message: why } = describeFailure(uncommitted);
  const before =
    why === failure.message ? '' : ` Before that, the job failed with ${failure.code}: ${failure.message}`;
  const detail = `The outcome cannot be stored or sent. ${why}${before}`;
  const record = { ...tried, outcome: `quarantined:${code}`, error: { code, message: detail } };
  const reason = { code, detail, facts: factsOf(record) };
  // Notify somebody if possible: notifying may be what failed.
  await notifyOfQuarantine(message.id, reason, dependencies.clock.now(), dependencies).catch(() => undefined);
  return { kind: 'quarantine', record, reason };
}
