import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import { withCodedErrors } from '../errors/index.ts';
import type { CallOptions, QueueDepth } from '../ports/index.ts';

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
