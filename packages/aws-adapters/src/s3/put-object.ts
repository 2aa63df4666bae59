import { once } from 'node:events';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { sendOptions, toAdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { ObjectInfo, ObjectLocation, PutBody, WriteOptions } from '../ports/index.ts';
import { pinnedVersionId, plainETag } from '../rules/index.ts';
import { partBytesFor } from './copy-in-parts.ts';
import { bucketInput, type S3Context } from './head-object.ts';
import { encodeMetadata } from './metadata.ts';

const MIB = 1024 * 1024;
/** Larger bodies are put in parts of at least this size, four at once; a part that fails is sent again by itself. */
const PART_BYTES = 8 * MIB;

/** Stores a body at once, or in parts if it is large. */
export async function putObject(
  context: S3Context,
  location: ObjectLocation,
  body: PutBody,
  options: WriteOptions = {},
): Promise<ObjectInfo> {
  const { contentType, contentEncoding, metadata = new Map<string, string>(), signal } = options;
  const { bucket, key } = location;
  requireKey(location);
  const input = {
    ...bucketInput(context, bucket),
    Key: key,
    Metadata: encodeMetadata(metadata),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(options.onlyIfAbsent === true ? { IfNoneMatch: '*' } : {}),
  };
  const source = body instanceof Uint8Array ? undefined : new ObservedBody(body, signal);
  try {
    signal?.throwIfAborted();
    const { ETag, VersionId } = await (body instanceof Uint8Array && body.length <= PART_BYTES
      ? putAtOnce(context, { ...input, Body: body }, options)
      : putInParts(context, { ...input, Body: source?.stream ?? (body as Uint8Array) }, options));
    const versionId = pinnedVersionId(VersionId);
    return {
      bucket,
      key,
      eTag: plainETag(ETag) ?? '',
      sizeBytes: source?.bytes ?? (body as Uint8Array).length,
      lastModified: context.clock.now(),
      metadata,
      ...(versionId === undefined ? {} : { versionId }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    };
  } catch (error) {
    if (source?.failure !== undefined && signal?.aborted !== true) throw source.failure.error;
    throw toAdapterError(error, { operation: `write s3://${bucket}/${key}`, object: location, signal });
  } finally {
    await source?.close();
  }
}

/** What S3 returns for a stored object. */
interface Stored {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}

async function putAtOnce(
  { client }: S3Context,
  input: PutObjectCommandInput & { readonly Body: Uint8Array },
  { signal, onProgress }: WriteOptions,
): Promise<Stored> {
  const stored = await client.send(new PutObjectCommand(input), sendOptions(signal));
  if (input.Body.length > 0) onProgress?.(input.Body.length);
  return stored;
}

/** In parts, a large body is not sent from the beginning again when the connection breaks once. */
async function putInParts(
  { client }: S3Context,
  params: PutObjectCommandInput & { readonly Body: Uint8Array | Readable },
  { signal, expectedBytes, onProgress }: WriteOptions,
): Promise<Stored> {
  const { Body } = params;
  const bytes = Body instanceof Uint8Array ? Body.length : (expectedBytes ?? 0);
  const partSize = partBytesFor(bytes, PART_BYTES);
  const upload = new Upload({ client: interruptible(client, signal), params, partSize });
  let sent = 0;
  upload.on('httpUploadProgress', ({ loaded = 0 }) => {
    if (loaded <= sent) return;
    sent = loaded;
    onProgress?.(sent);
  });
  return upload.done();
}

/**
 * The same client, whose requests end when the signal fires. So an interrupted upload fails like any other, and
 * the library removes its parts before it rejects; after its own `abort` it would do so later, and nobody could
 * wait for that. The requests that create the upload, whose id is needed to remove its parts, and that remove the
 * parts are not interrupted.
 */
function interruptible(client: S3Client, signal: AbortSignal | undefined): S3Client {
  const send: S3Client['send'] = (command: Parameters<S3Client['send']>[0]) =>
    client.send(
      command,
      command instanceof CreateMultipartUploadCommand || command instanceof AbortMultipartUploadCommand
        ? {}
        : sendOptions(signal),
    );
  return Object.create(client, { send: { value: send } }) as S3Client;
}

/** A body that is read chunk by chunk: its bytes are counted, and its own failure is remembered. */
class ObservedBody {
  /** What the library reads. */
  readonly stream: Readable;
  bytes = 0;
  failure: { readonly error: unknown } | undefined;

  constructor(body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
    this.stream = Readable.from(this.#observe(body, signal), { objectMode: false });
  }

  async *#observe(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        signal?.throwIfAborted();
        this.bytes += chunk.length;
        if (chunk.length > 0) yield chunk;
      }
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  /** Closes the iterator of the body, and waits until it is closed. */
  async close(): Promise<void> {
    if (this.stream.closed) return;
    const closed = once(this.stream, 'close');
    this.stream.destroy();
    await closed;
  }
}
