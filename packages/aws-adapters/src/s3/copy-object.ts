import { CopyObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { AdapterError, isCoded, sendOptions, toAdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { ObjectInfo, ObjectLocation, ObjectVersion, PutOptions, WriteOptions } from '../ports/index.ts';
import { metadataOfCopy, pinnedVersionId, plainETag } from '../rules/index.ts';
import { type CopyPolicy, copyInParts } from './copy-in-parts.ts';
import { CHECKSUM, type Copy, condition, type Description, type Made, sourceInput } from './copy-request.ts';
import { bucketInput, type HeadAnswer, headObject, type S3Context } from './head-object.ts';
import { decodeMetadata, encodeMetadata, fitsHeader } from './metadata.ts';

/**
 * Copies one exact version inside S3: at once, or in parts when it is too large for that. A version that was
 * described already is not described again.
 */
export async function copyObject(
  context: S3Context,
  policy: CopyPolicy,
  asked: ObjectVersion | HeadAnswer,
  destination: ObjectLocation,
  options: WriteOptions = {},
): Promise<ObjectInfo> {
  const { signal, onlyIfAbsent = false } = options;
  const source = 'output' in asked ? asked.info : asked;
  requireKey(destination);
  if (source.bucket === destination.bucket && source.key === destination.key) {
    const problem = `Expected another place to copy to, but source and destination are both s3://${source.bucket}/${source.key}.`;
    throw new AdapterError('invalid', problem, { object: source });
  }
  const { info, output } =
    'output' in asked ? asked : await headObject(context, source, signal === undefined ? {} : { signal });
  const description = describe(info, output, options);
  const tagCount = output.TagCount ?? 0;
  const copy: Copy = { context, source: info, destination, description, tagCount, onlyIfAbsent, signal };
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

async function copyAtOnce(copy: Copy): Promise<Made> {
  const { context, destination, description, signal } = copy;
  const command = new CopyObjectCommand({
    ...bucketInput(context, destination.bucket),
    Key: destination.key,
    ...sourceInput(copy),
    MetadataDirective: 'REPLACE',
    ...CHECKSUM,
    ...condition(copy),
    ...description,
  });
  const { CopyObjectResult, VersionId } = await context.client.send(command, sendOptions(signal));
  return { eTag: CopyObjectResult?.ETag, versionId: VersionId, lastModified: CopyObjectResult?.LastModified };
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

function explain(error: unknown, { source, destination, onlyIfAbsent, signal }: Copy): unknown {
  const operation = `copy s3://${source.bucket}/${source.key} to s3://${destination.bucket}/${destination.key}`;
  // The source was there a moment ago, so it is the destination's bucket that is missing: the object is not
  // gone.
  if (!isCoded(error) && (error as Error).name === 'NoSuchBucket') {
    const problem = `Could not ${operation}: the bucket ${destination.bucket} does not exist.`;
    return new AdapterError('invalid', problem, { cause: error, object: destination });
  }
  // Bucket policies can make S3 refuse the condition, and not every S3-compatible server knows it.
  if (onlyIfAbsent && (error as Error).name === 'NotImplemented') {
    const problem = `Could not ${operation}: S3 does not accept the condition that there is no object yet.`;
    return new AdapterError('changed', problem, { cause: error, object: destination });
  }
  return toAdapterError(error, { operation, object: source, signal });
}
