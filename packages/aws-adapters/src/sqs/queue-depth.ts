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
  { signal }: CallOptions = {},
): Promise<QueueDepth> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: NAMES });
  const { Attributes = {} } = await withCodedErrors({ operation: `measure ${queueUrl}`, signal }, (options) =>
    client.send(command, options),
  );
  const count = (name: QueueAttributeName): number => Number(Attributes[name] ?? 0);
  return { visible: count(VISIBLE), inFlight: count(IN_FLIGHT), delayed: count(DELAYED) };
}
