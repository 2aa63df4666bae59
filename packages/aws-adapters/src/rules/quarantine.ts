import type { DeadLetter, QuarantineAttribute, QuarantineReason, QueueMessage } from '../ports/index.ts';
import { withoutRefused } from './queue-message.ts';

/** The attributes that every quarantined message carries; the rest are facts. A message has at most ten. */
const QUARANTINE_ATTRIBUTES: readonly QuarantineAttribute[] = [
  'reasonCode',
  'reasonDetail',
  'quarantinedAt',
  'originalMessageId',
];
const MAX_FACTS = 10 - QUARANTINE_ATTRIBUTES.length;
const MAX_VALUE_LENGTH = 1024;

/** Writes down why a message is given up, in the form in which it travels with the message. SQS refuses empty values: they are left out. */
export function quarantineAttributes(
  message: QueueMessage,
  reason: QuarantineReason,
  at: Date,
): ReadonlyMap<string, string> {
  const own: Record<QuarantineAttribute, string> = {
    reasonCode: reason.code,
    reasonDetail: reason.detail,
    quarantinedAt: at.toISOString(),
    originalMessageId: message.id,
  };
  const facts = [...(reason.facts ?? [])].filter(([name]) => !Object.hasOwn(own, name)).slice(0, MAX_FACTS);
  const all = [...facts, ...Object.entries(own)].map(([name, value]): [string, string] => [
    name,
    withoutRefused(value.slice(0, MAX_VALUE_LENGTH)),
  ]);
  return new Map(all.filter(([, value]) => value !== ''));
}

/** Reads back what {@link quarantineAttributes} wrote; a message that the queue itself moved has no reason. */
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
