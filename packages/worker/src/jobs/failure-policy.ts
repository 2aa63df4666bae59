import type { CodedError, Random } from '@org/wordfreq-aws-adapters/ports';
import { retryDelay } from '@org/wordfreq-aws-adapters/rules';

/** When to try again, and when to give up. */
export interface FailurePolicy {
  /** After this many transient failures a job has failed permanently. Interruptions do not count. */
  readonly maxFailures: number;
  /** The longest pause before the second try; doubles with each further one. */
  readonly firstPauseSeconds: number;
  readonly maxPauseSeconds: number;
}

/** Three tries, within some minutes. */
export const DEFAULT_FAILURE_POLICY: FailurePolicy = {
  maxFailures: 3,
  firstPauseSeconds: 10,
  maxPauseSeconds: 900,
};

/** What an error means for its job. */
type FailureKind = 'interrupted' | 'transient' | 'permanent';

/**
 * Judges an error by `code` and `retryable` alone. Being denied access counts as transient, although waiting
 * seldom helps: when every object is denied, the worker must notice before it has moved the whole queue to
 * the dead letters. An error without a code is a bug, and is retried, too.
 */
export function kindOfFailure(error: unknown): FailureKind {
  const { code, retryable } = describeFailure(error);
  if (code === 'aborted' || code === 'lease-lost') return 'interrupted';
  return retryable || code === 'access-denied' ? 'transient' : 'permanent';
}

/** Code, message and retryability of whatever was thrown. */
export function describeFailure(error: unknown): Pick<CodedError, 'code' | 'message' | 'retryable'> {
  const coded = error as Partial<CodedError> | undefined;
  if (typeof coded?.code === 'string' && typeof coded.retryable === 'boolean') {
    return { code: coded.code, message: String(coded.message), retryable: coded.retryable };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    retryable: true,
  };
}

/**
 * The pause before the next try, in whole seconds: exponential in the number of tries so far (from 1), with
 * full jitter so that jobs that failed together do not return together.
 */
export function pauseSeconds(tries: number, policy: FailurePolicy, random: Random): number {
  return Math.ceil(random() * retryDelay(tries, policy.firstPauseSeconds, policy.maxPauseSeconds));
}
