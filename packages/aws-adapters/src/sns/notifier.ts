import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { withCodedErrors } from '../errors/index.ts';
import type { Notification, NotificationKind, Notifier } from '../ports/index.ts';
import { cutText, cutToBytes } from '../rules/cut-text.ts';
import { withoutRefused } from '../rules/queue-message.ts';

/** Which topic gets which notification. */
export interface SnsNotifierOptions {
  /** The AWS SDK client. */
  readonly client: SNSClient;
  /** A kind without a topic is not announced. */
  readonly topicArns: Readonly<Partial<Record<NotificationKind, string>>>;
}

/**
 * "Subjects must be ASCII text that begins with a letter, number or punctuation mark … and less than 100
 * characters".
 */
const MAX_SUBJECT_LENGTH = 99;
/** SNS takes 262,144 bytes, attributes included. */
const MAX_TEXT_BYTES = 250_000;
/** Raw delivery to SQS carries no more. */
const MAX_ATTRIBUTES = 10;
const MAX_VALUE_LENGTH = 256;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/i;

/**
 * Creates a notifier over SNS topics, to which people subscribe their addresses. Facts become message
 * attributes, so that a subscription can filter by them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @example
 * const notifier = createSnsNotifier({ client, topicArns: { 'job-failed': failuresTopicArn } });
 */
export function createSnsNotifier({ client, topicArns }: SnsNotifierOptions): Notifier {
  return {
    async notify(notification, { signal } = {}) {
      const topic = topicArns[notification.kind];
      if (topic === undefined) return;
      const command = new PublishCommand({
        TopicArn: topic,
        Subject: plainSubject(notification.subject),
        Message: fittingText(notification.text),
        MessageAttributes: attributesOf(notification),
      });
      await withCodedErrors({ operation: `notify ${topic} of ${notification.kind}`, signal }, (options) =>
        client.send(command, options),
      );
    },
  };
}

/** Makes a subject that SNS takes out of any text. */
function plainSubject(subject: string): string {
  const ascii = subject.replace(/[^\x20-\x7E]+/g, '?').trim();
  return ascii.slice(0, MAX_SUBJECT_LENGTH).trim() || 'Notification';
}

function fittingText(text: string): string {
  if (text === '') return '(no text)';
  const clean = withoutRefused(text);
  const cut = cutToBytes(clean, MAX_TEXT_BYTES);
  return cut === clean ? clean : `${cut}\n…`;
}

function attributesOf({ kind, id, facts }: Notification): Record<string, MessageAttributeValue> {
  const own: [string, string][] = [
    ['kind', kind],
    ['notificationId', id],
  ];
  const taken = new Set(own.map(([name]) => name));
  const usable = [...facts].filter(
    ([name, value]) => !taken.has(name) && ATTRIBUTE_NAME.test(name) && value !== '',
  );
  return Object.fromEntries(
    [...own, ...usable].slice(0, MAX_ATTRIBUTES).map(([name, value]) => {
      const StringValue = withoutRefused(cutText(value, MAX_VALUE_LENGTH));
      return [name, { DataType: 'String', StringValue }];
    }),
  );
}
