import type { Message } from '@aws-sdk/client-sqs';
import type { QueueMessage } from '../ports/index.ts';

/** The system attributes that a {@link QueueMessage} is made of. */
export const SYSTEM_ATTRIBUTES = ['ApproximateReceiveCount', 'SentTimestamp'] as const;

/** Turns SQS's message into the port's. */
export function toQueueMessage(message: Message): QueueMessage {
  const { MessageId = '', Body = '', ReceiptHandle = '', Attributes = {}, MessageAttributes = {} } = message;
  const sent = Attributes['SentTimestamp'];
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { StringValue = '' }]): [string, string] => [name, StringValue],
  );
  return {
    id: MessageId,
    body: Body,
    receipt: ReceiptHandle,
    receiveCount: Math.max(1, Number(Attributes['ApproximateReceiveCount'] ?? 1)),
    attributes: new Map(attributes),
    ...(sent === undefined ? {} : { sentAt: new Date(Number(sent)) }),
  };
}
