import type {
  AnnouncementParser,
  JobQueue,
  ObjectEvent,
  QuarantineReason,
  QueueMessage,
  Random,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { type CommitDependencies, commitResult } from './commit-result.ts';
import { describeFailure, type FailurePolicy, kindOfFailure, pauseSeconds } from './failure-policy.ts';
import type { Job } from './job.ts';
import { failedResult, type ProcessJobDependencies, processJob } from './process-job.ts';

/** What became of one record of a message, for logs and metrics. */
export interface RecordOutcome {
  /**
   * `counted`, `empty`, `gone`, `skipped:…`, `failed:…`, `duplicate`, `test-event`, `removed`, `ignored`, `retry:<code>`, `interrupted`,
   * `quarantined:<code>`.
   */
  readonly outcome: string;
  readonly job?: Job;
  readonly jobId?: string;
  readonly bytes?: number;
  readonly words?: number;
  readonly durationMs?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What handling needs. */
export interface HandleMessageDependencies extends ProcessJobDependencies, CommitDependencies {
  readonly clock: ProcessJobDependencies['clock'];
  readonly parse: AnnouncementParser;
  readonly queue: Pick<JobQueue, 'delete' | 'release' | 'quarantine'>;
  readonly results: Pick<ResultStore, 'save' | 'markPublished' | 'recordFailure'>;
  readonly failurePolicy: FailurePolicy;
  readonly random: Random;
}

/** How a record leaves its message. */
type Verdict =
  | { readonly kind: 'done'; readonly record: RecordOutcome }
  | { readonly kind: 'retry'; readonly record: RecordOutcome; readonly delaySeconds: number }
  | { readonly kind: 'quarantine'; readonly record: RecordOutcome; readonly reason: QuarantineReason };

/**
 * Handles one message from receipt to end: reads the announcement, does its jobs, and deletes the message only when each record has its
 * outcome. A record to be tried again sends the message back; records already done will then be duplicates. What can never be
 * done goes to the dead letters with its reason.
 */
export async function handleMessage(
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
): Promise<readonly RecordOutcome[]> {
  const { queue, parse } = dependencies;
  const announcement = parse(message.body);
  if (!announcement.ok) {
    const { reason, detail, excerpt } = announcement;
    await queue.quarantine(message, { code: reason, detail, facts: new Map([['excerpt', excerpt]]) });
    return [{ outcome: `quarantined:${reason}`, error: { code: reason, message: detail } }];
  }
  const verdicts: Verdict[] = [];
  for (const event of announcement.events) {
    verdicts.push(await handleEvent(event, message, dependencies, signal));
  }
  await endMessage(message, verdicts, queue);
  return verdicts.map((verdict) => verdict.record);
}

async function endMessage(
  message: QueueMessage,
  verdicts: readonly Verdict[],
  queue: HandleMessageDependencies['queue'],
): Promise<void> {
  const retries = verdicts.filter((verdict) => verdict.kind === 'retry');
  if (retries.length > 0) {
    await queue.release(message, Math.max(...retries.map((retry) => retry.delaySeconds)));
    return;
  }
  const quarantine = verdicts.find((verdict) => verdict.kind === 'quarantine');
  if (quarantine === undefined) await queue.delete(message);
  else await queue.quarantine(message, quarantine.reason);
}

async function handleEvent(
  event: ObjectEvent,
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
): Promise<Verdict> {
  switch (event.kind) {
    case 'test':
      return { kind: 'done', record: { outcome: 'test-event' } };
    case 'removed':
      return { kind: 'done', record: { outcome: 'removed' } };
    case 'ignored':
      return { kind: 'done', record: { outcome: 'ignored' } };
    case 'invalid': {
      const { reason: code, detail } = event;
      const record = { outcome: `quarantined:${code}`, error: { code, message: detail } };
      return { kind: 'quarantine', record, reason: { code, detail } };
    }
    case 'created': {
      const { object, sequencer } = event;
      const job = {
        object,
        attempt: message.receiveCount,
        ...(sequencer === undefined ? {} : { sequencer }),
      };
      return doJob(job, dependencies, signal);
    }
  }
}

async function doJob(
  job: Job,
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
): Promise<Verdict> {
  try {
    return await finish(job, await processJob(job, dependencies, signal), dependencies);
  } catch (error) {
    // Whatever went wrong after the lease ended is the lease's doing.
    if (signal.aborted || kindOfFailure(error) === 'interrupted') {
      return { kind: 'retry', delaySeconds: 0, record: { outcome: 'interrupted', job } };
    }
    return fail(job, error, dependencies);
  }
}

/** Commits a result; a job that failed also quarantines its message. */
async function finish(
  job: Job,
  result: Parameters<typeof commitResult>[0],
  dependencies: HandleMessageDependencies,
): Promise<Verdict> {
  const committed = await commitResult(result, dependencies);
  const { jobId, outcome, totals, durationMs, error, object } = committed.result;
  const record: RecordOutcome = {
    outcome: committed.fresh ? outcome : 'duplicate',
    job,
    jobId,
    bytes: totals.bytes,
    words: totals.words,
    durationMs,
    ...(error === undefined ? {} : { error }),
  };
  if (!outcome.startsWith('failed:')) return { kind: 'done', record };
  const facts = new Map([
    ['bucket', object.bucket],
    ['key', object.key],
    ['jobId', jobId],
  ]);
  const reason = { code: error?.code ?? outcome, detail: error?.message ?? outcome, facts };
  return { kind: 'quarantine', record, reason };
}

async function fail(job: Job, error: unknown, dependencies: HandleMessageDependencies): Promise<Verdict> {
  const { failurePolicy, random, results, clock } = dependencies;
  const { code, message } = describeFailure(error);
  const failure = failedResult(job, dependencies, { code, message });
  const record = { outcome: `retry:${code}`, job, jobId: failure.jobId, error: { code, message } };
  let failures = 1;
  try {
    if (kindOfFailure(error) === 'transient') {
      const tried = { jobId: failure.jobId, object: job.object, error: { code, message }, at: clock.now() };
      failures = await results.recordFailure(tried);
      if (failures < failurePolicy.maxFailures) {
        return { kind: 'retry', record, delaySeconds: pauseSeconds(failures, failurePolicy, random) };
      }
    }
    return await finish(job, failure, dependencies);
  } catch {
    // The store or the queues are out of reach: nothing is decided, so the message comes back.
    return { kind: 'retry', record, delaySeconds: pauseSeconds(failures, failurePolicy, random) };
  }
}
