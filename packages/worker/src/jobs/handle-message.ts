import type {
  AnnouncementParser,
  Clock,
  JobQueue,
  ObjectEvent,
  QuarantineReason,
  QueueMessage,
} from '@org/wordfreq-aws-adapters/ports';
import { retryDelay } from '@org/wordfreq-aws-adapters/rules';
import { notifyOfQuarantine } from '../notifications/notify.ts';
import { exhaustedReason, isLastReceive } from './attempts.ts';
import { type DoJobDependencies, doJob, factsOf, type JobTurn, type Verdict } from './do-job.ts';
import { describeFailure, kindOfFailure, pauseSeconds } from './failure-policy.ts';
import type { RecordOutcome } from './record-outcome.ts';

/** What handling a message needs. */
export interface HandleMessageDependencies extends DoJobDependencies {
  readonly clock: DoJobDependencies['clock'] & Pick<Clock, 'sleep'>;
  readonly parse: AnnouncementParser;
  readonly queue: Pick<JobQueue, 'delete' | 'release' | 'quarantine'>;
}

/**
 * Handles one message from receipt to end: reads the announcement, does its jobs, and deletes the message
 * only when each record has its outcome. A record to be retried returns the message; records already done are
 * then duplicates. A message that can never be processed goes to the dead letters with its reason, and so
 * does one that the queue would move there without a reason. Never throws, and returns at least one outcome:
 * a message that could not be ended is delivered again by itself.
 *
 * @param onCounted called when the message's last count is made, and only its commit is left
 */
export async function handleMessage(
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
  onCounted?: () => void,
): Promise<readonly RecordOutcome[]> {
  const verdicts: Verdict[] = [];
  try {
    const events = eventsOf(message, dependencies);
    for (const event of events) {
      const isLast = event === events.at(-1);
      const turn = isLast && onCounted !== undefined ? { signal, onCounted } : { signal };
      const verdict = await handleEvent(event, message, dependencies, turn);
      verdicts.push(await finalVerdict(verdict, message, dependencies));
    }
    await endMessage(message, verdicts, dependencies, signal);
    return verdicts.map(({ record }) => record);
  } catch (error) {
    const { code, message: text } = describeFailure(error);
    return [
      ...verdicts.map(({ record }) => record),
      { outcome: `retry:${code}`, error: { code, message: text } },
    ];
  }
}

/** An event, or a message that cannot be understood, with an excerpt. */
type Announced = ObjectEvent | { readonly kind: 'unreadable'; readonly reason: QuarantineReason };

function eventsOf(message: QueueMessage, { parse }: HandleMessageDependencies): readonly Announced[] {
  const announcement = parse(message.body);
  if (announcement.ok) return announcement.events;
  const { reason: code, detail, excerpt } = announcement;
  return [{ kind: 'unreadable', reason: { code, detail, facts: new Map([['excerpt', excerpt]]) } }];
}

async function handleEvent(
  event: Announced,
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
  turn: JobTurn,
): Promise<Verdict> {
  switch (event.kind) {
    case 'test':
      return { kind: 'done', record: { outcome: 'test-event' } };
    case 'removed':
      return { kind: 'done', record: { outcome: 'removed' } };
    case 'ignored':
      return { kind: 'done', record: { outcome: 'ignored' } };
    case 'unreadable':
      return refuse(event.reason, message, dependencies);
    case 'invalid':
      return refuse({ code: event.reason, detail: event.detail }, message, dependencies);
    case 'created': {
      const { object, sequencer, eventTime, sizeBytes } = event;
      const job = {
        object,
        attempt: message.receiveCount,
        ...(sizeBytes === undefined ? {} : { sizeBytes }),
        ...(sequencer === undefined ? {} : { sequencer }),
        ...(eventTime === undefined ? {} : { createdAt: eventTime }),
      };
      return doJob(job, message, dependencies, turn);
    }
  }
}

/**
 * Notifies of a message that cannot be understood. It is quarantined only then, so a crash in between loses
 * nothing.
 */
async function refuse(
  reason: QuarantineReason,
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
): Promise<Verdict> {
  const { code, detail } = reason;
  const { failurePolicy, random, clock } = dependencies;
  const record = { outcome: `quarantined:${code}`, error: { code, message: detail } };
  try {
    await notifyOfQuarantine(message.id, reason, clock.now(), dependencies);
    return { kind: 'quarantine', record, reason };
  } catch (error) {
    // A notification that is refused as invalid would be refused each time.
    if (kindOfFailure(error) === 'permanent') return { kind: 'quarantine', record, reason };
    const { code: failed, message: text } = describeFailure(error);
    const retry = { outcome: `retry:${failed}`, error: { code: failed, message: text } };
    const delaySeconds = pauseSeconds(message.receiveCount, failurePolicy, random);
    return { kind: 'retry', record: retry, delaySeconds, reason };
  }
}

/**
 * Gives a message up on its last receive, with a reason and, if possible, a notification: if it were sent
 * back, the queue itself would move it to the dead letters, without a reason.
 */
async function finalVerdict(
  verdict: Verdict,
  message: QueueMessage,
  dependencies: HandleMessageDependencies,
): Promise<Verdict> {
  if (verdict.kind !== 'retry' || !isLastReceive(message, dependencies)) return verdict;
  const { record } = verdict;
  const reason = verdict.reason ?? exhaustedReason(message, record, factsOf(record));
  const told = notifyOfQuarantine(message.id, reason, dependencies.clock.now(), dependencies);
  await told.catch(() => undefined);
  const { code, detail } = reason;
  const given = { ...record, outcome: `quarantined:${code}`, error: { code, message: detail } };
  return { kind: 'quarantine', record: given, reason };
}

async function endMessage(
  message: QueueMessage,
  verdicts: readonly Verdict[],
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { queue } = dependencies;
  // The worker that has the message now decides about it.
  if (verdicts.some(({ kind }) => kind === 'leave')) return;
  const retries = verdicts.filter((verdict) => verdict.kind === 'retry');
  if (retries.length > 0) {
    await queue.release(message, Math.max(...retries.map((retry) => retry.delaySeconds)));
    return;
  }
  const quarantine = verdicts.find((verdict) => verdict.kind === 'quarantine');
  if (quarantine === undefined) await queue.delete(message);
  else await quarantineWithReason(message, quarantine.reason, dependencies, signal);
}

/**
 * With these, a dead-letter queue may be out of reach for six minutes, and not many letters are sent twice
 * when only deletions fail.
 */
const QUARANTINE_TRIES = 10;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Sends a message to the dead letters. If that fails, the message comes back and is tried again; but after
 * its last receive the queue would move it without the reason. Then it is kept, and sent again after a pause.
 */
async function quarantineWithReason(
  message: QueueMessage,
  reason: QuarantineReason,
  dependencies: HandleMessageDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { queue, clock } = dependencies;
  for (let tries = 1; ; tries += 1) {
    try {
      return await queue.quarantine(message, reason);
    } catch (error) {
      const isWorthWaiting = kindOfFailure(error) === 'transient' && tries < QUARANTINE_TRIES;
      if (!isLastReceive(message, dependencies) || !isWorthWaiting) throw error;
      await clock.sleep(retryDelay(tries, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
      if (signal.aborted) throw error;
    }
  }
}
