import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { sendOptions, toAdapterError } from '../errors/index.ts';
import type { ListOptions, ObjectSummary, StoredVersion } from '../ports/index.ts';
import { decodeListedKey, pinnedVersionId, plainETag } from '../rules/index.ts';
import { bucketInput, type S3Context } from './head-object.ts';

/** XML cannot carry every character that a key can have. */
const ENCODED = { EncodingType: 'url' } as const;

/** Lists the current versions of a bucket's objects. */
export async function* listObjects(
  context: S3Context,
  bucket: string,
  { prefix, startAfter, signal }: ListOptions = {},
): AsyncIterable<ObjectSummary> {
  const input = {
    ...bucketInput(context, bucket),
    ...ENCODED,
    ...(prefix === undefined ? {} : { Prefix: prefix }),
    ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
  };
  try {
    for await (const page of paginateListObjectsV2({ client: context.client }, input, sendOptions(signal))) {
      for (const { Key = '', ETag, Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        const key = decodeListedKey(Key, page.EncodingType);
        yield { bucket, key, eTag: plainETag(ETag) ?? '', sizeBytes: Size, lastModified: LastModified };
      }
    }
  } catch (error) {
    throw toAdapterError(error, { operation: `list s3://${bucket}/${prefix ?? ''}`, signal });
  }
}

/** Lists all versions of a bucket's objects, and the delete markers among them. */
export async function* listVersions(
  context: S3Context,
  bucket: string,
  { prefix, signal }: ListOptions = {},
): AsyncIterable<StoredVersion> {
  const input = {
    ...bucketInput(context, bucket),
    ...ENCODED,
    ...(prefix === undefined ? {} : { Prefix: prefix }),
  };
  let next: PageStart | undefined = {};
  try {
    while (next !== undefined) {
      const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({ ...input, ...next });
      const page = await context.client.send(command, sendOptions(signal));
      yield* versionsOf(page, bucket);
      next = nextPage(page);
    }
  } catch (error) {
    throw toAdapterError(error, { operation: `list the versions of s3://${bucket}/${prefix ?? ''}`, signal });
  }
}

/** Where a page of versions begins. */
type PageStart = Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'>;

function nextPage(page: ListObjectVersionsCommandOutput): PageStart | undefined {
  const { IsTruncated, NextKeyMarker, NextVersionIdMarker, EncodingType } = page;
  if (IsTruncated !== true || NextKeyMarker === undefined) return undefined;
  return { KeyMarker: decodeListedKey(NextKeyMarker, EncodingType), VersionIdMarker: NextVersionIdMarker };
}

/**
 * The versions of one page. S3 mixes versions and delete markers in the order of their keys, those of a key from
 * the newest to the oldest; the SDK separates them.
 */
function versionsOf(page: ListObjectVersionsCommandOutput, bucket: string): readonly StoredVersion[] {
  const toVersion = (listed: ListedVersion, deleteMarker: boolean): StoredVersion => {
    const { Key = '', Size = 0, LastModified = new Date(0), IsLatest = false } = listed;
    const versionId = pinnedVersionId(listed.VersionId);
    const eTag = plainETag(listed.ETag);
    return {
      bucket,
      key: decodeListedKey(Key, page.EncodingType),
      ...(versionId === undefined ? {} : { versionId }),
      ...(eTag === undefined ? {} : { eTag }),
      sizeBytes: Size,
      lastModified: LastModified,
      current: IsLatest,
      deleteMarker,
    };
  };
  const versions = (page.Versions ?? []).map((listed) => toVersion(listed, false));
  const markers = (page.DeleteMarkers ?? []).map((listed) => toVersion(listed, true));
  return [...versions, ...markers].sort(
    (a, b) =>
      Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) ||
      Number(b.current) - Number(a.current) ||
      b.lastModified.getTime() - a.lastModified.getTime(),
  );
}

/** A version or a delete marker as the SDK returns it. */
type ListedVersion = Omit<ObjectVersion, 'Owner'>;
