import { createReadStream } from 'node:fs';
import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { isCoded, toAdapterError } from '@org/wordfreq-aws-adapters/errors';
import type { Clock, ObjectReader } from '@org/wordfreq-aws-adapters/ports';
import { pinnedVersionId, plainETag } from '@org/wordfreq-aws-adapters/rules';
import pMap from 'p-map';
import type { PlannedUpload } from './upload-plan.ts';
import type { AwaitedUpload } from './wait-for-outcomes.ts';

/** What became of one file. */
export type UploadOutcome =
  | { readonly file: PlannedUpload; readonly status: 'uploaded'; readonly object: AwaitedUpload }
  /** The key is taken, and overwriting was not asked for. */
  | { readonly file: PlannedUpload; readonly status: 'exists' }
  | { readonly file: PlannedUpload; readonly status: 'not-uploaded'; readonly error: unknown };

/** Where files go, and how. */
export interface UploadFilesOptions {
  readonly s3: S3Client;
  readonly objects: Pick<ObjectReader, 'head'>;
  readonly bucket: string;
  readonly files: readonly PlannedUpload[];
  /** Replace what is there. Default: a key that is taken is left alone. */
  readonly overwrite: boolean;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  /** Called with the number of bytes as they are sent. */
  readonly onBytes: (count: number) => void;
  readonly onFile: (outcome: UploadOutcome) => void;
}

const MIB = 1024 * 1024;
/**
 * Larger files are sent in parts of at least this size, several at once; a part that fails is sent again by
 * itself.
 */
const PART_BYTES = 8 * MIB;
/** S3's limit of parts. */
const MAX_PARTS = 10_000;
const FILES_AT_ONCE = 4;

/**
 * Uploads files, several at once, large ones in parts. A key that is taken is never overwritten unless that
 * was asked for: S3 itself refuses it (`If-None-Match`), and a look before saves sending the bytes. An
 * interrupted upload leaves no parts behind.
 *
 * @throws what makes every upload fail: a missing bucket, missing permission, no credentials
 */
export async function uploadFiles(options: UploadFilesOptions): Promise<readonly UploadOutcome[]> {
  const { files, onFile, signal } = options;
  return pMap(
    files,
    async (file) => {
      const outcome = await uploadFile(file, options);
      onFile(outcome);
      return outcome;
    },
    { concurrency: FILES_AT_ONCE },
  ).catch((error: unknown) => {
    if (signal.aborted) return [];
    throw error;
  });
}

async function uploadFile(file: PlannedUpload, options: UploadFilesOptions): Promise<UploadOutcome> {
  const { bucket, overwrite, objects, clock } = options;
  const place = { bucket, key: file.key };
  const startedAt = clock.now();
  try {
    if (!overwrite && (await exists(objects, place))) return { file, status: 'exists' };
    const { ETag, VersionId } = await send(file, options);
    const versionId = pinnedVersionId(VersionId);
    const version = versionId === undefined ? {} : { versionId };
    return {
      file,
      status: 'uploaded',
      object: { ...place, eTag: plainETag(ETag) ?? '', startedAt, ...version },
    };
  } catch (error) {
    const failure = toAdapterError(error, {
      operation: `upload to s3://${bucket}/${file.key}`,
      object: place,
    });
    if (failure.code === 'changed') return { file, status: 'exists' };
    // These are problems of the bucket, not of the file: the next file would fail, too.
    if (failure.code === 'not-found' || failure.code === 'access-denied') throw failure;
    return { file, status: 'not-uploaded', error: failure };
  }
}

async function exists(
  objects: Pick<ObjectReader, 'head'>,
  place: { readonly bucket: string; readonly key: string },
): Promise<boolean> {
  try {
    await objects.head(place);
    return true;
  } catch (error) {
    // A role that may write need not be allowed to read; whatever else S3 refuses, it explains when the file
    // is sent.
    if (isCoded(error) && !error.retryable) return false;
    throw error;
  }
}

async function send(
  { path, key, sizeBytes, contentType }: PlannedUpload,
  { s3, bucket, overwrite, signal, onBytes }: UploadFilesOptions,
): Promise<{ readonly ETag?: string | undefined; readonly VersionId?: string | undefined }> {
  signal.throwIfAborted();
  const upload = new Upload({
    client: s3,
    params: {
      Bucket: bucket,
      Key: key,
      Body: createReadStream(path),
      ContentType: contentType,
      ...(overwrite ? {} : { IfNoneMatch: '*' }),
    },
    partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS)),
  });
  let sent = 0;
  upload.on('httpUploadProgress', ({ loaded = 0 }) => {
    // Parts end in any order; what counts is the sum.
    onBytes(Math.max(0, loaded - sent));
    sent = Math.max(sent, loaded);
  });
  const abort = (): void => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await upload.done();
  } catch (error) {
    // The library removes the parts too, but later than it says that it was aborted: nobody would wait for it.
    if (signal.aborted && upload.uploadId !== undefined) {
      const parts = { Bucket: bucket, Key: key, UploadId: upload.uploadId };
      await s3.send(new AbortMultipartUploadCommand(parts)).catch(() => undefined);
    }
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
