import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AdapterError, wholeNumber, withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { Clock, JobQueue, JobSender } from '../ports/index.ts';
import { bodyProblem } from '../rules/queue-message.ts';
import { retryDelay } from '../rules/retry-delay.ts';
import { MAX_ENTRIES } from './batched.ts';
import { createSqsDeadLetterSender } from './dead-letters.ts';
import {
  byteLength,
  changeVisibility,
  ignoreLostLease,
  maxReceives,
  messageDeleter,
  queueDepth,
  receiveMessages,
  SAFE_REQUEST_BYTES,
} from './queue.ts';

/** Which queues to use. */
export interface SqsJobQueueOptions {
  /** The AWS SDK client. */
  readonly client: SQSClient;
  /** The URL of the jobs queue. */
  readonly queueUrl: string;
  /** The URL of its dead-letter queue. */
  readonly deadLetterQueueUrl: string;
  /** Dates quarantined messages. */
  readonly clock: Pick<Clock, 'now'>;
  /**
   * What the dead-letter queue takes, attributes included. A body that leaves no room for its reason is cut.
   * Default: 1,048,576, the limit of SQS.
   */
  readonly maxMessageBytes?: number;
}

/**
 * Creates a job queue over SQS.
 *
 * @example
 * const jobs = createSqsJobQueue({ client: new SQSClient({}), queueUrl, deadLetterQueueUrl, clock: systemClock });
 * const messages = await jobs.receive({ maxMessages: 10, waitSeconds: 20, visibilitySeconds: 60 });
 */
export function createSqsJobQueue(options: SqsJobQueueOptions): JobQueue {
  const { client, queueUrl, deadLetterQueueUrl } = options;
  const deadLetters = createSqsDeadLetterSender({ ...options, queueUrl: deadLetterQueueUrl });
  const remove = messageDeleter(client, queueUrl);
  return {
    receive: (receive) => receiveMessages(client, queueUrl, receive),
    extend: (message, seconds) => changeVisibility(client, queueUrl, message, seconds),
    release: (message, seconds) => ignoreLostLease(changeVisibility(client, queueUrl, message, seconds)),
    async quarantine(message, reason) {
      await deadLetters.send(message, reason);
      await remove(message);
    },
    delete: remove,
    depth: (call) => queueDepth(client, queueUrl, call),
    maxReceives: (call) => maxReceives(client, queueUrl, call),
  };
}

/** Where to send. */
export interface SqsJobSenderOptions {
  /** The AWS SDK client. */
  readonly client: SQSClient;
  /** The queue's URL. */
  readonly queueUrl: string;
  /** Waits before entries that SQS refused for the moment are sent again. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** What one request may carry. Default: 262,144, the limit of older SQS-compatible servers. */
  readonly maxBatchBytes?: number;
}

const TRIES = 4;
const FIRST_DELAY_MS = 200;

/**
 * Creates a sender of jobs to SQS.
 *
 * @example
 * await createSqsJobSender({ client, queueUrl, clock: systemClock }).send([JSON.stringify(s3EventFor(object))]);
 */
export function createSqsJobSender(options: SqsJobSenderOptions): JobSender {
  const maxBatchBytes = options.maxBatchBytes ?? SAFE_REQUEST_BYTES;
  wholeNumber('maxBatchBytes', maxBatchBytes, 1);
  return {
    async send(bodies, { signal } = {}) {
      for (const body of bodies) refuse(bodyProblem(body));
      for (const batch of batches(bodies, maxBatchBytes)) {
        await sendBatch(options, batch, signal);
      }
    },
  };
}

function* batches(bodies: readonly string[], maxBytes: number): Iterable<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = byteLength(body);
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(body);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function sendBatch(
  { client, queueUrl, clock }: SqsJobSenderOptions,
  batch: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const operation = `send ${batch.length} messages to ${queueUrl}`;
  let waiting = batch.map((body, index) => ({ Id: String(index), MessageBody: body }));
  for (let tried = 1; ; tried += 1) {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: waiting });
    const { Failed = [] } = await withCodedErrors({ operation, signal }, (call) =>
      client.send(command, call),
    );
    if (Failed.length === 0) return;
    const refused = Failed.find(({ SenderFault }) => SenderFault === true);
    if (refused !== undefined)
      throw new AdapterError('invalid', `Could not ${operation}: ${refused.Message}`);
    if (tried === TRIES)
      throw new AdapterError('unavailable', `Could not ${operation}: ${Failed[0]?.Message}`);
    const failed = new Set(Failed.map(({ Id }) => Id));
    waiting = waiting.filter(({ Id }) => failed.has(Id));
    await clock.sleep(retryDelay(tried, FIRST_DELAY_MS), signal);
  }
}
