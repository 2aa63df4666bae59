import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  Clock,
  JobSender,
  ObjectLister,
  ObjectReader,
  ObjectSummary,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { pMapIterable } from 'p-map';
import { inBatches, jobBody, pinVersion } from './job-for-object.ts';

/** What does not fit together. */
export type Discrepancy =
  /** An object with neither outcome nor dead letter; `tried` when tries have failed that may yet succeed. */
  | {
      readonly kind: 'missing';
      readonly object: ObjectSummary;
      readonly enqueued: boolean;
      readonly tried: number;
    }
  /** A key with results whose object is gone. */
  | { readonly kind: 'orphan'; readonly bucket: string; readonly key: string };

/** What a run came to. */
export interface ReconcileSummary {
  readonly objects: number;
  readonly withOutcome: number;
  /** Objects without an outcome whose message is among the dead letters. */
  readonly deadLetters: number;
  readonly missing: number;
  readonly enqueued: number;
  /** Objects without an outcome that are younger than `minAgeMs`. */
  readonly young: number;
  readonly orphans: number;
}

/** What to compare, and how. */
export interface ReconcileOptions {
  readonly objects: ObjectLister & Pick<ObjectReader, 'head'>;
  readonly results: Pick<ResultStore, 'versions' | 'keys'>;
  readonly bucket: string;
  readonly prefix?: string | undefined;
  /** Finds out which objects dead letters are about. Called once, when the first object lacks an outcome. */
  readonly deadObjects: () => Promise<(object: ObjectSummary) => boolean>;
  /** Puts what is missing into the queue. Default: only reports it. */
  readonly sender?: JobSender | undefined;
  readonly region: string;
  /** Younger objects may be on their way. */
  readonly minAgeMs: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  readonly onDiscrepancy: (discrepancy: Discrepancy) => Promise<void>;
  /** Called for each object that was looked at. */
  readonly onObject?: () => void;
}

/** Questions to the table, or to the bucket, at once. */
const CONCURRENCY = 16;
const BATCH = 10;

/**
 * Compares a bucket with the table: first every object with its outcome, then every key that has results with the bucket. An object
 * counts as done when its content (ETag) under its key has an outcome. It reads as it goes, so that memory does not grow with the bucket.
 */
export async function reconcileBucket(options: ReconcileOptions): Promise<ReconcileSummary> {
  const counts: Counts = {
    objects: 0,
    withOutcome: 0,
    deadLetters: 0,
    missing: 0,
    enqueued: 0,
    young: 0,
    orphans: 0,
  };
  for await (const batch of inBatches(missingObjects(options, counts), BATCH)) {
    if (options.signal.aborted) break;
    const enqueued = options.sender !== undefined;
    const there = enqueued ? await enqueue(batch, options) : batch;
    // Deleted since the listing: nothing is missing.
    counts.objects -= batch.length - there.length;
    counts.missing += there.length;
    if (enqueued) counts.enqueued += there.length;
    for (const missing of there) await options.onDiscrepancy({ kind: 'missing', enqueued, ...missing });
  }
  for await (const key of orphanKeys(options)) {
    counts.orphans += 1;
    await options.onDiscrepancy({ kind: 'orphan', bucket: options.bucket, key });
  }
  return counts;
}

type Counts = { -readonly [Name in keyof ReconcileSummary]: number };

interface Missing {
  readonly object: ObjectSummary;
  readonly tried: number;
}

/** Puts objects into the queue, and returns those that are still there. */
async function enqueue(batch: readonly Missing[], options: ReconcileOptions): Promise<readonly Missing[]> {
  const { sender, region, signal } = options;
  const pinned = await Promise.all(batch.map(({ object }) => pinVersion(object, options, { signal })));
  const bodies = pinned.flatMap((version) => (version === undefined ? [] : [jobBody(version, region)]));
  if (bodies.length > 0) await sender?.send(bodies, { signal });
  return batch.filter((_, index) => pinned[index] !== undefined);
}

/** Goes through the bucket, counting, and yields what has no outcome. */
async function* missingObjects(options: ReconcileOptions, counts: Counts): AsyncIterable<Missing> {
  const { objects, results, bucket, prefix, signal } = options;
  let isDead: Promise<(object: ObjectSummary) => boolean> | undefined;

  async function judge(object: ObjectSummary): Promise<Missing | undefined> {
    const known = await results.versions(object.bucket, object.key, { signal });
    counts.objects += 1;
    options.onObject?.();
    const mine = known.filter(({ version, eTag }) => eTag === object.eTag || version === object.eTag);
    if (mine.some(({ outcome }) => outcome !== undefined)) {
      counts.withOutcome += 1;
      return undefined;
    }
    isDead ??= options.deadObjects();
    if ((await isDead)(object)) {
      counts.deadLetters += 1;
      return undefined;
    }
    if (options.clock.now().getTime() - object.lastModified.getTime() < options.minAgeMs) {
      counts.young += 1;
      return undefined;
    }
    return { object, tried: Math.max(0, ...mine.map(({ failures = 0 }) => failures)) };
  }

  const listing = objects.list(bucket, { signal, ...(prefix === undefined ? {} : { prefix }) });
  for await (const missing of pMapIterable(listing, judge, { concurrency: CONCURRENCY })) {
    if (missing !== undefined) yield missing;
  }
}

async function* orphanKeys({
  objects,
  results,
  bucket,
  prefix,
  signal,
}: ReconcileOptions): AsyncIterable<string> {
  if (signal.aborted) return;
  const keys = results.keys(bucket, { signal, ...(prefix === undefined ? {} : { prefix }) });
  const orphanOrNot = async (key: string): Promise<string | undefined> => {
    try {
      await objects.head({ bucket, key }, { signal });
      return undefined;
    } catch (error) {
      if (isCoded(error) && error.code === 'not-found') return key;
      throw error;
    }
  };
  for await (const key of pMapIterable(keys, orphanOrNot, { concurrency: CONCURRENCY })) {
    if (key !== undefined) yield key;
  }
}
