import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  CallOptions,
  ObjectLister,
  ObjectLocation,
  ObjectReader,
  ObjectVersionLister,
  StoredVersion,
} from '@org/wordfreq-aws-adapters/ports';
import { type CopySource, copySource } from '@org/wordfreq-aws-adapters/rules';

/** A stored version, and where it came from. */
export interface TracedVersion extends StoredVersion {
  /** Where the copy Lambda copied it from, by its own note; known of the current version only. */
  readonly source?: CopySource;
}

/** What of a store is looked at. */
export type VersionSources = Pick<ObjectReader, 'head'> & ObjectLister & ObjectVersionLister;

/** At most this many versions of one key are listed. */
const MAX_VERSIONS = 1000;

/**
 * Returns the stored versions of one key, at most the last thousand, the current one first. If versions may not
 * be listed, or the store keeps none, it is the current one alone.
 *
 * @throws `not-found` if there is no such bucket
 */
export async function storedVersions(
  objects: VersionSources,
  place: ObjectLocation,
  call: CallOptions = {},
): Promise<readonly TracedVersion[]> {
  const [listing, asking] = await Promise.allSettled([
    versionsOf(objects, place, call),
    currentVersion(objects, place, call),
  ]);
  // S3 gives no reason when it refuses to describe an object, but does when it refuses to list.
  if (asking.status === 'rejected') throw listing.status === 'rejected' ? listing.reason : asking.reason;
  const current = asking.value;
  if (listing.status === 'rejected') {
    if (!isRefusal(listing.reason)) throw listing.reason;
    if (current === undefined) await requireBucket(objects, place, call);
  }
  const listed = listing.status === 'fulfilled' ? listing.value : [];
  return current === undefined ? listed : [current, ...listed.filter((version) => !version.current)];
}

async function versionsOf(
  objects: ObjectVersionLister,
  { bucket, key }: ObjectLocation,
  call: CallOptions,
): Promise<readonly StoredVersion[]> {
  const found: StoredVersion[] = [];
  for await (const version of objects.listVersions(bucket, { ...call, prefix: key })) {
    // A key comes before all longer ones that start with it.
    if (version.key !== key || found.length === MAX_VERSIONS) break;
    found.push(version);
  }
  return found;
}

async function currentVersion(
  objects: Pick<ObjectReader, 'head'>,
  place: ObjectLocation,
  call: CallOptions,
): Promise<TracedVersion | undefined> {
  try {
    const { versionId, eTag, sizeBytes, lastModified, metadata } = await objects.head(place, call);
    const source = copySource(metadata);
    return {
      ...place,
      ...(versionId === undefined ? {} : { versionId }),
      eTag,
      sizeBytes,
      lastModified,
      current: true,
      deleteMarker: false,
      ...(source === undefined ? {} : { source }),
    };
  } catch (error) {
    if (isCoded(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Listing versions is a permission of its own, and not every S3-compatible store can. */
function isRefusal(error: unknown): boolean {
  return isCoded(error) && (error.code === 'access-denied' || error.code === 'invalid');
}

/**
 * A missing key is a result, a missing bucket is an error, and only a request about the bucket tells them apart.
 */
async function requireBucket(
  objects: ObjectLister,
  { bucket, key }: ObjectLocation,
  call: CallOptions,
): Promise<void> {
  try {
    await objects
      .list(bucket, { ...call, prefix: key })
      [Symbol.asyncIterator]()
      .next();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
