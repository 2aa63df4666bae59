import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CallOptions, DeadLetterQueue, QueueMessage } from '../ports/index.ts';
import { toDeadLetter } from '../rules/quarantine.ts';
import { changeVisibility, ignoreLostLease, receiveMessages } from './job-queue.ts';
import { queueDepth } from './queue.ts';

/** SQS lends at most ten messages at once. */
const MAX_BATCH = 10;

/** Long enough to read a few batches, short enough that a crash hides nothing for long. */
const VISIBILITY_SECONDS = 30;

/**
 * Creates a person's view of a dead-letter queue on SQS. Peeking counts as receiving, so the queue must not have a
 * dead-letter queue itself.
 *
 * @example
 * for (const { message, reason } of await deadLetters.peek(20)) console.log(reason?.code, message.body);
 */
export function createSqsDeadLetterQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): DeadLetterQueue {
  const { client, queueUrl } = options;
  return {
    async peek(limit, call) {
      const messages = await borrow(client, queueUrl, limit, call);
      await Promise.all(
        messages.map((message) => ignoreLostLease(changeVisibility(client, queueUrl, message, 0))),
      );
      return messages.map(toDeadLetter);
    },
    depth: (call) => queueDepth(client, queueUrl, call),
  };
}

async function borrow(
  client: SQSClient,
  queueUrl: string,
  limit: number,
  { signal }: CallOptions = {},
): Promise<QueueMessage[]> {
  const borrowed: QueueMessage[] = [];
  while (borrowed.length < limit) {
    const batch = await receiveMessages(client, queueUrl, {
      maxMessages: Math.min(MAX_BATCH, limit - borrowed.length),
      // A second of long polling asks all of SQS's servers; without it a short queue may look empty.
      waitSeconds: 1,
      visibilitySeconds: VISIBILITY_SECONDS,
      ...(signal === undefined ? {} : { signal }),
    });
    if (batch.length === 0) break;
    borrowed.push(...batch);
  }
  return borrowed;
}
