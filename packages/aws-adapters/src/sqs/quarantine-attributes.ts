import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { DeadLetter, QuarantineAttribute, QuarantineReason, QueueMessage } from '../ports/index.ts';
import { attributeText } from './message-text.ts';

/** The attributes that every quarantined message carries; the rest are facts. A message has at most ten. */
export const QUARANTINE_ATTRIBUTES: readonly QuarantineAttribute[] = [
  'reasonCode',
  'reasonDetail',
  'quarantinedAt',
  'originalMessageId',
];

const MAX_FACTS = 10 - QUARANTINE_ATTRIBUTES.length;
const MAX_VALUE_LENGTH = 1024;

/** Writes down why a message is given up, in the form in which it travels with the message. */
export function toQuarantineAttributes(
  message: QueueMessage,
  reason: QuarantineReason,
  at: Date,
): Record<string, MessageAttributeValue> {
  const own: Record<QuarantineAttribute, string> = {
    reasonCode: reason.code,
    reasonDetail: reason.detail,
    quarantinedAt: at.toISOString(),
    originalMessageId: message.id,
  };
  const facts = [...(reason.facts ?? [])].filter(([name]) => !Object.hasOwn(own, name)).slice(0, MAX_FACTS);
  return Object.fromEntries(
    [...facts, ...Object.entries(own)].flatMap(([name, value]) => attribute(name, value)),
  );
}

/** SQS refuses empty values, so an empty one is left out. */
function attribute(name: string, value: string): [string, MessageAttributeValue][] {
  const StringValue = attributeText(value, MAX_VALUE_LENGTH);
  return StringValue === '' ? [] : [[name, { DataType: 'String', StringValue }]];
}

/** Reads back what {@link toQuarantineAttributes} wrote; a message that SQS itself moved has no reason. */
export function toDeadLetter(message: QueueMessage): DeadLetter {
  const { attributes } = message;
  const code = attributes.get('reasonCode');
  if (code === undefined) return { message };
  const quarantinedAt = attributes.get('quarantinedAt');
  const names: readonly string[] = QUARANTINE_ATTRIBUTES;
  return {
    message,
    reason: {
      code,
      detail: attributes.get('reasonDetail') ?? '',
      facts: new Map([...attributes].filter(([name]) => !names.includes(name))),
    },
    ...(quarantinedAt === undefined ? {} : { quarantinedAt: new Date(quarantinedAt) }),
  };
}
