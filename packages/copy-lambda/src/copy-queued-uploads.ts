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
   * Where messages go that can never be done. Default: nowhere, so they come back until the queue moves them,
   * without a reason.
   */
  readonly deadLetters?: DeadLetterSender;
  /** How often the queue hands a message out before it moves it by itself. Default: unknown. */
  readonly maxReceives?: number;
  /** Told of each message that was given up, and of the error that caused it. Default: nobody. */
  readonly onGivenUp?: (reason: QuarantineReason, error: unknown) => void;
}

/**
 * Copies what one message of a queue announces. What can never be done goes to the dead letters with its
 * reason, and so does what fails at its last receive, after which the queue would move it without one. Then
 * the message has ended.
 *
 * @throws whatever may pass, so that the message comes back
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
 * Access that is denied may be granted before the last receive, and an error without a code is a fault of
 * ours.
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
