import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import pMap from 'p-map';
import type { CommandContext } from '../command-line/command.ts';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { startByteProgress } from '../render/byte-progress.ts';
import { harmlessText } from '../render/harmless-text.ts';
import { startProgress } from '../render/progress.ts';
import { explainObject } from './explain-object.ts';
import { type Cloud, type OpenCloudOptions, withCloud } from './open-cloud.ts';
import { type ResultView, resultView } from './result-view.ts';
import { type UploadOutcome, uploadFiles } from './upload-files.ts';
import { type PlannedUpload, planUploads } from './upload-plan.ts';
import { printUploads, type UploadRow, uploadReport } from './upload-report.ts';
import { type CameOut, waitForOutcomes } from './wait-for-outcomes.ts';

/** The options of `wordfreq upload`. */
export interface RunUploadOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly overwrite: boolean;
  readonly contentType?: string | undefined;
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** For so many files without an outcome it is found out where they are. */
const MAX_EXPLAINED = 20;
const TOP = 10;
const READS_AT_ONCE = 16;

/**
 * `wordfreq upload`: uploads files and, if asked to, waits for their outcomes. Answers the exit code.
 *
 * @throws CliError, exit code 2 for what is not named, 3 for files that cannot be read and for what AWS refuses
 */
export async function runUpload(
  paths: readonly string[],
  options: RunUploadOptions,
  context: CommandContext,
): Promise<number> {
  const files = await planUploads(paths, options);
  noteDoubts(files, options, context);
  const named = { ...options, uploadingBucket: options.bucket };
  return withCloud(
    named,
    context.environment,
    async (cloud) => {
      if (options.wait) cloud.names.get('processingBucket');
      if (options.wait) cloud.names.get('resultsTable');
      const outcomes = await sendAll(cloud, files, options, context);
      const rows = outcomes.map(rowOf);
      if (options.wait) await addResults(cloud, outcomes, rows, options, context);
      const report = uploadReport(cloud.names.get('uploadingBucket'), rows);
      if (options.json) context.terminal.line(JSON.stringify(report, undefined, 2));
      else printUploads(report, { waited: options.wait }, context.terminal);
      context.signal.throwIfAborted();
      const { taken, notUploaded, failed, pending } = report.summary;
      return taken + notUploaded + failed + (options.wait ? pending : 0) === 0
        ? EXIT_CODES.ok
        : EXIT_CODES.failed;
    },
    { uploadingBucket: '--bucket' },
  );
}

/** What will work, but perhaps not as somebody thinks. */
function noteDoubts(
  files: readonly PlannedUpload[],
  { wait }: RunUploadOptions,
  { terminal }: CommandContext,
): void {
  for (const { path, key, sizeBytes } of files) {
    if (sizeBytes === 0) terminal.note(`${harmlessText(path)} is empty; its outcome will be "empty"`);
    if (wait && !isTextKey(key, '.txt')) {
      const name = harmlessText(key);
      terminal.note(
        `${name} does not end in .txt, .txt.gz or .txt.zst; only such uploads are counted unless the pipeline says otherwise`,
      );
    }
  }
}

async function sendAll(
  cloud: Cloud,
  files: readonly PlannedUpload[],
  { overwrite }: RunUploadOptions,
  { terminal, signal }: CommandContext,
): Promise<readonly UploadOutcome[]> {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = startByteProgress(totalBytes, terminal);
  let done = 0;
  try {
    const outcomes = await uploadFiles({
      s3: cloud.clients.s3,
      objects: cloud.objects,
      bucket: cloud.names.get('uploadingBucket'),
      files,
      overwrite,
      clock: systemClock,
      signal,
      onBytes: (count) => progress.add(count),
      onFile: ({ status }) => {
        if (status === 'uploaded') done += 1;
      },
    });
    if (!signal.aborted) {
      requireSome(outcomes);
      return outcomes;
    }
  } finally {
    progress.stop();
  }
  terminal.note(`Interrupted: ${done} of ${files.length} files were uploaded; no parts of others are left.`);
  throw signal.reason;
}

/** What makes every upload fail is not the files' fault. */
function requireSome(outcomes: readonly UploadOutcome[]): void {
  const [first] = outcomes;
  if (first?.status === 'not-uploaded' && outcomes.every(({ status }) => status === 'not-uploaded'))
    throw first.error;
}

function rowOf(outcome: UploadOutcome): UploadRow {
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
      cure: 'Add --overwrite to replace it, or choose another --prefix.',
    };
  }
  const { code = 'fault', message } = outcome.error as Error & { code?: string };
  return { ...file, status: 'not-uploaded', error: { code, message } };
}

/** Waits, and completes the rows by outcomes, or by what else is known. */
async function addResults(
  cloud: Cloud,
  outcomes: readonly UploadOutcome[],
  rows: UploadRow[],
  { timeout }: RunUploadOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const uploads = outcomes.flatMap((one) => (one.status === 'uploaded' ? [one.object] : []));
  const progress = terminal.watched ? startProgress('Counting', uploads.length, terminal) : undefined;
  const came: CameOut[] = [];
  const pending = await waitForOutcomes({
    results: cloud.results,
    objects: cloud.objects,
    processingBucket: cloud.names.get('processingBucket'),
    uploads,
    timeoutMs: timeout,
    clock: systemClock,
    signal,
    onOutcome(one) {
      came.push(one);
      progress?.advance(harmlessText(one.upload.key));
    },
  });
  progress?.finish();
  const change = (key: string, facts: Partial<UploadRow>): void => {
    const index = rows.findIndex((row) => row.key === key);
    const row = rows[index];
    if (row !== undefined) rows[index] = { ...row, ...facts };
  };
  await pMap(came, async (one) => change(one.upload.key, { result: await resultOf(cloud, one) }), {
    concurrency: READS_AT_ONCE,
  });
  for (const [index, { key }] of pending.entries()) {
    const isExplained = index < MAX_EXPLAINED && !signal.aborted;
    change(key, { pending: true, ...(isExplained ? (await explainObject(cloud, { key })).fate : {}) });
  }
}

async function resultOf(cloud: Cloud, { upload: { key }, version }: CameOut): Promise<ResultView> {
  const { jobId, versionId, eTag } = version;
  const object = {
    bucket: cloud.names.get('processingBucket'),
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(eTag === undefined ? {} : { eTag }),
  };
  const result = await cloud.results.find({ jobId, object });
  if (result === undefined) throw vanished(key);
  return resultView(result, TOP);
}

function vanished(key: string): CliError {
  return new CliError(`the result of ${key} was removed while it was read`, {
    exitCode: EXIT_CODES.environment,
    code: 'result-removed',
    hint: 'Find out who deletes from the table; then run wordfreq explain.',
  });
}
