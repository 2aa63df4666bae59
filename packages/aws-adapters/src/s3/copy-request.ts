import type { ObjectInfo, ObjectLocation } from '../ports/index.ts';
import type { S3Context } from './head-object.ts';

/** A copy that is under way: one exact version, and what the new object is to be. */
export interface Copy {
  readonly context: S3Context;
  readonly source: ObjectInfo;
  readonly destination: ObjectLocation;
  readonly description: Description;
  readonly tagCount: number;
  readonly onlyIfAbsent: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What a `CopyObject` with `REPLACE`, or a new multipart upload, must be told to carry over. */
export interface Description {
  readonly Metadata: Record<string, string>;
  readonly ContentType?: string;
  readonly ContentEncoding?: string;
  readonly ContentDisposition?: string;
  readonly ContentLanguage?: string;
  readonly CacheControl?: string;
  readonly Expires?: Date;
}

/** What a finished copy is known by. */
export interface Made {
  readonly eTag: string | undefined;
  readonly versionId: string | undefined;
  readonly lastModified: Date | undefined;
}

/**
 * The checksum by which readers check copies. Without it, S3 would keep CRC64NVME, which takes ten times as
 * long in JavaScript as CRC32, which Node computes natively.
 */
export const CHECKSUM: { readonly ChecksumAlgorithm: 'CRC32' } = { ChecksumAlgorithm: 'CRC32' };

/** The member that lets S3 refuse to replace an object. */
export function condition({ onlyIfAbsent }: Copy): { IfNoneMatch?: '*' } {
  return onlyIfAbsent ? { IfNoneMatch: '*' } : {};
}

/** The members that name the source, pinned to its version, in a copying request. */
export function sourceInput({ context, source }: Copy): {
  CopySource: string;
  CopySourceIfMatch: string;
  ExpectedSourceBucketOwner?: string;
} {
  const path = `${source.bucket}/${source.key}`.split('/').map(encodeURIComponent).join('/');
  const version = source.versionId === undefined ? '' : `?versionId=${encodeURIComponent(source.versionId)}`;
  const owner = context.expectedBucketOwner;
  return {
    CopySource: path + version,
    CopySourceIfMatch: `"${source.eTag}"`,
    ...(owner === undefined ? {} : { ExpectedSourceBucketOwner: owner }),
  };
}
