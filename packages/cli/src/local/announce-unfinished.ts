import type { S3EventBridge } from '@org/wordfreq-aws-adapters/local';
import type {
  ObjectLister,
  ObjectReader,
  ObjectSummary,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { isCopied } from '../pipeline/object-status.ts';

/** Where to look, and what announces. */
export interface AnnounceUnfinishedOptions {
  readonly objects: ObjectLister & Pick<ObjectReader, 'head'>;
  readonly results: Pick<ResultStore, 'versions'>;
  readonly bridge: Pick<S3EventBridge, 'announce'>;
  readonly uploadingBucket: string;
  readonly processingBucket: string;
  readonly signal: AbortSignal;
}

/**
 * Announces uploads without a copy and copies without an outcome. The embedded S3 announces an object once,
 * to this process only: what it accepted just before a crash, or while the pipeline was starting, would
 * otherwise wait forever. What is already on its way is announced twice, which is harmless.
 */
export async function announceUnfinished(options: AnnounceUnfinishedOptions): Promise<void> {
  const { objects, bridge, uploadingBucket, processingBucket, signal } = options;
  for await (const upload of objects.list(uploadingBucket, { signal })) {
    if (isTextKey(upload.key, '.txt') && !(await isCopied(upload, options))) bridge.announce(upload);
  }
  for await (const copy of objects.list(processingBucket, { signal })) {
    if (!(await hasOutcome(copy, options))) bridge.announce(copy);
  }
}

async function hasOutcome(
  { bucket, key, eTag }: ObjectSummary,
  options: AnnounceUnfinishedOptions,
): Promise<boolean> {
  const known = await options.results.versions(bucket, key, { signal: options.signal });
  return known.some((version) => version.eTag === eTag && version.outcome !== undefined);
}
