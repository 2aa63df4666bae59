import type {
  CallOptions,
  ObjectCopier,
  ObjectEvent,
  ObjectInfo,
  ObjectReader,
} from '@org/wordfreq-aws-adapters/ports';
import { comparableSequencer, isTextKey } from '@org/wordfreq-aws-adapters/rules';

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

/** The metadata that names the source of a copy; the names are public contract. */
const SOURCE_BUCKET = 'source-bucket';
const SOURCE_VERSION_ID = 'source-version-id';
const SOURCE_ETAG = 'source-etag';
const SOURCE_SEQUENCER = 'source-sequencer';

/**
 * Copies one upload to the processing bucket, inside S3, under the same key, and marks the copy with its
 * source. A repeated event copies once: the existing copy says which version it is of.
 *
 * @throws what {@link ObjectCopier.copy} throws, except `not-found` and `changed`, which are outcomes
 */
export async function copyUpload(
  event: Extract<ObjectEvent, { kind: 'created' }>,
  { objects, policy }: CopyUploadDependencies,
  call: CallOptions = {},
): Promise<CopyOutcome> {
  const { object, sequencer } = event;
  const skip = reasonToSkip(object, policy);
  if (skip !== undefined) return { outcome: `skipped:${skip}` };
  try {
    // Without a version id the object as it is now is copied, whatever ETag the event carries: the newest is
    // what people want, and its own event will find it copied already.
    const { bucket, key, versionId } = object;
    const source = await objects.head(
      versionId === undefined ? { bucket, key } : { bucket, key, versionId },
      call,
    );
    const destination = { bucket: policy.destinationBucket, key: object.key };
    const there = await metadataOf(destination, objects, call);
    if (there !== undefined && isCopyOf(source, there)) {
      return { outcome: 'already-copied', sizeBytes: source.sizeBytes, eTag: source.eTag };
    }
    if (there !== undefined && isNewer(there, source.bucket, sequencer))
      return { outcome: 'skipped:superseded' };
    const metadata = new Map([
      [SOURCE_BUCKET, source.bucket],
      [SOURCE_ETAG, source.eTag],
      ...(source.versionId === undefined ? [] : [[SOURCE_VERSION_ID, source.versionId] as const]),
      ...(sequencer === undefined ? [] : [[SOURCE_SEQUENCER, sequencer] as const]),
    ]);
    // Pinned to the version that was described: an overwrite in between has its own event.
    const copy = await objects.copy(source, destination, { ...call, metadata });
    const dropped = [...source.metadata.keys()].filter((name) => !copy.metadata.has(name));
    return {
      outcome: 'copied',
      sizeBytes: source.sizeBytes,
      eTag: copy.eTag,
      ...(dropped.length === 0 ? {} : { droppedMetadata: dropped }),
    };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'not-found') return { outcome: 'gone' };
    if (code === 'changed') return { outcome: 'skipped:overwritten' };
    throw error;
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

/** The source of the object at the destination; undefined if there is no object. */
async function metadataOf(
  destination: { readonly bucket: string; readonly key: string },
  objects: Pick<ObjectReader, 'head'>,
  call: CallOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return (await objects.head(destination, call)).metadata;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not-found') return undefined;
    throw error;
  }
}

function isCopyOf(source: ObjectInfo, there: ReadonlyMap<string, string>): boolean {
  return (
    // Without versions the ETag decides; an upload may bring another copy's metadata along.
    (source.versionId === undefined || there.get(SOURCE_VERSION_ID) === source.versionId) &&
    there.get(SOURCE_BUCKET) === source.bucket &&
    there.get(SOURCE_ETAG) === source.eTag
  );
}

/**
 * Whether the existing copy is of a later version of the same key: a late event must not bring an older
 * version back.
 */
function isNewer(there: ReadonlyMap<string, string>, bucket: string, sequencer: string | undefined): boolean {
  const theirs = there.get(SOURCE_SEQUENCER);
  if (theirs === undefined || sequencer === undefined || there.get(SOURCE_BUCKET) !== bucket) return false;
  return comparableSequencer(theirs) > comparableSequencer(sequencer);
}
