import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { isCoded, withCodedErrors } from '@org/wordfreq-aws-adapters/errors';
import type { CallOptions, ObjectReader } from '@org/wordfreq-aws-adapters/ports';
import {
  type CopySource,
  copySource,
  decodeListedKey,
  pinnedVersionId,
  plainETag,
} from '@org/wordfreq-aws-adapters/rules';

/** One version of an object that is stored, or a mark that it was deleted. */
export interface StoredVersion {
  /** Absent where the bucket has no versions. */
  readonly versionId?: string;
  readonly eTag?: string;
  readonly sizeBytes: number;
  readonly lastModified: Date;
  /** Whether it is what a reader gets who names no version. */
  readonly current: boolean;
  readonly deleteMarker: boolean;
  /** Where the copy Lambda copied it from, by its own note; known of the current version only. */
  readonly source?: CopySource;
}

/**
 * Every stored version of one key, the current one first; of the last thousand. Where versions may not be
 * listed, or the store has none, the current one alone.
 */
export async function storedVersions(
  { s3, objects }: { readonly s3: S3Client; readonly objects: Pick<ObjectReader, 'head'> },
  place: { readonly bucket: string; readonly key: string },
  call: CallOptions = {},
): Promise<readonly StoredVersion[]> {
  const [listing, asking] = await Promise.allSettled([
    listVersions(s3, place, call),
    currentVersion(objects, place, call),
  ]);
  // S3 gives no reason when it refuses to describe an object, but does when it refuses to list.
  if (asking.status === 'rejected') throw listing.status === 'rejected' ? listing.reason : asking.reason;
  const listed = listing.status === 'fulfilled' ? listing.value : nothingIfRefused(listing.reason);
  if (asking.value === undefined) return listed;
  return [asking.value, ...listed.filter(({ current }) => !current)];
}

/** Listing versions is a permission of its own, and not every S3-compatible store can. */
function nothingIfRefused(error: unknown): readonly StoredVersion[] {
  if (isCoded(error) && (error.code === 'access-denied' || error.code === 'invalid')) return [];
  throw error;
}

async function currentVersion(
  objects: Pick<ObjectReader, 'head'>,
  place: { readonly bucket: string; readonly key: string },
  call: CallOptions,
): Promise<StoredVersion | undefined> {
  try {
    const { versionId, eTag, sizeBytes, lastModified, metadata } = await objects.head(place, call);
    const source = copySource(metadata);
    return {
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

async function listVersions(
  s3: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { signal }: CallOptions,
): Promise<readonly StoredVersion[]> {
  const command = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, EncodingType: 'url' });
  const operation = `list the versions of s3://${bucket}/${key}`;
  const answer = await withCodedErrors({ operation, signal }, (send) => s3.send(command, send));
  const found = [
    ...(answer.Versions ?? []).map((version) => ({ ...version, deleteMarker: false })),
    ...(answer.DeleteMarkers ?? []).map((version) => ({ ...version, deleteMarker: true, Size: 0 })),
  ];
  return found
    .filter(({ Key = '' }) => decodeListedKey(Key, answer.EncodingType) === key)
    .map((version) => toStoredVersion(version))
    .sort((a, b) => Number(b.current) - Number(a.current) || +b.lastModified - +a.lastModified);
}

function toStoredVersion(version: {
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
  readonly Size?: number | undefined;
  readonly LastModified?: Date | undefined;
  readonly IsLatest?: boolean | undefined;
  readonly deleteMarker: boolean;
}): StoredVersion {
  const { Size = 0, LastModified = new Date(0), IsLatest = false, deleteMarker } = version;
  const versionId = pinnedVersionId(version.VersionId);
  const eTag = plainETag(version.ETag);
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(eTag === undefined ? {} : { eTag }),
    sizeBytes: Size,
    lastModified: LastModified,
    current: IsLatest,
    deleteMarker,
  };
}
