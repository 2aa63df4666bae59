import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isCoded, wholeNumber, withCodedErrors } from '../errors/index.ts';
import type { Clock, JobQueue, QuarantineReason, QueueMessage, ReceiveOptions } from '../ports/index.ts';
import { byteLength, escapeRefused } from './message-text.ts';
import { toQuarantineAttributes } from './quarantine-attributes.ts';
import { queueDepth } from './queue-depth.ts';
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

/** The limit of SQS since 2025. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** Below this the attributes alone, ten of 1,024 characters, might not fit. */
const MIN_MESSAGE_BYTES = 65_536;

/**
 * Creates a job queue over SQS.
 *
 * @example
 * const jobs = createSqsJobQueue({ client: new SQSClient({}), queueUrl, deadLetterQueueUrl, clock: systemClock });
 * const messages = await jobs.receive({ maxMessages: 10, waitSeconds: 20, visibilitySeconds: 60 });
 */
export function createSqsJobQueue(options: SqsJobQueueOptions): JobQueue {
  const { client, queueUrl } = options;
  wholeNumber('maxMessageBytes', options.maxMessageBytes ?? MAX_MESSAGE_BYTES, MIN_MESSAGE_BYTES);
  return {
    receive: (receive) => receiveMessages(client, queueUrl, receive),
    extend: (message, seconds) => changeVisibility(client, queueUrl, message, seconds),
    release: (message, seconds) => ignoreLostLease(changeVisibility(client, queueUrl, message, seconds)),
    async quarantine(message, reason) {
      await sendToDeadLetters(options, message, reason);
      await deleteMessage(client, queueUrl, message);
    },
    delete: (message) => deleteMessage(client, queueUrl, message),
    depth: (call) => queueDepth(client, queueUrl, call),
  };
}

/** Receives once. An aborted wait is an empty one: what SQS may have lent meanwhile comes back by itself. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  { maxMessages, waitSeconds, visibilitySeconds, signal }: ReceiveOptions,
): Promise<readonly QueueMessage[]> {
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

async function sendToDeadLetters(
  { client, clock, deadLetterQueueUrl, maxMessageBytes = MAX_MESSAGE_BYTES }: SqsJobQueueOptions,
  message: QueueMessage,
  reason: QuarantineReason,
): Promise<void> {
  const attributes = toQuarantineAttributes(message, reason, clock.now());
  const taken = Object.entries(attributes).reduce(
    (sum, [name, { StringValue = '' }]) => sum + byteLength(`${name}String${StringValue}`),
    0,
  );
  const send = (body: string): Promise<unknown> => {
    const MessageBody = cut(body, maxMessageBytes - taken);
    const input = { QueueUrl: deadLetterQueueUrl, MessageBody, MessageAttributes: attributes };
    return withCodedErrors({ operation: `quarantine message ${message.id}` }, () =>
      client.send(new SendMessageCommand(input)),
    );
  };
  try {
    await send(message.body);
  } catch (error) {
    const escaped = escapeRefused(message.body);
    if (!isCoded(error) || error.code !== 'invalid' || escaped === message.body) throw error;
    // A message that came by way of SNS may hold what SendMessage refuses. It must be possible to give it up.
    await send(escaped);
  }
}

/** Cuts a text to a number of UTF-8 bytes, not inside a character. */
function cut(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, maxBytes)).replace(/\uFFFD$/, '');
}
