import type {
  JobResult,
  QuarantineReason,
  QueueMessage,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { JobError } from './job-error.ts';

/** What is needed to decide whether a job is tried again. */
export interface AttemptDependencies {
  readonly results: Pick<ResultStore, 'failedTries'>;
  /**
   * How often the queue hands a message out before it moves it by itself. Default: unknown, so nothing is
   * refused.
   */
  readonly maxReceives?: () => number | undefined;
}

/** Two receives are reserved for quarantining a message, if the queue allows enough of them. */
const ENOUGH_RECEIVES = 4;

/**
 * Refuses a job that may be crashing its workers: its message has been received almost as often as the queue
 * allows, and not every receive ended in a recorded failure. After another attempt the queue might move the
 * message without a reason.
 *
 * @throws JobError `attempts-exhausted`
 */
export async function requireAttemptsLeft(
  message: QueueMessage,
  job: Pick<JobResult, 'jobId' | 'object'>,
  { results, maxReceives }: AttemptDependencies,
): Promise<void> {
  const max = maxReceives?.();
  const earlier = message.receiveCount - 1;
  if (max === undefined || earlier === 0) return;
  if (message.receiveCount < (max < ENOUGH_RECEIVES ? max : max - 1)) return;
  const tries = await results.failedTries(job);
  if (tries !== undefined && tries.failures >= earlier) return;
  const known =
    tries === undefined
      ? 'No failure is known: its workers were killed, perhaps for want of memory, or interrupted each time.'
      : `Of ${tries.failures} a failure is known, the last one at ${tries.lastFailedAt.toISOString()}: ${tries.lastError.code}: ${tries.lastError.message}`;
  throw new JobError('attempts-exhausted', `Tried ${earlier} times without an outcome. ${known}`);
}

/** Whether the queue would move the message by itself if it were given back. */
export function isLastReceive(
  message: QueueMessage,
  { maxReceives }: Pick<AttemptDependencies, 'maxReceives'>,
): boolean {
  const max = maxReceives?.();
  return max !== undefined && message.receiveCount >= max;
}

/** The reason for quarantining a message that cannot be returned once more. */
export function exhaustedReason(
  message: QueueMessage,
  last: { readonly outcome: string; readonly error?: { readonly code: string; readonly message: string } },
  facts: ReadonlyMap<string, string>,
): QuarantineReason {
  const { outcome, error } = last;
  const end = error === undefined ? outcome : `${error.code}: ${error.message}`;
  return {
    code: 'attempts-exhausted',
    detail: `Tried ${message.receiveCount} times without an outcome, as often as the queue allows. The last try ended with ${end}`,
    facts,
  };
}
