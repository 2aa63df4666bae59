import { PutObjectCommand, type PutObjectCommandInput, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { sendOptions, toAdapterError, wholeNumber } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type {
  ListOptions,
  ObjectInfo,
  ObjectLocation,
  ObjectStore,
  ObjectSummary,
  WriteOptions,
} from '../ports/index.ts';
import { decodeListedKey, pinnedVersionId, plainETag } from '../rules/index.ts';
import { bucketInput, type S3Context } from './head-object.ts';
import { encodeMetadata } from './metadata.ts';
import { createS3ObjectCopier, type S3ObjectCopierOptions } from './object-copier.ts';
import { type ReadPolicy, readObject } from './read-object.ts';

/** How the store uses S3. */
export interface S3ObjectStoreOptions extends S3ObjectCopierOptions {
  /**
   * How long to wait for the next bytes of a body before its connection counts as broken. Default: 30,000.
   */
  readonly idleTimeoutMs?: number;
  /** Resumptions in a row that may bring no byte. Default: 5. */
  readonly maxResumptions?: number;
  /** Pause before a body is resumed; doubles while no byte comes. Default: 200. */
  readonly resumeDelayMs?: number;
}

const MIB = 1024 * 1024;
/** Larger bodies are put in parts of this size. */
const PUT_AT_ONCE_BYTES = 8 * MIB;

/**
 * Creates an object store over S3. Reads are pinned to one version (by version id, else by ETag) and survive
 * broken connections; copies of any size stay inside S3.
 *
 * The modification time of what `put` and copies in parts answer is this machine's, because S3 does not tell
 * it.
 *
 * @example
 * const store = createS3ObjectStore({ client: new S3Client({}), clock: systemClock });
 * const { bytes } = await store.read({ bucket: 'texts', key: 'a.txt' });
 * for await (const chunk of bytes) counter.push(chunk);
 */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const { client, clock, expectedBucketOwner } = options;
  const context: S3Context = { client, clock, expectedBucketOwner };
  const reading: ReadPolicy = {
    idleTimeoutMs: wholeNumber('idleTimeoutMs', options.idleTimeoutMs ?? 30_000, 1),
    maxResumptions: wholeNumber('maxResumptions', options.maxResumptions ?? 5, 0),
    resumeDelayMs: wholeNumber('resumeDelayMs', options.resumeDelayMs ?? 200, 0),
  };
  return {
    ...createS3ObjectCopier(options),
    read: (object, read) => readObject(context, reading, object, read),
    put: (location, body, put) => putObject(context, location, body, put),
    list: (bucket, list) => listObjects(context, bucket, list),
  };
}

async function putObject(
  context: S3Context,
  location: ObjectLocation,
  body: Uint8Array,
  options: WriteOptions = {},
): Promise<ObjectInfo> {
  const {
    contentType,
    contentEncoding,
    metadata = new Map<string, string>(),
    signal,
    onlyIfAbsent,
  } = options;
  const { bucket, key } = location;
  requireKey(location);
  const input = {
    ...bucketInput(context, bucket),
    Key: key,
    Body: body,
    Metadata: encodeMetadata(metadata),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(onlyIfAbsent === true ? { IfNoneMatch: '*' } : {}),
  };
  try {
    const { ETag, VersionId } = await (body.length > PUT_AT_ONCE_BYTES
      ? putInParts(context, input, signal)
      : context.client.send(new PutObjectCommand(input), sendOptions(signal)));
    const versionId = pinnedVersionId(VersionId);
    return {
      bucket,
      key,
      eTag: plainETag(ETag) ?? '',
      sizeBytes: body.length,
      lastModified: context.clock.now(),
      metadata,
      ...(versionId === undefined ? {} : { versionId }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    };
  } catch (error) {
    throw toAdapterError(error, { operation: `write s3://${bucket}/${key}`, object: location, signal });
  }
}

/** In parts, a large body is not sent from the beginning again when the connection breaks once. */
async function putInParts(
  { client }: S3Context,
  params: PutObjectCommandInput,
  signal: AbortSignal | undefined,
): Promise<{ ETag?: string | undefined; VersionId?: string | undefined }> {
  const upload = new Upload({ client, params, partSize: PUT_AT_ONCE_BYTES });
  const abort = (): void => void upload.abort();
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await upload.done();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function* listObjects(
  context: S3Context,
  bucket: string,
  options: ListOptions = {},
): AsyncIterable<ObjectSummary> {
  const { prefix, startAfter, signal } = options;
  // Encoded, because XML cannot carry every character that a key can have.
  const input = {
    ...bucketInput(context, bucket),
    EncodingType: 'url' as const,
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
