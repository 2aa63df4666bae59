import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  type HeadObjectCommandOutput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { AdapterError, isCoded, sendOptions, toAdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { ObjectInfo, ObjectLocation, ObjectVersion, PutOptions } from '../ports/index.ts';
import { metadataOfCopy, pinnedVersionId, plainETag } from '../rules/index.ts';
import { bucketInput, headObject, type S3Context } from './head-object.ts';
import { decodeMetadata, encodeMetadata, fitsHeader } from './metadata.ts';

/** How large objects are copied. */
export interface CopyPolicy {
  /** Larger objects are copied in parts. S3 copies at most 5 GiB at once. */
  readonly multipartThresholdBytes: number;
  /** Size of a part; grows when an object would need more than 10,000 of them. */
  readonly partBytes: number;
  /** How many parts are copied at once. */
  readonly concurrency: number;
}

/** S3 allows no more parts. */
const MAX_PARTS = 10_000;

/** A copy that is under way: one exact version, and what the new object is to be. */
interface Copy {
  readonly context: S3Context;
  readonly source: ObjectInfo;
  readonly destination: ObjectLocation;
  readonly description: Description;
  readonly tagCount: number;
  readonly signal: AbortSignal | undefined;
}

/** Copies one exact version inside S3: at once, or in parts when it is too large for that. */
export async function copyObject(
  context: S3Context,
  policy: CopyPolicy,
  source: ObjectVersion,
  destination: ObjectLocation,
  options: PutOptions = {},
): Promise<ObjectInfo> {
  const { signal } = options;
  requireKey(destination);
  if (source.bucket === destination.bucket && source.key === destination.key) {
    const problem = `Expected another place to copy to, but source and destination are both s3://${source.bucket}/${source.key}.`;
    throw new AdapterError('invalid', problem, { object: source });
  }
  const { info, output } = await headObject(context, source, signal === undefined ? {} : { signal });
  const description = describe(info, output, options);
  const tagCount = output.TagCount ?? 0;
  const copy: Copy = { context, source: info, destination, description, tagCount, signal };
  try {
    return await make(copy, policy);
  } catch (error) {
    if (!TOO_MUCH_METADATA.has((error as Error).name)) throw explain(error, copy);
  }
  // Other servers than S3 measure otherwise, and the whole header has a limit, too: then without what is not
  // ours.
  const Metadata = encodeMetadata(options.metadata ?? new Map());
  const smaller: Copy = { ...copy, description: { ...description, Metadata } };
  return make(smaller, policy).catch((error: unknown) => {
    throw explain(error, smaller);
  });
}

/** How S3 says that the user metadata, or the header that they are in, is too large. */
const TOO_MUCH_METADATA: ReadonlySet<string> = new Set(['MetadataTooLarge', 'RequestHeaderSectionTooLarge']);

async function make(copy: Copy, policy: CopyPolicy): Promise<ObjectInfo> {
  const isLarge = copy.source.sizeBytes > policy.multipartThresholdBytes;
  return toInfo(copy, await (isLarge ? copyInParts(copy, policy) : copyAtOnce(copy)));
}

/** What a `CopyObject` with `REPLACE`, or a new multipart upload, must be told to carry over. */
interface Description {
  readonly Metadata: Record<string, string>;
  readonly ContentType?: string;
  readonly ContentEncoding?: string;
  readonly ContentDisposition?: string;
  readonly ContentLanguage?: string;
  readonly CacheControl?: string;
  readonly Expires?: Date;
}

function describe(info: ObjectInfo, output: HeadObjectCommandOutput, options: PutOptions): Description {
  const ContentType = options.contentType ?? info.contentType;
  const ContentEncoding = options.contentEncoding ?? info.contentEncoding;
  const { ContentDisposition, ContentLanguage, CacheControl, Expires } = output;
  const texts = { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl };
  // Clients cannot sign a header with other characters, such as the file name in a Content-Disposition may
  // have.
  const kept = Object.entries(texts).filter(([, text]) => text !== undefined && fitsHeader(text));
  return {
    Metadata: encodeMetadata(metadataOfCopy(info.metadata, options.metadata ?? new Map())),
    ...Object.fromEntries(kept),
    ...(Expires === undefined ? {} : { Expires }),
  };
}

/** The members that name the source, pinned to its version, in a copying request. */
function sourceInput({ context, source }: Copy): {
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

/** What a finished copy is known by. */
interface Made {
  readonly eTag: string | undefined;
  readonly versionId: string | undefined;
  readonly lastModified: Date | undefined;
}

async function copyAtOnce(copy: Copy): Promise<Made> {
  const { context, destination, description, signal } = copy;
  const command = new CopyObjectCommand({
    ...bucketInput(context, destination.bucket),
    Key: destination.key,
    ...sourceInput(copy),
    MetadataDirective: 'REPLACE',
    ...description,
  });
  const { CopyObjectResult, VersionId } = await context.client.send(command, sendOptions(signal));
  return { eTag: CopyObjectResult?.ETag, versionId: VersionId, lastModified: CopyObjectResult?.LastModified };
}

async function copyInParts(copy: Copy, policy: CopyPolicy): Promise<Made> {
  const { context, destination, description, signal } = copy;
  const target = { ...bucketInput(context, destination.bucket), Key: destination.key };
  const create = new CreateMultipartUploadCommand({ ...target, ...description, ...(await tagging(copy)) });
  const { UploadId } = await context.client.send(create, sendOptions(signal));
  const upload = { ...target, UploadId };
  try {
    const Parts = await copyParts(copy, policy, upload);
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    const { ETag, VersionId } = await context.client.send(complete, sendOptions(signal));
    return { eTag: ETag, versionId: VersionId, lastModified: undefined };
  } catch (error) {
    // Without the caller's signal: it may be why we are here. A failure to clean up must not hide the first
    // error.
    await context.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** The source's tags: `CopyObject` carries them over by itself, an upload in parts must be told. */
async function tagging({ context, source, tagCount, signal }: Copy): Promise<{ Tagging?: string }> {
  if (tagCount === 0) return {};
  const { versionId } = source;
  const command = new GetObjectTaggingCommand({
    ...bucketInput(context, source.bucket),
    Key: source.key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const { TagSet = [] } = await context.client.send(command, sendOptions(signal));
  return {
    Tagging: String(
      new URLSearchParams(TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])),
    ),
  };
}

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

async function copyParts(copy: Copy, policy: CopyPolicy, upload: Upload): Promise<CompletedPart[]> {
  const { sizeBytes } = copy.source;
  const partBytes = Math.max(policy.partBytes, Math.ceil(sizeBytes / MAX_PARTS));
  const count = Math.ceil(sizeBytes / partBytes);
  const parts: CompletedPart[] = [];
  let next = 0;
  let failed = false;

  async function copyNextParts(): Promise<void> {
    while (next < count && !failed) {
      const index = next++;
      const start = index * partBytes;
      const end = Math.min(start + partBytes, sizeBytes) - 1;
      try {
        parts[index] = await copyPart(copy, upload, index + 1, `bytes=${start}-${end}`);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }

  // Settled, not all: an upload must not be aborted while one of its parts is still being copied.
  const outcomes = await Promise.allSettled(Array.from({ length: policy.concurrency }, copyNextParts));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return parts;
}

async function copyPart(
  copy: Copy,
  upload: Upload,
  PartNumber: number,
  range: string,
): Promise<CompletedPart> {
  const { context, signal } = copy;
  const input = { ...upload, ...sourceInput(copy), CopySourceRange: range, PartNumber };
  const { CopyPartResult } = await context.client.send(new UploadPartCopyCommand(input), sendOptions(signal));
  return { PartNumber, ...(CopyPartResult?.ETag === undefined ? {} : { ETag: CopyPartResult.ETag }) };
}

function toInfo({ context, source, destination, description }: Copy, made: Made): ObjectInfo {
  const { lastModified } = made;
  const versionId = pinnedVersionId(made.versionId);
  return {
    bucket: destination.bucket,
    key: destination.key,
    eTag: plainETag(made.eTag) ?? '',
    sizeBytes: source.sizeBytes,
    lastModified: lastModified ?? context.clock.now(),
    metadata: decodeMetadata(description.Metadata),
    ...(versionId === undefined ? {} : { versionId }),
    ...(description.ContentType === undefined ? {} : { contentType: description.ContentType }),
    ...(description.ContentEncoding === undefined ? {} : { contentEncoding: description.ContentEncoding }),
  };
}

function explain(error: unknown, { source, destination, signal }: Copy): unknown {
  const operation = `copy s3://${source.bucket}/${source.key} to s3://${destination.bucket}/${destination.key}`;
  // The source was there a moment ago, so it is the destination's bucket that is missing: the object is not
  // gone.
  if (!isCoded(error) && (error as Error).name === 'NoSuchBucket') {
    const problem = `Could not ${operation}: the bucket ${destination.bucket} does not exist.`;
    return new AdapterError('invalid', problem, { cause: error, object: destination });
  }
  return toAdapterError(error, { operation, object: source, signal });
}
