import { parseAnnouncement, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  type CallHooks,
  createManualClock,
  createMemoryDeadLetterQueue,
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
import type { DeadLetterQueue, JobQueue, QueueMessage, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { createInlineCounting } from '../../src/counting/inline-counting.ts';
import { DEFAULT_FAILURE_POLICY } from '../../src/jobs/failure-policy.ts';
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
  readonly dependencies: HandleMessageDependencies;
  /** Stores an object; its announcement reaches the queue by itself. */
  put(key: string, body: string | Uint8Array): Promise<void>;
}

/**
 * Builds the world. `hooks` see every call of every port, and may spoil it. The queue moves no message by itself unless `maxReceives`
 * says after how many receives; buckets have versions if `versioned` says so.
 */
export function createMemoryWorld(
  hooks: CallHooks = {},
  random: () => number = () => 0.5,
  { maxReceives, versioned = false }: { readonly maxReceives?: number; readonly versioned?: boolean } = {},
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
    dependencies: {
      clock,
      random,
      counting: createInlineCounting(),
      parse: parseAnnouncement,
      queue,
      objects,
      results,
      publisher,
      notifier,
      notify: 'failures',
      failurePolicy: DEFAULT_FAILURE_POLICY,
      maxReceives: () => maxReceives,
      policy: {
        tokenizer: 'unicode',
        topWords: 10,
        allowedBuckets: new Set([BUCKET]),
        keySuffix: '.txt',
        maxObjectBytes: 1_000_000,
        workerName: 'test',
      },
    },
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

/** Bytes that are no text. */
export const NOISE: Uint8Array = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256);
