import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QuarantineReason, QueueMessage } from '../ports/index.ts';
import { quarantineAttributes } from '../rules/quarantine.ts';

/** Why a message is given up, as SQS takes it. */
export function toQuarantineAttributes(
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
