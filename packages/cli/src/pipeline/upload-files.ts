import { createReadStream } from 'node:fs';
import { type AdapterError, isCoded, toAdapterError } from '@org/wordfreq-aws-adapters/errors';
import type {
  Clock,
  ObjectInfo,
  ObjectLocation,
  ObjectReader,
  ObjectWriter,
} from '@org/wordfreq-aws-adapters/ports';
import pMap from 'p-map';
import type { PlannedUpload } from './upload-plan.ts';
import type { AwaitedUpload } from './wait-for-outcomes.ts';

/** What became of one file. */
export type UploadOutcome =
  | { readonly file: PlannedUpload; readonly status: 'uploaded'; readonly object: AwaitedUpload }
  /** The key is taken, and overwriting was not asked for. */
  | { readonly file: PlannedUpload; readonly status: 'exists' }
  | { readonly file: PlannedUpload; readonly status: 'not-uploaded'; readonly error: AdapterError };

/** Where files go, and how. */
export interface UploadFilesOptions {
  readonly objects: Pick<ObjectReader, 'head'> & ObjectWriter;
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

const FILES_AT_ONCE = 4;

/**
 * Uploads files, several at once, large ones in parts. A key that is taken is never overwritten unless that
 * was asked for: S3 itself refuses it (`If-None-Match`), and a look before saves sending the bytes. An upload that
 * is interrupted, or that another's failure ends, leaves no parts behind.
 *
 * @throws what makes every upload fail: a missing bucket, missing permission, no credentials
 */
export async function uploadFiles(options: UploadFilesOptions): Promise<readonly UploadOutcome[]> {
  const { files, onFile } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const outcomes = await pMap(
    files,
    async (file) => {
      const outcome = await uploadFile(file, { ...options, signal });
      if (outcome.status === 'not-uploaded' && failsForAll(outcome.error)) failed.abort(outcome.error);
      else onFile(outcome);
      return outcome;
    },
    { concurrency: FILES_AT_ONCE },
  );
  failed.signal.throwIfAborted();
  return outcomes;
}

/** Whether it is a problem of the bucket, not of the file: the next file would fail, too. */
function failsForAll(error: AdapterError): boolean {
  return error.code === 'not-found' || error.code === 'access-denied';
}

async function uploadFile(file: PlannedUpload, options: UploadFilesOptions): Promise<UploadOutcome> {
  const { bucket, overwrite, clock } = options;
  const place = { bucket, key: file.key };
  const startedAt = clock.now();
  try {
    if (!overwrite && (await exists(place, options))) return { file, status: 'exists' };
    const { eTag, versionId } = await send(file, options);
    const version = versionId === undefined ? {} : { versionId };
    return { file, status: 'uploaded', object: { ...place, eTag, startedAt, ...version } };
  } catch (error) {
    const operation = `upload to s3://${bucket}/${file.key}`;
    const failure = toAdapterError(error, { operation, object: place });
    if (failure.code === 'changed') return { file, status: 'exists' };
    return { file, status: 'not-uploaded', error: failure };
  }
}

async function exists(
  place: ObjectLocation,
  { objects, signal }: Pick<UploadFilesOptions, 'objects' | 'signal'>,
): Promise<boolean> {
  try {
    await objects.head(place, { signal });
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
  { objects, bucket, overwrite, signal, onBytes }: UploadFilesOptions,
): Promise<ObjectInfo> {
  let sent = 0;
  return objects.put({ bucket, key }, bytesOf(path), {
    contentType,
    onlyIfAbsent: !overwrite,
    expectedBytes: sizeBytes,
    signal,
    onProgress(total) {
      onBytes(total - sent);
      sent = total;
    },
  });
}

/** A file's bytes. It is opened when the first of them is needed. */
async function* bytesOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path);
}
