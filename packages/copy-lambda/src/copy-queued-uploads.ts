import type {
  CallOptions,
  CodedError,
  DeadLetterSender,
  ObjectVersion,
  QuarantineReason,
  QueueMessage,
} from '@org/wordfreq-aws-adapters/ports';
import { type CopyAnnouncedDependencies, copyAnnouncedUploads } from './copy-announced-uploads.ts';

/** What copying from a queue needs. */
export interface CopyQueuedDependencies extends CopyAnnouncedDependencies {
  /**
   * The queue for messages that can never be processed. Default: none, so they are delivered again until the
   * queue moves them, without a reason.
   */
  readonly deadLetters?: DeadLetterSender;
  /** How often the queue delivers a message before it moves it itself. Default: unknown. */
  readonly maxReceives?: number;
  /** Called with each message that was given up, and the error. Default: nothing is called. */
  readonly onGivenUp?: (reason: QuarantineReason, error: unknown) => void;
}

/**
 * Copies the uploads that one message of a queue announces. A message that can never be processed goes to the
 * dead letters with its reason, and so does one that fails at its last receive, after which the queue would
 * move it without one. The message is then done.
 *
 * @throws temporary errors, so that the message is delivered again
 */
export async function copyQueuedUploads(
  message: QueueMessage,
  dependencies: CopyQueuedDependencies,
  call: CallOptions = {},
): Promise<void> {
  try {
    await copyAnnouncedUploads(message.body, dependencies, call);
  } catch (error) {
    const { deadLetters, maxReceives = Number.POSITIVE_INFINITY, onGivenUp } = dependencies;
    const isLast = message.receiveCount >= maxReceives;
    if (deadLetters === undefined || (!isPermanent(error) && !isLast)) throw error;
    const reason = reasonFor(error, message);
    await deadLetters.send(message, reason);
    onGivenUp?.(reason, error);
  }
}

/**
 * Denied access may be granted before the last receive, and an error without a code is a bug.
 */
function isPermanent(error: unknown): boolean {
  const { code, retryable } = error as Partial<CodedError>;
  return retryable === false && code !== 'access-denied';
}

function reasonFor(error: unknown, { receiveCount }: QueueMessage): QuarantineReason {
  const { code, message } = error as Partial<CodedError>;
  const { object } = error as { readonly object?: Partial<ObjectVersion> };
  const facts = [
    ['bucket', object?.bucket],
    ['key', object?.key],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  if (isPermanent(error)) return { code: code ?? 'internal', detail: message ?? '', facts: new Map(facts) };
  return {
    code: 'attempts-exhausted',
    detail: `Tried ${receiveCount} times, as often as the queue allows. The last try ended with ${code ?? 'internal'}: ${message}`,
    facts: new Map(facts),
  };
}
