import { parseAnnouncement, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  type CallHooks,
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryDigestOutbox,
  createMemoryJobQueue,
  createMemoryNotifier,
  createMemoryObjectStore,
  createMemoryQueue,
  createMemoryResultPublisher,
  createMemoryResultStore,
  type ManualClock,
  type MemoryNotifier,
  type MemoryObjectStore,
  type MemoryQueue,
  type MemoryResultPublisher,
} from '@org/wordfreq-aws-adapters/memory';
import type {
  DeadLetterQueue,
  IntakeSwitch,
  JobQueue,
  QueueMessage,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { type ComposedWorker, composeHandling, composeWorker } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import type { HandleMessageDependencies } from '../../src/jobs/handle-message.ts';

export const BUCKET = 'wordfreq-processing';
export const VISIBILITY_SECONDS = 60;

/** All that a worker touches, in memory and in virtual time. */
export interface MemoryWorld {
  readonly clock: ManualClock;
  readonly objects: MemoryObjectStore;
  readonly messages: MemoryQueue;
  readonly deadMessages: MemoryQueue;
  readonly queue: JobQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly results: ResultStore;
  readonly publisher: MemoryResultPublisher;
  readonly notifier: MemoryNotifier;
  /** Puts a worker together over all this. */
  compose(): ComposedWorker;
  /** What such a worker handles each message with. */
  readonly dependencies: HandleMessageDependencies;
  /** Stores an object; its announcement reaches the queue by itself. */
  put(key: string, body: string | Uint8Array): Promise<void>;
}

/** A worker's environment. The names are those of the ports in memory, where anybody asks. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  JOBS_QUEUE_URL: 'https://sqs.test/jobs',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.test/dead-letters',
  RESULTS_QUEUE_URL: 'https://sqs.test/results',
  RESULTS_TOPIC_ARN: 'arn:aws:sns:test:0:results',
  FAILURES_TOPIC_ARN: 'arn:aws:sns:test:0:failures',
  RESULTS_TABLE: 'results',
  PROCESSING_BUCKET: BUCKET,
  TOP_WORDS: '10',
  MAX_OBJECT_BYTES: '1000000',
  VISIBILITY_SECONDS: String(VISIBILITY_SECONDS),
  WORKER_NAME: 'test',
  // A thread would take real time.
  COUNTING_THREADS: '0',
};

/**
 * Builds the world. `hooks` see every call of every port, and may spoil it. The queue moves no message by
 * itself unless `maxReceives` says after how many receives; buckets have versions if `versioned` says so;
 * workers are never paused without `intake`.
 */
export function createMemoryWorld(
  hooks: CallHooks = {},
  random: () => number = () => 0.5,
  {
    maxReceives,
    versioned = false,
    intake,
  }: { readonly maxReceives?: number; readonly versioned?: boolean; readonly intake?: IntakeSwitch } = {},
): MemoryWorld {
  const clock = createManualClock();
  const objects = createMemoryObjectStore({ clock, buckets: [BUCKET, 'other'], hooks, versioned });
  const deadMessages = createMemoryQueue({ clock });
  const redrive = maxReceives && { deadLetters: deadMessages, maxReceiveCount: maxReceives };
  const messages = createMemoryQueue({ clock, ...(redrive && { redrive }) });
  const queue = createMemoryJobQueue({ queue: messages, deadLetters: deadMessages, clock, hooks });
  const results = createMemoryResultStore({ hooks });
  const publisher = createMemoryResultPublisher({ hooks });
  const notifier = createMemoryNotifier({ hooks });
  objects.watch((change) => messages.send(JSON.stringify(s3EventFor(change))));
  const digest = createMemoryDigestOutbox({ hooks });
  const ports = {
    queue,
    objects,
    results,
    publisher,
    notifier,
    digest,
    parse: parseAnnouncement,
    ...(intake && { intake }),
  };
  const config = readConfig(ENVIRONMENT);
  const options = { clock, random };
  const { dependencies } = composeHandling(ports, config, options, new AbortController().signal);
  return {
    clock,
    objects,
    messages,
    deadMessages,
    queue,
    deadLetters: createMemoryDeadLetterQueue({ queue: deadMessages }),
    results,
    publisher,
    notifier,
    compose: () => composeWorker(ports, config, options),
    dependencies,
    async put(key, body) {
      await objects.put(
        { bucket: BUCKET, key },
        typeof body === 'string' ? new TextEncoder().encode(body) : body,
      );
    },
  };
}

/** Receives the next message, as a worker does. */
export async function receive({ queue }: MemoryWorld): Promise<QueueMessage> {
  const asked = { maxMessages: 1, waitSeconds: 0, visibilitySeconds: VISIBILITY_SECONDS };
  const [message] = await queue.receive(asked);
  if (message === undefined) throw new Error('expected a message, got an empty queue');
  return message;
}

/** Bytes that are not text. */
export const NOISE: Uint8Array = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256);
