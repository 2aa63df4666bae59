import type {
  Clock,
  JobSender,
  ObjectLister,
  ObjectReader,
  ObjectSummary,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { pMapIterable } from 'p-map';
import { inBatches } from './in-batches.ts';
import { jobBody, pinVersion } from './job-for-object.ts';

/** How far it has come. */
export interface BackfillProgress {
  readonly lastKey?: string | undefined;
  readonly sent: number;
  readonly skipped: number;
}

/** What to put into the queue, and how fast. */
export interface BackfillOptions {
  readonly objects: ObjectLister & Pick<ObjectReader, 'head'>;
  /** Skips objects that have an outcome. Default: every object is sent, and workers find the duplicates. */
  readonly results?: Pick<ResultStore, 'versions'> | undefined;
  /** Default: a rehearsal that sends nothing. */
  readonly sender?: JobSender | undefined;
  readonly bucket: string;
  readonly prefix: string;
  readonly startAfter?: string | undefined;
  readonly region: string;
  /** Messages per second at most. Default: as fast as it goes. */
  readonly rate?: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each batch; what was told is done, whatever happens next. Awaited, so that it can be written down. */
  readonly onProgress: (progress: BackfillProgress) => Promise<void>;
  /** Told of objects before they are sent, or would be. */
  readonly onObjects?: ((objects: readonly ObjectSummary[]) => Promise<void>) | undefined;
}

/** SQS takes ten messages at once. */
const BATCH = 10;
const CONCURRENCY = 16;

/**
 * Puts a job into the queue for each object of a bucket, in the order of their keys, in batches of ten; what SQS refuses for the moment
 * is sent again. Each job names the version that is current, so it is the same job as that of S3's own event, and harmless to repeat.
 * Stopped in between, it continues after the last key that it told of.
 *
 * @returns how far it came, and whether to the end
 */
export async function backfillObjects(
  options: BackfillOptions,
): Promise<BackfillProgress & { readonly finished: boolean }> {
  const { clock, signal, rate, sender } = options;
  const startedMs = clock.monotonicMs();
  let progress: BackfillProgress = { lastKey: options.startAfter, sent: 0, skipped: 0 };
  try {
    for await (const batch of inBatches(judged(options), BATCH)) {
      const chosen = batch.filter(({ skip }) => !skip);
      const bodies = chosen.flatMap(({ body }) => (body === undefined ? [] : [body]));
      const count = sender === undefined ? chosen.length : bodies.length;
      if (rate !== undefined) {
        const dueMs = startedMs + (progress.sent / rate) * 1000;
        await clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal);
      }
      if (signal.aborted) return { ...progress, finished: false };
      await options.onObjects?.(chosen.map(({ object }) => object));
      if (bodies.length > 0) await sender?.send(bodies);
      progress = {
        lastKey: batch.at(-1)?.object.key,
        sent: progress.sent + count,
        skipped: progress.skipped + batch.length - chosen.length,
      };
      await options.onProgress(progress);
    }
  } catch (error) {
    // What was asked when the signal fired ends with an error; how far it came is known all the same.
    if (!signal.aborted) throw error;
  }
  return { ...progress, finished: !signal.aborted };
}

interface Judged {
  readonly object: ObjectSummary;
  /** It has its outcome already. */
  readonly skip: boolean;
  /** What to send; absent for an object that is gone since it was listed, and in a rehearsal. */
  readonly body?: string | undefined;
}

/** Each object, in order, and what to send for it. */
function judged(options: BackfillOptions): AsyncIterable<Judged> {
  const { objects, results, sender, region, bucket, prefix, startAfter, signal } = options;
  const listing = objects.list(bucket, {
    prefix,
    signal,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  return pMapIterable(
    listing,
    async (object) => {
      const known = (await results?.versions(object.bucket, object.key, { signal })) ?? [];
      const skip = known.some(({ outcome, eTag }) => outcome !== undefined && eTag === object.eTag);
      if (skip || sender === undefined) return { object, skip };
      const version = await pinVersion(object, options, { signal });
      return { object, skip, body: version === undefined ? undefined : jobBody(version, region) };
    },
    { concurrency: CONCURRENCY, backpressure: 4 * CONCURRENCY },
  );
}
