import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isCoded, wholeNumber, withCodedErrors } from '../errors/index.ts';
import type {
  CallOptions,
  Clock,
  DeadLetterQueue,
  DeadLetterSender,
  QuarantineReason,
  QueueMessage,
} from '../ports/index.ts';
import { cutToBytes } from '../rules/cut-text.ts';
import { MAX_MESSAGE_BYTES, quarantineAttributes, toDeadLetter } from '../rules/queue-message.ts';
import { byteLength, escapeRefused, makeVisible, queueDepth, receiveMessages } from './queue.ts';

/** Where dead letters go. */
export interface SqsDeadLetterSenderOptions {
  /** The AWS SDK client. */
  readonly client: SQSClient;
  /** Of the dead-letter queue. */
  readonly queueUrl: string;
  /** Dates quarantined messages. */
  readonly clock: Pick<Clock, 'now'>;
  /**
   * What the dead-letter queue takes, attributes included. A body that leaves no room for its reason is cut.
   * Default: 1,048,576, the limit of SQS.
   */
  readonly maxMessageBytes?: number;
}

/** Below this the attributes alone, ten of 1,024 characters, might not fit. */
const MIN_MESSAGE_BYTES = 65_536;

/**
 * Creates a sender of dead letters to SQS.
 *
 * @example
 * const deadLetters = createSqsDeadLetterSender({ client, queueUrl, clock: systemClock });
 * await deadLetters.send(message, { code: 'not-json', detail: 'Expected JSON.' });
 */
export function createSqsDeadLetterSender(options: SqsDeadLetterSenderOptions): DeadLetterSender {
  wholeNumber('maxMessageBytes', options.maxMessageBytes ?? MAX_MESSAGE_BYTES, MIN_MESSAGE_BYTES);
  return { send: (message, reason) => sendToDeadLetters(options, message, reason) };
}

async function sendToDeadLetters(
  { client, clock, queueUrl, maxMessageBytes = MAX_MESSAGE_BYTES }: SqsDeadLetterSenderOptions,
  message: QueueMessage,
  reason: QuarantineReason,
): Promise<void> {
  const attributes = toQuarantineAttributes(message, reason, clock.now());
  const taken = Object.entries(attributes).reduce(
    (sum, [name, { StringValue = '' }]) => sum + byteLength(`${name}String${StringValue}`),
    0,
  );
  const send = (body: string): Promise<unknown> => {
    const MessageBody = cutToBytes(body, maxMessageBytes - taken);
    const input = { QueueUrl: queueUrl, MessageBody, MessageAttributes: attributes };
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

/** Why a message is given up, as SQS takes it. */
function toQuarantineAttributes(
  message: QueueMessage,
  reason: QuarantineReason,
  at: Date,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    [...quarantineAttributes(message, reason, at)].map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue },
    ]),
  );
}

/** SQS returns at most ten messages at once. */
const MAX_BATCH = 10;

/** Long enough to read a few batches, short enough that a crash hides nothing for long. */
const VISIBILITY_SECONDS = 30;

/**
 * Creates a person's view of a dead-letter queue on SQS. Peeking counts as receiving, so the queue must not
 * have a dead-letter queue itself.
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
      const messages = await receiveUpTo(client, queueUrl, limit, call);
      for (let start = 0; start < messages.length; start += MAX_BATCH) {
        await makeVisible(client, queueUrl, messages.slice(start, start + MAX_BATCH));
      }
      return messages.map(toDeadLetter);
    },
    depth: (call) => queueDepth(client, queueUrl, call),
  };
}

async function receiveUpTo(
  client: SQSClient,
  queueUrl: string,
  limit: number,
  { signal }: CallOptions = {},
): Promise<QueueMessage[]> {
  const call = signal === undefined ? {} : { signal };
  const { visible } = await queueDepth(client, queueUrl, call);
  const received: QueueMessage[] = [];
  while (received.length < limit) {
    const batch = await receiveMessages(client, queueUrl, {
      maxMessages: Math.min(MAX_BATCH, limit - received.length),
      // A second of long polling asks all of SQS's servers; without it a short queue may look empty. Once as
      // many were received as the queue counts, waiting would only hide them from others for longer.
      waitSeconds: received.length < visible ? 1 : 0,
      visibilitySeconds: VISIBILITY_SECONDS,
      ...call,
    });
    if (batch.length === 0) break;
    received.push(...batch);
  }
  return received;
}
