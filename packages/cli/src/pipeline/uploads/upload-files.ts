import { type AdapterError, isCoded, toAdapterError } from '@org/wordfreq-aws-adapters/errors';
import type {
  Clock,
  ObjectInfo,
  ObjectLocation,
  ObjectReader,
  ObjectWriter,
} from '@org/wordfreq-aws-adapters/ports';
import { escapeText, isFailure } from '@org/wordfreq-aws-adapters/rules';
import pMap from 'p-map';
import { formatBytes, formatCount, padText, wrapItems } from '../../terminal/format.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printResultView, type ResultView } from '../result-view.ts';
import { bytesOf, type PlannedUpload } from './upload-plan.ts';
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
  file: PlannedUpload,
  { objects, bucket, overwrite, signal, onBytes }: UploadFilesOptions,
): Promise<ObjectInfo> {
  const { key, sizeBytes, contentType, encoding } = file;
  let sent = 0;
  return objects.put({ bucket, key }, bytesOf(file), {
    contentType,
    onlyIfAbsent: !overwrite,
    expectedBytes: encoding === undefined ? sizeBytes : MAX_GROWTH * sizeBytes,
    signal,
    onProgress(total) {
      onBytes(total - sent);
      sent = total;
    },
  });
}

/** A byte of another encoding becomes at most this many in UTF-8. */
const MAX_GROWTH = 3;

/** A file, the result of its upload and, with `--wait`, its outcome. */
export interface UploadRow {
  readonly file: string;
  readonly key: string;
  readonly bytes: number;
  readonly status: 'uploaded' | 'exists' | 'not-uploaded';
  readonly eTag?: string;
  readonly versionId?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly result?: ResultView;
  /** Workers will not count it, so nobody waits for its outcome. */
  readonly notAwaited?: boolean;
  /** No outcome came in time; `state` and `meaning` say where it is. */
  readonly pending?: boolean;
  readonly state?: string;
  readonly meaning?: string;
  readonly hint?: string;
}

/** What `wordfreq upload --json` prints; the names are public contract. */
export interface UploadReport {
  readonly bucket: string;
  readonly files: readonly UploadRow[];
  readonly summary: {
    readonly files: number;
    readonly uploaded: number;
    readonly taken: number;
    readonly notUploaded: number;
    readonly bytes: number;
    /** With an outcome that is not a failure. */
    readonly done: number;
    readonly failed: number;
    readonly pending: number;
    readonly notAwaited: number;
  };
}

/** Adds the rows up. */
export function uploadReport(bucket: string, files: readonly UploadRow[]): UploadReport {
  const uploaded = files.filter(({ status }) => status === 'uploaded');
  const failed = files.filter(({ result }) => result !== undefined && isFailure(result.outcome)).length;
  return {
    bucket,
    files,
    summary: {
      files: files.length,
      uploaded: uploaded.length,
      taken: files.filter(({ status }) => status === 'exists').length,
      notUploaded: files.filter(({ status }) => status === 'not-uploaded').length,
      bytes: uploaded.reduce((sum, { bytes }) => sum + bytes, 0),
      done: files.filter(({ result }) => result !== undefined).length - failed,
      failed,
      pending: files.filter(({ pending }) => pending === true).length,
      notAwaited: files.filter(({ notAwaited }) => notAwaited === true).length,
    },
  };
}

/** Prints a line for each file, and totals. */
export function printUploads(
  { bucket, files, summary }: UploadReport,
  { waited }: { readonly waited: boolean },
  terminal: Terminal,
): void {
  const said = new Set<string>();
  for (const row of files) {
    if (row.result === undefined) printRow(row, bucket, said, terminal);
    else printResultView(row.result, terminal);
  }
  const parts = [
    `${formatCount(summary.uploaded)} uploaded, ${formatBytes(summary.bytes)}`,
    ...(summary.taken === 0 ? [] : [`${formatCount(summary.taken)} taken`]),
    ...(summary.notUploaded === 0 ? [] : [`${formatCount(summary.notUploaded)} not uploaded`]),
    ...(waited ? [`${formatCount(summary.done)} done`, `${formatCount(summary.failed)} failed`] : []),
    ...(summary.pending === 0 ? [] : [`${formatCount(summary.pending)} without outcome yet`]),
    ...(summary.notAwaited === 0 ? [] : [`${formatCount(summary.notAwaited)} not waited for`]),
  ];
  for (const line of wrapItems(parts, terminal.columns, ' · ')) terminal.line(terminal.faint(line));
}

/** Longer ones are rare. */
const MOST_STATUS = 'uploaded'.length;

/** Does not repeat texts of earlier rows, which are in `said`. */
function printRow(row: UploadRow, bucket: string, said: Set<string>, terminal: Terminal): void {
  const mark = markOf(row, terminal);
  const status = row.state ?? row.status;
  // There is no room for the bucket beside the name on a narrow screen.
  const place = terminal.columns < 60 ? row.key : `s3://${bucket}/${row.key}`;
  const room = terminal.columns - 4 - Math.max(MOST_STATUS, status.length) - 9;
  terminal.line(
    `${mark} ${padText(escapeText(place), room)}  ${status} ${formatBytes(row.bytes).padStart(8)}`,
  );
  for (const text of [row.error?.message, row.meaning, row.hint]) {
    if (text === undefined || said.has(text)) continue;
    said.add(text);
    for (const line of wrapItems(escapeText(text).split(' '), terminal.columns - 4, ' ')) {
      terminal.line(`    ${terminal.faint(line)}`);
    }
  }
}

function markOf({ status, pending, notAwaited }: UploadRow, { good, bad, doubtful }: Terminal): string {
  if (status !== 'uploaded') return bad('✗');
  if (pending === true) return bad('…');
  return notAwaited === true ? doubtful('!') : good('✔');
}

/** Describes what became of a file. */
export function rowOf(outcome: UploadOutcome): UploadRow {
  const { path, key, sizeBytes } = outcome.file;
  const file = { file: path, key, bytes: sizeBytes };
  if (outcome.status === 'uploaded') {
    const { eTag, versionId } = outcome.object;
    return { ...file, status: 'uploaded', eTag, ...(versionId === undefined ? {} : { versionId }) };
  }
  if (outcome.status === 'exists') {
    return {
      ...file,
      status: 'exists',
      meaning: 'The key is taken; nothing was uploaded.',
      hint: 'Add --overwrite to replace it, or choose another --prefix.',
    };
  }
  const { code = 'fault', message } = outcome.error as Error & { code?: string };
  return { ...file, status: 'not-uploaded', error: { code, message } };
}
