import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { escapeText, isTextKey, textSuffixes } from '@org/wordfreq-aws-adapters/rules';
import pMap from 'p-map';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { durationOption, flag, text } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import { bucketOption, resourceOptions } from '../pipeline/resource-names.ts';
import { type ResultView, resultView } from '../pipeline/result-view.ts';
import {
  printUploads,
  rowOf,
  type UploadOutcome,
  type UploadRow,
  uploadReport,
} from '../pipeline/uploads/upload-files.ts';
import { type PlannedUpload, planUploads } from '../pipeline/uploads/upload-plan.ts';
import { type CameOut, waitForOutcomes } from '../pipeline/uploads/wait-for-outcomes.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { formatNumberOf } from '../terminal/format.ts';
import { startByteProgress, startProgress } from '../terminal/progress.ts';

/** `wordfreq upload`. */
export const uploadCommand: Command = defineCommand({
  description:
    'Large files are uploaded in parts; a terminal shows progress. An existing key is left alone unless --overwrite is given. ' +
    '--wait reads the table of results, never the results queue, so that no other consumer loses a message.',
  arguments: [
    {
      name: 'files',
      summary: 'files, or folders, whose files keep their paths below them',
      variadic: true,
      completes: 'files',
    },
  ],
  options: {
    bucket: bucketOption('uploadingBucket'),
    prefix: text('text', 'put this before each key'),
    overwrite: flag('replace objects whose keys are taken'),
    contentType: text('type', 'Content-Type of each object (default: from the file’s name)'),
    encoding: text('name', 'the files’ encoding, such as windows-1252: convert them to UTF-8'),
    wait: flag('wait until each file has its outcome, and show it'),
    timeout: durationOption('the longest that --wait waits; with 0 it looks once', '10m'),
    ...resourceOptions(
      'processingBucket',
      'resultsTable',
      'jobsQueueUrl',
      'deadLetterQueueUrl',
      'uploadsQueueUrl',
      'uploadsDeadLetterQueueUrl',
    ),
  },
  examples: [
    { line: 'wordfreq upload book.txt --bucket my-uploads', summary: 'upload a file as book.txt' },
    {
      line: 'wordfreq upload texts --prefix 2026/ --wait',
      summary: 'upload a folder, wait for all results, and show them',
    },
    {
      line: 'wordfreq upload old.txt --encoding windows-1252',
      summary: 'convert a text to UTF-8 as it is uploaded',
    },
    {
      line: 'wordfreq upload *.txt --wait --timeout 2m --json | jq .summary',
      summary: 'the same for a program, waiting at most two minutes',
    },
  ],
  failure: 'a key was taken, a file was not uploaded, or with --wait failed or has no outcome yet',
  async run(paths, options, context) {
    return runUpload(paths, options, context);
  },
});

/** The options of `wordfreq upload`. */
interface RunUploadOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly overwrite: boolean;
  readonly contentType?: string | undefined;
  readonly encoding?: string | undefined;
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** How many files without an outcome are looked up, at most, to find out where they are. */
const MAX_EXPLAINED = 20;
const TOP = 10;
const READS_AT_ONCE = 16;

/**
 * `wordfreq upload`: uploads files and, if asked to, waits for their outcomes. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if a file cannot be read or AWS refuses
 */
async function runUpload(
  paths: readonly string[],
  options: RunUploadOptions,
  context: CommandContext,
): Promise<number> {
  const files = await planUploads(paths, {
    ...options,
    onLinks: (folder, count) =>
      context.terminal.note(
        `${escapeText(folder)} has ${formatNumberOf(count, 'link, which is', 'links, which are')} not uploaded; name a file or folder to upload what a link leads to`,
      ),
  });
  const suffix = context.environment['KEY_SUFFIX'] ?? '.txt';
  noteDoubts(files, suffix, options, context);
  const named = { ...options, uploadingBucket: options.bucket };
  return withCloud(
    named,
    context.environment,
    async (cloud) => {
      if (options.wait) cloud.names.get('processingBucket');
      if (options.wait) cloud.names.get('resultsTable');
      const outcomes = await sendAll(cloud, files, options, context);
      const rows = outcomes.map(rowOf);
      if (options.wait) await addResults(cloud, outcomes, rows, suffix, options, context);
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

/** Notes on what will work, but perhaps not as expected. */
function noteDoubts(
  files: readonly PlannedUpload[],
  suffix: string,
  { wait }: RunUploadOptions,
  { terminal }: CommandContext,
): void {
  for (const { path, key, sizeBytes } of files) {
    if (sizeBytes === 0) terminal.note(`${escapeText(path)} is empty; its outcome will be "empty"`);
    if (!wait || isTextKey(key, suffix)) continue;
    const endings = textSuffixes(suffix).join(', ');
    terminal.note(
      `${escapeText(path)} ends with none of ${endings}, so it is uploaded, but not waited for; set KEY_SUFFIX if the workers count other keys`,
    );
  }
}

async function sendAll(
  cloud: Cloud,
  files: readonly PlannedUpload[],
  { overwrite }: RunUploadOptions,
  { terminal, signal }: CommandContext,
): Promise<readonly UploadOutcome[]> {
  const { uploadFiles } = await import('../pipeline/uploads/upload-files.ts');
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = startByteProgress(totalBytes, terminal);
  let done = 0;
  try {
    const outcomes = await uploadFiles({
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
  terminal.note(
    `Interrupted: ${done} of ${formatNumberOf(files.length, 'file was', 'files were')} uploaded; no parts of others are left.`,
  );
  throw signal.reason;
}

/** If every upload failed, the cause is not in the files. */
function requireSome(outcomes: readonly UploadOutcome[]): void {
  const [first] = outcomes;
  if (first?.status === 'not-uploaded' && outcomes.every(({ status }) => status === 'not-uploaded'))
    throw first.error;
}

/** Waits, and completes the rows by outcomes, or by what else is known. */
async function addResults(
  cloud: Cloud,
  outcomes: readonly UploadOutcome[],
  rows: UploadRow[],
  suffix: string,
  { timeout }: RunUploadOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const uploaded = outcomes.flatMap((one) => (one.status === 'uploaded' ? [one.object] : []));
  const uploads = uploaded.filter(({ key }) => isTextKey(key, suffix));
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
      progress?.advance(escapeText(one.upload.key));
    },
  });
  progress?.finish();
  const change = (key: string, facts: Partial<UploadRow>): void => {
    const index = rows.findIndex((row) => row.key === key);
    const row = rows[index];
    if (row !== undefined) rows[index] = { ...row, ...facts };
  };
  for (const { key } of uploaded) if (!isTextKey(key, suffix)) change(key, { notAwaited: true });
  await pMap(came, async (one) => change(one.upload.key, { result: await resultOf(cloud, one) }), {
    concurrency: READS_AT_ONCE,
  });
  const { explainObject } = await import('../pipeline/objects/explain-object.ts');
  for (const [index, { key }] of pending.entries()) {
    const isExplained = index < MAX_EXPLAINED && !signal.aborted;
    change(key, { pending: true, ...(isExplained ? (await explainObject(cloud, { key })).status : {}) });
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
  if (result !== undefined) return resultView(result, TOP);
  throw new CliError(`the result of ${key} was removed while it was read`, {
    exitCode: EXIT_CODES.environment,
    code: 'result-removed',
    hint: 'Find out who deletes from the table; then run wordfreq explain.',
  });
}
