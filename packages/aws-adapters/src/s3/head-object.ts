import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { AdapterError, sendOptions, toAdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { CallOptions, Clock, ObjectInfo, ObjectVersion } from '../ports/index.ts';
import { pinnedVersionId, plainETag } from '../rules/index.ts';
import { decodeMetadata } from './metadata.ts';

/** What every call of the store needs. */
export interface S3Context {
  readonly client: S3Client;
  readonly clock: Clock;
  readonly expectedBucketOwner: string | undefined;
}

/** The members that name a bucket in a request, with its owner where one is expected. */
export function bucketInput(
  context: S3Context,
  bucket: string,
): { Bucket: string; ExpectedBucketOwner?: string } {
  const { expectedBucketOwner } = context;
  return {
    Bucket: bucket,
    ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
  };
}

/** The members that pin one version of one object in a request. */
export function versionInput(
  context: S3Context,
  object: ObjectVersion,
): ReturnType<typeof bucketInput> & { Key: string; VersionId?: string; IfMatch?: string } {
  requireKey(object);
  const { bucket, key, versionId, eTag } = object;
  const pin =
    versionId === undefined ? (eTag === undefined ? {} : { IfMatch: `"${eTag}"` }) : { VersionId: versionId };
  return { ...bucketInput(context, bucket), Key: key, ...pin };
}

/** What S3 says about an object in its responses to `HEAD` and `GET`. */
interface S3Description {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

/**
 * Turns an answer into facts about one object version.
 *
 * @throws `changed` when the store answered with another version than was asked for: some S3-compatible
 * servers ignore `If-Match`
 */
export function toObjectInfo(object: ObjectVersion, answer: S3Description): ObjectInfo {
  const eTag = plainETag(answer.ETag) ?? '';
  if (object.versionId === undefined && object.eTag !== undefined && object.eTag !== eTag) {
    const problem = `Expected ETag ${object.eTag} of s3://${object.bucket}/${object.key}, but it is ${eTag} now.`;
    throw new AdapterError('changed', problem, { object });
  }
  const { VersionId, ContentType, ContentEncoding, StorageClass } = answer;
  const versionId = object.versionId ?? pinnedVersionId(VersionId);
  return {
    bucket: object.bucket,
    key: object.key,
    eTag,
    sizeBytes: totalBytes(answer),
    lastModified: answer.LastModified ?? new Date(0),
    metadata: decodeMetadata(answer.Metadata),
    ...(versionId === undefined ? {} : { versionId }),
    ...(ContentType === undefined ? {} : { contentType: ContentType }),
    ...(ContentEncoding === undefined || ContentEncoding === '' ? {} : { contentEncoding: ContentEncoding }),
    ...(StorageClass === undefined ? {} : { storageClass: StorageClass }),
  };
}

/** The whole object's size, also when only a range of it came: `Content-Range: bytes 3-5/10`. */
function totalBytes({ ContentRange, ContentLength }: S3Description): number {
  const total = ContentRange === undefined ? undefined : /\/(\d+)$/.exec(ContentRange)?.[1];
  return total === undefined ? (ContentLength ?? 0) : Number(total);
}

/** Storage classes whose objects cannot be read until they are restored. */
const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** What is known about an object, and S3's own answer with what the port has no name for. */
export interface HeadAnswer {
  readonly info: ObjectInfo;
  readonly output: HeadObjectCommandOutput;
}

/** Describes one object version, and refuses one that cannot be read. */
export async function headObject(
  context: S3Context,
  object: ObjectVersion,
  { signal }: CallOptions = {},
): Promise<HeadAnswer> {
  const operation = `describe s3://${object.bucket}/${object.key}`;
  try {
    const command = new HeadObjectCommand(versionInput(context, object));
    const output = await context.client.send(command, sendOptions(signal));
    const info = toObjectInfo(object, output);
    refuseArchived(info, output);
    return { info, output };
  } catch (error) {
    throw toAdapterError(error, { operation, object, signal });
  }
}

function refuseArchived(info: ObjectInfo, output: HeadObjectCommandOutput): void {
  const archive = output.ArchiveStatus ?? info.storageClass;
  const archived = output.ArchiveStatus !== undefined || (archive !== undefined && ARCHIVES.has(archive));
  if (!archived || output.Restore?.includes('ongoing-request="false"') === true) return;
  const advice = `Expected a readable object, but s3://${info.bucket}/${info.key} is archived (${archive}). Restore it first.`;
  throw new AdapterError('archived', advice, { object: info });
}
