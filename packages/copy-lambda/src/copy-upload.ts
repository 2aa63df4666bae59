import type {
  CallOptions,
  ObjectCopier,
  ObjectEvent,
  ObjectInfo,
  ObjectReader,
  ObjectVersion,
  WriteOptions,
} from '@org/wordfreq-aws-adapters/ports';
import {
  type CopySource,
  comparableSequencer,
  copySource,
  copySourceMetadata,
  isTextKey,
} from '@org/wordfreq-aws-adapters/rules';

/** Which uploads are copied, and where to. */
export interface CopyPolicy {
  /** The bucket for the copies. */
  readonly destinationBucket: string;
  /** Only objects of these buckets are copied. Empty: of any bucket but the destination. */
  readonly allowedBuckets: ReadonlySet<string>;
  /** Only keys that start with this are copied. */
  readonly keyPrefix: string;
  /** Only keys that end with this, optionally followed by `.gz` or `.zst`, are copied. */
  readonly keySuffix: string;
}

/** What the use case needs. */
export interface CopyUploadDependencies {
  /** The object store. */
  readonly objects: Pick<ObjectReader, 'head'> & ObjectCopier;
  /** Which uploads are copied, and where to. */
  readonly policy: CopyPolicy;
}

/** The outcome of one event: copied, already copied, the upload is gone, or not to be copied. */
export type CopyOutcome =
  | {
      readonly outcome: 'copied' | 'already-copied';
      readonly sizeBytes: number;
      readonly eTag: string;
      /**
       * Names of the upload's metadata that the copy does not have, because S3's limit leaves no room for
       * them beside ours.
       */
      readonly droppedMetadata?: readonly string[];
    }
  | { readonly outcome: 'gone' | 'test-event' | 'removed' | 'ignored' | `skipped:${SkipReason}` };

/** Why an event is skipped. */
export type SkipReason =
  | 'bucket-not-allowed'
  | 'prefix'
  | 'suffix'
  | 'folder-marker'
  | 'overwritten'
  | 'superseded';

/**
 * Copies one upload to the processing bucket, inside S3, under the same key, and marks the copy with its
 * source. A repeated event copies once: the existing copy says which version it is of.
 * Whatever other invocations do at the same time, the newest upload is there in the end.
 *
 * @throws what {@link ObjectCopier.copy} throws, except `not-found` and `changed`, which are outcomes
 */
export async function copyUpload(
  event: Extract<ObjectEvent, { kind: 'created' }>,
  dependencies: CopyUploadDependencies,
  call: CallOptions = {},
): Promise<CopyOutcome> {
  const { object, sequencer } = event;
  const { policy, objects } = dependencies;
  const skip = reasonToSkip(object, policy);
  if (skip !== undefined) return { outcome: `skipped:${skip}` };
  try {
    const current = await currentUpload(object, objects, call);
    const first = current === undefined ? undefined : await copyFirst(current, sequencer, dependencies, call);
    if (first !== undefined) return first;
    const source = current ?? (await objects.head(object, call));
    const outcome = await copyVersion(source, sequencer, dependencies, call);
    if (outcome.outcome !== 'skipped:superseded') await copyNewer(source, dependencies, call);
    return outcome;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'not-found') return { outcome: 'gone' };
    if (code === 'changed') return { outcome: 'skipped:overwritten' };
    throw error;
  }
}

/**
 * The announced upload, if it is what its key has now; undefined if the key has another version by now, or
 * none. Without a version id it is the object as it is now, whatever ETag the event carries: the newest is what
 * people want, and its own event will find it copied already.
 */
async function currentUpload(
  { bucket, key, versionId }: ObjectVersion,
  objects: Pick<ObjectReader, 'head'>,
  call: CallOptions,
): Promise<ObjectInfo | undefined> {
  if (versionId === undefined) return objects.head({ bucket, key }, call);
  try {
    const current = await objects.head({ bucket, key }, call);
    return current.versionId === versionId ? current : undefined;
  } catch (error) {
    // That another version is removed or archived says nothing about this one.
    if ((error as { retryable?: unknown }).retryable === false) return undefined;
    throw error;
  }
}

/**
 * Copies the newest version where nothing has been copied yet, in one request; undefined where something has.
 * No look is needed afterwards: later uploads are announced later, and the invocation that copies them finds this
 * copy (docs/decisions/0015-the-newest-upload-wins.md).
 */
async function copyFirst(
  current: ObjectInfo,
  sequencer: string | undefined,
  dependencies: CopyUploadDependencies,
  call: CallOptions,
): Promise<CopyOutcome | undefined> {
  try {
    return await copyMarked(current, sequencer, dependencies, { ...call, onlyIfAbsent: true });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'changed') return undefined;
    throw error;
  }
}

/** Copies exactly this version, unless it or a newer one has been copied. */
async function copyVersion(
  source: ObjectInfo,
  sequencer: string | undefined,
  dependencies: CopyUploadDependencies,
  call: CallOptions,
): Promise<CopyOutcome> {
  const { objects, policy } = dependencies;
  const copied = await currentOf({ bucket: policy.destinationBucket, key: source.key }, objects, call);
  const there = copied === undefined ? undefined : copySource(copied.metadata);
  if (there !== undefined && isCopyOf(source, there)) {
    return { outcome: 'already-copied', sizeBytes: source.sizeBytes, eTag: source.eTag };
  }
  if (there !== undefined && isNewer(there, source.bucket, sequencer))
    return { outcome: 'skipped:superseded' };
  return copyMarked(source, sequencer, dependencies, call);
}

/** Copies exactly this version and marks the copy with it: an overwrite in between has its own event. */
async function copyMarked(
  source: ObjectInfo,
  sequencer: string | undefined,
  { objects, policy }: CopyUploadDependencies,
  options: Pick<WriteOptions, 'signal' | 'onlyIfAbsent'>,
): Promise<CopyOutcome> {
  const { bucket, key, eTag, versionId } = source;
  const metadata = copySourceMetadata({
    bucket,
    eTag,
    ...(versionId === undefined ? {} : { versionId }),
    ...(sequencer === undefined ? {} : { sequencer }),
  });
  const destination = { bucket: policy.destinationBucket, key };
  const copy = await objects.copy(source, destination, { ...options, metadata });
  const dropped = [...source.metadata.keys()].filter((name) => !copy.metadata.has(name));
  return {
    outcome: 'copied',
    sizeBytes: source.sizeBytes,
    eTag: copy.eTag,
    ...(dropped.length === 0 ? {} : { droppedMetadata: dropped }),
  };
}

/**
 * Copies what was uploaded after the version that was copied. Its own event may have been handled between the
 * look at the destination and the copy, which then replaced the newer copy. Whoever copies last looks last, so
 * no lock is needed (docs/decisions/0015-the-newest-upload-wins.md). What is found
 * here has no known sequencer.
 */
async function copyNewer(
  copied: ObjectInfo,
  dependencies: CopyUploadDependencies,
  call: CallOptions,
): Promise<void> {
  const { bucket, key } = copied;
  for (let last = copied; ; ) {
    const current = await currentOf({ bucket, key }, dependencies.objects, call);
    if (current === undefined || isSameVersion(current, last)) return;
    try {
      await copyVersion(current, undefined, dependencies, call);
    } catch (error) {
      // What can never be copied is reported by its own event; what was overwritten or removed is looked at again.
      if ((error as { retryable?: unknown }).retryable !== false) throw error;
    }
    last = current;
  }
}

function reasonToSkip(
  object: { readonly bucket: string; readonly key: string },
  policy: CopyPolicy,
): SkipReason | undefined {
  const { allowedBuckets, destinationBucket, keyPrefix, keySuffix } = policy;
  // A copy onto itself would be announced again, endlessly.
  if (object.bucket === destinationBucket) return 'bucket-not-allowed';
  if (allowedBuckets.size > 0 && !allowedBuckets.has(object.bucket)) return 'bucket-not-allowed';
  if (object.key.endsWith('/')) return 'folder-marker';
  if (!object.key.startsWith(keyPrefix)) return 'prefix';
  if (!isTextKey(object.key, keySuffix)) return 'suffix';
  return undefined;
}

/** The object as it is now; undefined if there is none. */
async function currentOf(
  location: { readonly bucket: string; readonly key: string },
  objects: Pick<ObjectReader, 'head'>,
  call: CallOptions,
): Promise<ObjectInfo | undefined> {
  try {
    return await objects.head(location, call);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not-found') return undefined;
    throw error;
  }
}

function isSameVersion(a: ObjectInfo, b: ObjectInfo): boolean {
  return a.versionId === b.versionId && a.eTag === b.eTag;
}

function isCopyOf(source: ObjectInfo, there: CopySource): boolean {
  return (
    // Without versions the ETag decides; an upload may bring another copy's metadata along.
    (source.versionId === undefined || there.versionId === source.versionId) &&
    there.bucket === source.bucket &&
    there.eTag === source.eTag
  );
}

/**
 * Whether the existing copy is of a later version of the same key: a late event must not bring an older
 * version back.
 */
function isNewer(there: CopySource, bucket: string, sequencer: string | undefined): boolean {
  if (there.sequencer === undefined || sequencer === undefined || there.bucket !== bucket) return false;
  return comparableSequencer(there.sequencer) > comparableSequencer(sequencer);
}
