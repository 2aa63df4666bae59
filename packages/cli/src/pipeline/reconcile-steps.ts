import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from './cloud.ts';
import { isCopied } from './object-status.ts';
import { countingProgress, type FindMissingOptions } from './reconcile-bucket.ts';
import type { ResourceNames } from './resource-names.ts';

/** One bucket on the way of a file, and what its objects need: a copy, then an outcome. */
export interface ReconcileStep extends Pick<FindMissingOptions, 'bucket' | 'progressOf'> {
  readonly lacks: 'copy' | 'outcome';
  /** Whose events make it happen. */
  readonly queue: 'uploadsQueueUrl' | 'jobsQueueUrl';
}

/** Which buckets to look at. */
export interface StepsOptions {
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
  const uploads = names.find('uploadingBucket');
  if (bucket === undefined) {
    const processing = names.get('processingBucket');
    return uploads === undefined || uploads === processing
      ? [countStep(cloud, processing)]
      : [copyStep(cloud, uploads), countStep(cloud, processing)];
  }
  if (isRead(names, bucket)) return [countStep(cloud, bucket)];
  if (bucket === uploads) return [copyStep(cloud, bucket)];
  if (enqueue) throw unknownBucket(bucket);
  return [countStep(cloud, bucket)];
}

/** Whether the workers are said to read a bucket. */
export function isRead(names: ResourceNames, bucket: string): boolean {
  return names.all('processingBucket').includes(bucket);
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

function countStep({ results }: Cloud, bucket: string): ReconcileStep {
  return { lacks: 'outcome', bucket, queue: 'jobsQueueUrl', progressOf: countingProgress(results) };
}

/** The workers would send each of its objects to the dead letters. */
function unknownBucket(bucket: string): CliError {
  return new CliError(`expected a bucket of the pipeline, but nothing says what ${bucket} is`, {
    exitCode: EXIT_CODES.usage,
    code: 'unknown-bucket',
    hint: `Name it with --uploading-bucket if files are uploaded there, or with --processing-bucket if the workers read it (UPLOADING_BUCKET, PROCESSING_BUCKET).`,
  });
}
