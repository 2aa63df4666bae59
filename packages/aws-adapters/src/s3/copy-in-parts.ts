import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { AdapterError, sendOptions } from '../errors/index.ts';
import type { CodedError } from '../ports/index.ts';
import { CHECKSUM, type Copy, condition, type Made, sourceInput } from './copy-request.ts';
import { bucketInput, headObject } from './head-object.ts';

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

/** Returns the size of an object's parts: `least`, or more where there would be too many. */
export function partBytesFor(sizeBytes: number, least: number): number {
  return Math.max(least, Math.ceil(sizeBytes / MAX_PARTS));
}

/** Copies what is too large for one request. */
export async function copyInParts(copy: Copy, policy: CopyPolicy): Promise<Made> {
  const { context, destination, description, signal } = copy;
  const target = { ...bucketInput(context, destination.bucket), Key: destination.key };
  if (copy.onlyIfAbsent) await requireAbsent(copy);
  const create = new CreateMultipartUploadCommand({
    ...target,
    ...description,
    ...CHECKSUM,
    // A checksum of the whole object, because readers cannot check a checksum of parts' checksums.
    ChecksumType: 'FULL_OBJECT',
    ...(await tagging(copy)),
  });
  const { UploadId } = await context.client.send(create, sendOptions(signal));
  const upload = { ...target, UploadId };
  try {
    const Parts = await copyParts(copy, policy, upload);
    const MultipartUpload = { Parts };
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload, ...condition(copy) });
    const { ETag, VersionId } = await context.client.send(complete, sendOptions(signal));
    return { eTag: ETag, versionId: VersionId, lastModified: undefined };
  } catch (error) {
    // Without the caller's signal: it may be why we are here. A failure to clean up must not hide the first
    // error.
    await context.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Checks at the start, so that gigabytes are not copied only to be refused at the end. */
async function requireAbsent({ context, destination, signal }: Copy): Promise<void> {
  const found = await headObject(context, destination, signal === undefined ? {} : { signal }).catch(
    (error: CodedError) => {
      if (error.code === 'not-found') return undefined;
      throw error;
    },
  );
  if (found === undefined) return;
  const problem = `Expected no object at s3://${destination.bucket}/${destination.key}, but there is one.`;
  throw new AdapterError('changed', problem, { object: destination });
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
  const partBytes = partBytesFor(sizeBytes, policy.partBytes);
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
  const { ETag, ChecksumCRC32 } = CopyPartResult ?? {};
  return {
    PartNumber,
    ...(ETag === undefined ? {} : { ETag }),
    ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }),
  };
}
