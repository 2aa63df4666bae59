import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isCoded, withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { Clock, JobQueue, QueueMessage, ReceiveOptions } from '../ports/index.ts';
import { receiveProblem, visibilityProblem } from '../rules/queue-message.ts';
import { createSqsDeadLetterSender } from './dead-letters.ts';
import { maxReceives, queueDepth } from './queue.ts';
import { SYSTEM_ATTRIBUTES, toQueueMessage } from './queue-message.ts';

/** Which queues to use. */
export interface SqsJobQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Dates quarantined messages. */
  readonly clock: Pick<Clock, 'now'>;
  /**
   * What the dead-letter queue takes, attributes included. A body that leaves no room for its reason is cut.
   * Default: 1,048,576, the limit of SQS.
   */
  readonly maxMessageBytes?: number;
}

/**
 * Creates a job queue over SQS.
 *
 * @example
 * const jobs = createSqsJobQueue({ client: new SQSClient({}), queueUrl, deadLetterQueueUrl, clock: systemClock });
 * const messages = await jobs.receive({ maxMessages: 10, waitSeconds: 20, visibilitySeconds: 60 });
 */
export function createSqsJobQueue(options: SqsJobQueueOptions): JobQueue {
  const { client, queueUrl, deadLetterQueueUrl } = options;
  const deadLetters = createSqsDeadLetterSender({ ...options, queueUrl: deadLetterQueueUrl });
  return {
    receive: (receive) => receiveMessages(client, queueUrl, receive),
    extend: (message, seconds) => changeVisibility(client, queueUrl, message, seconds),
    release: (message, seconds) => ignoreLostLease(changeVisibility(client, queueUrl, message, seconds)),
    async quarantine(message, reason) {
      await deadLetters.send(message, reason);
      await deleteMessage(client, queueUrl, message);
    },
    delete: (message) => deleteMessage(client, queueUrl, message),
    depth: (call) => queueDepth(client, queueUrl, call),
    maxReceives: (call) => maxReceives(client, queueUrl, call),
  };
}

/** Receives once. An aborted wait is an empty one: what SQS may have lent meanwhile comes back by itself. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  { maxMessages, waitSeconds, visibilitySeconds, signal }: ReceiveOptions,
): Promise<readonly QueueMessage[]> {
  refuse(receiveProblem({ maxMessages, waitSeconds, visibilitySeconds }));
  if (signal?.aborted === true) return [];
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: maxMessages,
    WaitTimeSeconds: waitSeconds,
    VisibilityTimeout: visibilitySeconds,
    MessageSystemAttributeNames: [...SYSTEM_ATTRIBUTES],
    MessageAttributeNames: ['All'],
  });
  try {
    const { Messages = [] } = await withCodedErrors(
      { operation: `receive from ${queueUrl}`, signal },
      (options) => client.send(command, options),
    );
    return Messages.map(toQueueMessage);
  } catch (error) {
    if (isCoded(error) && error.code === 'aborted') return [];
    throw error;
  }
}

/** Makes a loan last as long from now. */
export async function changeVisibility(
  client: SQSClient,
  queueUrl: string,
  message: QueueMessage,
  seconds: number,
): Promise<void> {
  refuse(visibilityProblem(seconds));
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: message.receipt,
    VisibilityTimeout: seconds,
  });
  await withCodedErrors({ operation: `change the visibility of message ${message.id}` }, () =>
    client.send(command),
  );
}

/** Waits for a call to end, and does not mind that the loan ended first. */
export async function ignoreLostLease(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isCoded(error) || error.code !== 'lease-lost') throw error;
  }
}

async function deleteMessage(client: SQSClient, queueUrl: string, message: QueueMessage): Promise<void> {
  const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.receipt });
  await ignoreLostLease(
    withCodedErrors(
      { operation: `delete message ${message.id}` },
      async () => void (await client.send(command)),
    ),
  );
}
