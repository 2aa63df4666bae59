import type {
  DeadLetter,
  QuarantineAttribute,
  QuarantineReason,
  QueueDepth,
  QueueMessage,
  ReceiveOptions,
} from '../ports/index.ts';
import { cutText } from './cut-text.ts';

/** What SQS and SNS refuse in bodies and attributes: characters that XML 1.0 cannot carry. */
const REFUSED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
/** The limit of SQS since 2025: body and attributes. */
export const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_VISIBILITY_SECONDS = 43_200;

/** Replaces characters that SQS and SNS would refuse with U+FFFD. */
export function withoutRefused(text: string): string {
  return text.replace(REFUSED, '\uFFFD');
}

/** Why a text cannot be sent as a message, as a sentence. */
export function bodyProblem(body: string): string | undefined {
  if (body === '') return 'Expected a message with a body, got an empty one.';
  if (withoutRefused(body) !== body)
    return 'Expected a body of characters that XML 1.0 can carry, got others.';
  const bytes = new TextEncoder().encode(body).length;
  if (bytes <= MAX_MESSAGE_BYTES) return undefined;
  return `Expected a body of at most ${MAX_MESSAGE_BYTES} bytes, got ${bytes}.`;
}

/** What is wrong with the options of a receive, as a sentence. */
export function receiveProblem({
  maxMessages,
  waitSeconds,
  visibilitySeconds,
}: ReceiveOptions): string | undefined {
  return (
    rangeProblem('maxMessages', maxMessages, 1, 10) ??
    rangeProblem('waitSeconds', waitSeconds, 0, 20) ??
    rangeProblem('visibilitySeconds', visibilitySeconds, 1, MAX_VISIBILITY_SECONDS)
  );
}

/** What is wrong with a visibility timeout, or with the delay of a message that goes back, as a sentence. */
export function visibilityProblem(seconds: number): string | undefined {
  return rangeProblem('a visibility timeout', seconds, 0, MAX_VISIBILITY_SECONDS);
}

function rangeProblem(name: string, value: number, min: number, max: number): string | undefined {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return `Expected ${name} to be a whole number from ${min} to ${max}, got ${value}.`;
}

/** How many messages a queue has in all: waiting, received, and delayed. */
export function messagesIn({ visible, inFlight, delayed }: QueueDepth): number {
  return visible + inFlight + delayed;
}

/** The attributes that every quarantined message carries; the rest are facts. A message has at most ten. */
const QUARANTINE_ATTRIBUTES: readonly QuarantineAttribute[] = [
  'reasonCode',
  'reasonDetail',
  'quarantinedAt',
  'originalMessageId',
];
const MAX_FACTS = 10 - QUARANTINE_ATTRIBUTES.length;
const MAX_VALUE_LENGTH = 1024;

/** The attributes that say why a message was given up, without empty values, which SQS refuses. */
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
    withoutRefused(cutText(value, MAX_VALUE_LENGTH)),
  ]);
  return new Map(all.filter(([, value]) => value !== ''));
}

/** Reads what `quarantine` of a job queue wrote. A message that the queue itself moved has no reason. */
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
