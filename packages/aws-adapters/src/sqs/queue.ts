import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isCoded, withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { CallOptions, QueueDepth, QueueMessage, ReceiveOptions } from '../ports/index.ts';
import { receiveProblem, visibilityProblem } from '../rules/queue-message.ts';
import { batched } from './batched.ts';

/** The size of a request that every SQS queue accepts. */
export const SAFE_REQUEST_BYTES = 262_144;

/** The system attributes that a {@link QueueMessage} is made of. */
const SYSTEM_ATTRIBUTES = ['ApproximateReceiveCount', 'SentTimestamp'] as const;

/** Receives once. An aborted wait is an empty one: what SQS may have delivered meanwhile comes back by itself. */
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

/** Makes a lease last this long from now. */
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

/** Returns up to ten messages at once; a message that cannot be returned comes back when its lease ends. */
export async function makeVisible(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<void> {
  const Entries = messages.map(({ receipt }, index) => ({
    Id: String(index),
    ReceiptHandle: receipt,
    VisibilityTimeout: 0,
  }));
  const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
  await withCodedErrors({ operation: `give ${messages.length} messages of ${queueUrl} back` }, () =>
    client.send(command),
  );
}

/** Waits for a call to end; a lease that has ended is not an error. */
export async function ignoreLostLease(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isCoded(error) || error.code !== 'lease-lost') throw error;
  }
}

/**
 * Deletes messages of one queue, several in one request when they end at the same time. A message whose lease
 * has ended comes back, which is not an error.
 */
export function messageDeleter(
  client: SQSClient,
  queueUrl: string,
): (message: QueueMessage) => Promise<void> {
  return batched<QueueMessage>({
    alone: (message) =>
      ignoreLostLease(
        withCodedErrors({ operation: `delete message ${message.id}` }, async () => {
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.receipt }));
        }),
      ),
    async together(messages) {
      const Entries = messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      const { Failed } = await withCodedErrors({ operation: `delete ${messages.length} messages` }, () =>
        client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
      );
      return failedOf(messages, Failed);
    },
  });
}

/** The entries of a batch that the queue refused. Their ids are their positions. */
export function failedOf<Entry>(
  entries: readonly Entry[],
  failed: readonly BatchResultErrorEntry[] | undefined = [],
): readonly Entry[] {
  const ids = new Set(failed.map(({ Id }) => Id));
  return entries.filter((_, index) => ids.has(String(index)));
}

/** Turns SQS's message into the port's. */
function toQueueMessage(message: Message): QueueMessage {
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

const VISIBLE = 'ApproximateNumberOfMessages' satisfies QueueAttributeName;
const IN_FLIGHT = 'ApproximateNumberOfMessagesNotVisible';
const DELAYED = 'ApproximateNumberOfMessagesDelayed';
const NAMES: QueueAttributeName[] = [VISIBLE, IN_FLIGHT, DELAYED];

/** Asks a queue how much work is waiting. */
export async function queueDepth(
  client: SQSClient,
  queueUrl: string,
  call?: CallOptions,
): Promise<QueueDepth> {
  const attributes = await queueAttributes(client, queueUrl, NAMES, call);
  const count = (name: QueueAttributeName): number => Number(attributes.get(name) ?? 0);
  return { visible: count(VISIBLE), inFlight: count(IN_FLIGHT), delayed: count(DELAYED) };
}

/** Asks a queue after how many receives it moves a message by itself. */
export async function maxReceives(
  client: SQSClient,
  queueUrl: string,
  call?: CallOptions,
): Promise<number | undefined> {
  const attributes = await queueAttributes(client, queueUrl, ['RedrivePolicy'], call);
  // SQS writes the number as a number, and some compatible servers as a string.
  const count = /"maxReceiveCount":\s*"?(\d+)/.exec(attributes.get('RedrivePolicy') ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

async function queueAttributes(
  client: SQSClient,
  queueUrl: string,
  names: QueueAttributeName[],
  { signal }: CallOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: names });
  const { Attributes = {} } = await withCodedErrors(
    { operation: `read the attributes of ${queueUrl}`, signal },
    (options) => client.send(command, options),
  );
  return new Map(Object.entries(Attributes));
}

/**
 * Escapes what SQS refuses as JSON does, and also what lies outside the Basic Multilingual Plane, because
 * some SQS-compatible servers refuse that. JSON means the same afterwards.
 */
export function escapeRefused(text: string): string {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Renders JSON that every SQS-compatible server accepts. */
export function messageJson(value: unknown): string {
  return escapeRefused(JSON.stringify(value));
}

/** What SQS counts against its limit of message size. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
