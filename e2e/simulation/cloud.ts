import {
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
  DigestOutbox,
  JobQueue,
  ObjectVersion,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { createAnnouncer } from './announcements.ts';
import type { Chance } from './faults.ts';

export const UPLOADING = 'uploading';
export const PROCESSING = 'processing';
export const FORBIDDEN = 'forbidden';

/**
 * How often each queue delivers a message before it moves it to the dead letters itself. Few for uploads, so
 * that this happens in a short life.
 */
const MAX_RECEIVES = 10;
export const MAX_UPLOAD_RECEIVES = 3;

/** The services, in memory and in virtual time. */
export interface Cloud {
  readonly clock: ManualClock;
  readonly objects: MemoryObjectStore;
  readonly uploads: MemoryQueue;
  readonly deadUploads: MemoryQueue;
  readonly jobs: MemoryQueue;
  readonly deadJobs: MemoryQueue;
  readonly jobQueue: JobQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly deadUploadLetters: DeadLetterQueue;
  /**
   * Bodies of uploads that nothing could give a reason: the function died at the last receive, or could not
   * reach the dead letters.
   */
  readonly inexplicable: Set<string>;
  readonly results: ResultStore;
  readonly publisher: MemoryResultPublisher;
  readonly notifier: MemoryNotifier;
  readonly digest: DigestOutbox;
  /** Every version that ever was in the processing bucket. */
  readonly copies: readonly ObjectVersion[];
  /** Keys whose copy somebody removed; an event that was overtaken may then bring an older version back. */
  readonly removedCopies: ReadonlySet<string>;
}

/** Makes the services, with their announcements connected. */
export function createCloud(chance: Chance): Cloud {
  const clock = createManualClock();
  const { random } = chance;
  const versioned = random() < 0.5;
  const buckets = [UPLOADING, PROCESSING, FORBIDDEN];
  const objects = createMemoryObjectStore({ clock, versioned, buckets, chunkBytes: 64 });
  const [deadUploads, deadJobs] = [createMemoryQueue({ clock }), createMemoryQueue({ clock })];
  const queueBefore = (deadLetters: MemoryQueue, maxReceiveCount: number): MemoryQueue =>
    createMemoryQueue({ clock, random, redrive: { deadLetters, maxReceiveCount } });
  const uploads = queueBefore(deadUploads, MAX_UPLOAD_RECEIVES);
  const jobs = queueBefore(deadJobs, MAX_RECEIVES);
  const announce = new Map([
    [UPLOADING, createAnnouncer(uploads, chance, versioned)],
    [PROCESSING, createAnnouncer(jobs, chance, versioned)],
  ]);
  const copies: ObjectVersion[] = [];
  const removedCopies = new Set<string>();
  objects.watch((change) => {
    announce.get(change.object.bucket)?.(change);
    if (change.object.bucket !== PROCESSING) return;
    if (change.eventName.startsWith('ObjectCreated')) copies.push(change.object);
    else removedCopies.add(change.object.key);
  });
  return {
    clock,
    objects,
    uploads,
    deadUploads,
    jobs,
    deadJobs,
    jobQueue: createMemoryJobQueue({ queue: jobs, deadLetters: deadJobs, clock }),
    deadLetters: createMemoryDeadLetterQueue({ queue: deadJobs }),
    deadUploadLetters: createMemoryDeadLetterQueue({ queue: deadUploads }),
    inexplicable: new Set(),
    results: createMemoryResultStore(),
    publisher: createMemoryResultPublisher(),
    notifier: createMemoryNotifier(),
    digest: createMemoryDigestOutbox(),
    copies,
    removedCopies,
  };
}
