import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isCoded, wholeNumber, withCodedErrors } from '../errors/index.ts';
import type { Clock, DeadLetterSender, QuarantineReason, QueueMessage } from '../ports/index.ts';
import { byteLength, escapeRefused } from './message-text.ts';
import { toQuarantineAttributes } from './quarantine-attributes.ts';

/** Where dead letters go. */
export interface SqsDeadLetterSenderOptions {
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

/** The limit of SQS since 2025. */
const MAX_MESSAGE_BYTES = 1_048_576;
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
    const MessageBody = cut(body, maxMessageBytes - taken);
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

/** Cuts a text to a number of UTF-8 bytes, not inside a character. */
function cut(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, maxBytes)).replace(/\uFFFD$/, '');
}
