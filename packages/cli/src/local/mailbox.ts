import { setTimeout as delay } from 'node:timers/promises';
import type { JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { Running } from './supervised-process.ts';

/** A notification, as the e-mail that SNS would send. */
export interface Mail {
  /** The id of the notification. */
  readonly id: string;
  /** When it was sent. */
  readonly at: Date;
  /** The topic that it came from. */
  readonly topic: string;
  /** The subject. */
  readonly subject: string;
  /** The text. */
  readonly text: string;
  /** Of the file that it is about, if it is about one. */
  readonly key?: string;
}

/** The mails that have arrived, newest first. */
export interface Mailbox extends Running {
  /** All mails so far, oldest first. */
  readonly mails: readonly Mail[];
  /** Waits until at least `count` mails have arrived, at most `patienceMs`. Default: 10,000. */
  waitFor(count: number, patienceMs?: number): Promise<void>;
}

/** How many mails are remembered; older ones make room. */
const CAPACITY = 1000;

/** Opens the queue that stands in for e-mail addresses subscribed to the topics. */
export function openMailbox(
  queue: Pick<JobQueue, 'receive' | 'delete'>,
  onError: (error: unknown) => void,
): Mailbox {
  const mails: Mail[] = [];
  const stopping = new AbortController();

  async function collect(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const messages = await queue.receive({
          maxMessages: 10,
          waitSeconds: 20,
          visibilitySeconds: 30,
          signal: stopping.signal,
        });
        for (const message of messages) {
          mails.unshift(readMail(message));
          if (mails.length > CAPACITY) mails.pop();
          await queue.delete(message);
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error);
        await delay(1000);
      }
    }
  }

  const done = collect();
  return {
    mails,
    async waitFor(count, patienceMs = 10_000) {
      const deadline = performance.now() + patienceMs;
      while (mails.length < count && performance.now() < deadline) await delay(50);
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

/** Reads SNS's JSON envelope ("Amazon SNS message formats: HTTP/HTTPS notification JSON format"). */
function readMail(message: QueueMessage): Mail {
  const envelope = parseObject(message.body);
  const text = (name: string): string => String(envelope.get(name) ?? '');
  const attributes = Object(envelope.get('MessageAttributes')) as Record<
    string,
    { readonly Value?: unknown }
  >;
  const key = Object.hasOwn(attributes, 'key') ? attributes['key']?.Value : undefined;
  return {
    id: text('MessageId') || message.id,
    at: message.sentAt ?? new Date(),
    topic: text('TopicArn').split(':').at(-1) ?? '',
    subject: text('Subject'),
    // Whatever is not an envelope is shown as it came.
    text: text('Message') || message.body,
    ...(typeof key === 'string' ? { key } : {}),
  };
}

function parseObject(json: string): ReadonlyMap<string, unknown> {
  try {
    return new Map(Object.entries(JSON.parse(json) as object));
  } catch {
    return new Map();
  }
}
