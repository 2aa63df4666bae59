import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  CallOptions,
  Clock,
  JobSender,
  ObjectLister,
  ObjectReader,
  ObjectSummary,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { pMapIterable } from 'p-map';
import { CliError, EXIT_CODES } from '../../errors.ts';
import type { Cloud } from '../cloud.ts';
import { bucketOfCopiedUploads, isRead } from '../resource-names.ts';
import { inBatches, jobBody, pinVersion } from './job-for-object.ts';
import { isCopied } from './object-status.ts';

/**
 * How far an object is: as far as it gets; none that the pipeline takes; or not there yet, after so many
 * failed tries.
 */
type Progress = 'done' | 'ignored' | { readonly failures: number };

/** An object that should be further, and is neither on its way nor given up. */
export interface MissingObject {
  readonly object: ObjectSummary;
  readonly failures: number;
  readonly enqueued: boolean;
}

/** The numbers of objects; each is counted once, and `enqueued` are among those that are missing. */
export interface BucketTally {
  readonly objects: number;
  readonly done: number;
  readonly ignored: number;
  /** Not done, but among the dead letters. */
  readonly deadLetters: number;
  readonly missing: number;
  readonly enqueued: number;
  /** Not done, and younger than `minAgeMs`. */
  readonly young: number;
}

/** Options of {@link reconcileBucket}. */
export interface FindMissingOptions {
  readonly objects: ObjectLister & Pick<ObjectReader, 'head'>;
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly progressOf: (object: ObjectSummary, call: CallOptions) => Promise<Progress>;
  /** Finds out which objects dead letters are about. Called once, when the first object is not done. */
  readonly deadObjects: () => Promise<(object: ObjectSummary) => boolean>;
  /** Announces what is missing. Default: only reports it. */
  readonly sender?: JobSender | undefined;
  readonly region: string;
  /** Younger objects may be on their way. */
  readonly minAgeMs: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  readonly onMissing: (missing: MissingObject) => Promise<void>;
  /** Called for each object that was looked at. */
  readonly onObject?: () => void;
}

/** Questions to the table, or to the bucket, at once. */
const CONCURRENCY = 16;
const BATCH = 10;

/**
 * Goes through a bucket, and reports what is not done, neither given up nor young. It reads as it goes, so
 * that memory does not grow with the bucket. What is announced is announced as S3 would have, and only if it
 * is still there.
 */
export async function findMissing(options: FindMissingOptions): Promise<BucketTally> {
  const tally: MutableTally = {
    objects: 0,
    done: 0,
    ignored: 0,
    deadLetters: 0,
    missing: 0,
    enqueued: 0,
    young: 0,
  };
  const enqueued = options.sender !== undefined;
  for await (const batch of inBatches(candidates(options, tally), BATCH)) {
    if (options.signal.aborted) break;
    const there = enqueued ? await announce(batch, options) : batch;
    // Deleted since the listing: nothing is missing.
    tally.objects -= batch.length - there.length;
    tally.missing += there.length;
    if (enqueued) tally.enqueued += there.length;
    for (const missing of there) await options.onMissing({ ...missing, enqueued });
  }
  return tally;
}

type MutableTally = { -readonly [Name in keyof BucketTally]: number };

type Candidate = Omit<MissingObject, 'enqueued'>;

/** Sends the events of objects, and returns those that are still there. */
async function announce(
  batch: readonly Candidate[],
  options: FindMissingOptions,
): Promise<readonly Candidate[]> {
  const { sender, region, signal } = options;
  const pinned = await Promise.all(batch.map(({ object }) => pinVersion(object, options, { signal })));
  const bodies = pinned.flatMap((version) => (version === undefined ? [] : [jobBody(version, region)]));
  if (bodies.length > 0) await sender?.send(bodies, { signal });
  return batch.filter((_, index) => pinned[index] !== undefined);
}

/** Goes through the bucket, counting, and yields what is missing. */
async function* candidates(options: FindMissingOptions, tally: MutableTally): AsyncIterable<Candidate> {
  const { objects, bucket, prefix, signal } = options;
  let isDead: Promise<(object: ObjectSummary) => boolean> | undefined;

  async function judge(object: ObjectSummary): Promise<Candidate | undefined> {
    const progress = await options.progressOf(object, { signal });
    tally.objects += 1;
    options.onObject?.();
    if (typeof progress === 'string') {
      tally[progress] += 1;
      return undefined;
    }
    isDead ??= options.deadObjects();
    if ((await isDead)(object)) {
      tally.deadLetters += 1;
      return undefined;
    }
    if (options.clock.now().getTime() - object.lastModified.getTime() < options.minAgeMs) {
      tally.young += 1;
      return undefined;
    }
    return { object, failures: progress.failures };
  }

  const listing = objects.list(bucket, { signal, ...(prefix === undefined ? {} : { prefix }) });
  for await (const missing of pMapIterable(listing, judge, { concurrency: CONCURRENCY })) {
    if (missing !== undefined) yield missing;
  }
}

/** Returns how far counting is: an object is done when its content (ETag) under its key has an outcome. */
export function countingProgress(results: Pick<ResultStore, 'versions'>): FindMissingOptions['progressOf'] {
  return async (object, call) => {
    const known = await results.versions(object.bucket, object.key, call);
    const mine = known.filter(({ version, eTag }) => eTag === object.eTag || version === object.eTag);
    if (mine.some(({ outcome }) => outcome !== undefined)) return 'done';
    return { failures: Math.max(0, ...mine.map(({ failures = 0 }) => failures)) };
  };
}

/** Where to look for results without object. */
interface OrphanOptions {
  readonly objects: Pick<ObjectReader, 'head'>;
  readonly results: Pick<ResultStore, 'keys'>;
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly signal: AbortSignal;
}

/** The keys that have results but no object. */
export async function* orphanKeys(options: OrphanOptions): AsyncIterable<string> {
  const { objects, results, bucket, prefix, signal } = options;
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

/** One bucket on the way of a file, and what its objects need: a copy, then an outcome. */
export interface ReconcileStep extends Pick<FindMissingOptions, 'bucket' | 'progressOf'> {
  readonly lacks: 'copy' | 'outcome';
  /** The queue whose messages make it happen. */
  readonly queue: 'uploadsQueueUrl' | 'jobsQueueUrl';
}

/** Which buckets to look at. */
interface StepsOptions {
  /** Only this one. Default: the uploads, where their bucket is named, then what the workers read. */
  readonly bucket?: string | undefined;
  /** Whether what is missing is to be announced. */
  readonly enqueue: boolean;
}

/**
 * Decides which buckets to look at, and what their objects need.
 *
 * @throws CliError, exit code 2: no bucket is named, or nothing says what the bucket is whose objects are to
 * be announced
 */
export function reconcileSteps(cloud: Cloud, { bucket, enqueue }: StepsOptions): readonly ReconcileStep[] {
  const { names } = cloud;
  const uploads = bucketOfCopiedUploads(names);
  if (bucket === undefined) {
    const processing = names.get('processingBucket');
    return uploads === undefined
      ? [countStep(cloud, processing)]
      : [copyStep(cloud, uploads), countStep(cloud, processing)];
  }
  if (isRead(names, bucket)) return [countStep(cloud, bucket)];
  if (bucket === uploads) return [copyStep(cloud, bucket)];
  if (enqueue) throw unknownBucket(bucket);
  return [countStep(cloud, bucket)];
}

function copyStep(cloud: Cloud, bucket: string): ReconcileStep {
  const { objects, results, names } = cloud;
  const processingBucket = names.get('processingBucket');
  return {
    lacks: 'copy',
    bucket,
    queue: 'uploadsQueueUrl',
    async progressOf(object, call) {
      if (!isTextKey(object.key, '.txt')) return 'ignored';
      const copied = await isCopied(object, { objects, results, processingBucket, ...call });
      return copied ? 'done' : { failures: 0 };
    },
  };
}

function countStep({ results, names }: Cloud, bucket: string): ReconcileStep {
  const counting = countingProgress(results);
  // The bucket of uploads may hold any files; only texts are announced.
  const isOfUploads = bucket === names.find('uploadingBucket');
  return {
    lacks: 'outcome',
    bucket,
    queue: 'jobsQueueUrl',
    progressOf: async (object, call) =>
      isOfUploads && !isTextKey(object.key, '.txt') ? 'ignored' : counting(object, call),
  };
}

/** The workers would send each of its objects to the dead letters. */
function unknownBucket(bucket: string): CliError {
  return new CliError(`expected a bucket of the pipeline, but nothing says what ${bucket} is`, {
    exitCode: EXIT_CODES.usage,
    code: 'unknown-bucket',
    hint: `Name it with --uploading-bucket if files are uploaded there, or with --processing-bucket if the workers read it (UPLOADING_BUCKET, PROCESSING_BUCKET).`,
  });
}
