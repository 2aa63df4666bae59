import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectInfo, ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { escapeText, isFailure, isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { CliError, EXIT_CODES } from '../errors.ts';
import { readDeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import { startProgress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type LocalReport, summarize } from './report.ts';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** A file to upload, and the key it gets. */
export interface SampleFile {
  readonly path: string;
  /** The path below the folder, with `/` on every platform. */
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * The `.txt` files below a folder, compressed ones (`.txt.gz`, `.txt.zst`) included, in the order of their
 * keys.
 *
 * @throws CliError, exit code 3: the folder is missing, is not a folder, cannot be read, or holds no `.txt`
 * file
 */
export async function sampleFiles(folder: string): Promise<readonly SampleFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unreadable(folder, error);
  });
  const texts = entries.filter((entry) => entry.isFile() && isTextKey(entry.name, '.txt'));
  if (texts.length === 0) {
    throw new CliError(`no .txt file in ${folder}`, {
      exitCode: EXIT_CODES.environment,
      hint: 'Name a folder with .txt files: --samples <folder>',
    });
  }
  const files = texts.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const key = relative(folder, path).split(sep).join('/');
    return { path, key, sizeBytes: (await stat(path)).size };
  });
  return (await Promise.all(files)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'cannot be read: permission denied',
};

function unreadable(folder: string, error: NodeJS.ErrnoException): CliError {
  return new CliError(`the folder ${folder} ${REASONS[error.code ?? ''] ?? error.message}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Name a folder with .txt files: --samples <folder>',
    cause: error,
  });
}

/** Which results to wait for, and how. */
interface WaitForResultsOptions {
  readonly results: Pick<ResultStore, 'history'>;
  /** The bucket that the workers read. */
  readonly bucket: string;
  /** What was uploaded; the copies have the same keys. */
  readonly uploads: readonly ObjectInfo[];
  /** Called once for each upload, in the order in which they finish. */
  readonly onResult: (result: StoredResult) => void;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
  /** How long to wait without any new result. Default: 120,000. */
  readonly patienceMs?: number;
}

/**
 * Waits until each upload has its outcome, and returns the keys that still have none when the time is up.
 * It reads the result store and leaves the results queue to its consumers.
 */
export async function waitForResults(options: WaitForResultsOptions): Promise<readonly string[]> {
  const { results, bucket, onResult, signal, patienceMs = 120_000 } = options;
  const pending = new Map(options.uploads.map((upload) => [upload.key, upload]));
  let lastProgress = performance.now();
  while (pending.size > 0 && !signal.aborted && performance.now() - lastProgress < patienceMs) {
    for (const [key, upload] of pending) {
      const history = await results.history(bucket, key);
      const result = history.find((candidate) => isOfUpload(candidate, upload));
      if (result === undefined) continue;
      pending.delete(key);
      lastProgress = performance.now();
      onResult(result);
    }
    if (pending.size > 0) await delay(100, undefined, { signal }).catch(() => undefined);
  }
  return [...pending.keys()];
}

/** The ETag of an object that was uploaded in parts, which says how many; that of its copy is another. */
const OF_PARTS = /-\d+$/;

function isOfUpload({ object, lastModified, finishedAt }: StoredResult, upload: ObjectInfo): boolean {
  if (object.eTag === upload.eTag) return true;
  if (!OF_PARTS.test(upload.eTag)) return false;
  // S3 tells whole seconds.
  const uploadedAt = upload.lastModified.getTime() - upload.lastModified.getMilliseconds();
  return (lastModified ?? finishedAt).getTime() >= uploadedAt;
}

/** Uploads sample files. */
export function uploadSamples(
  pipeline: Pick<LocalPipeline, 'upload'>,
  files: readonly SampleFile[],
): Promise<readonly ObjectInfo[]> {
  return Promise.all(files.map(async (file) => pipeline.upload(file.key, await readFile(file.path))));
}

/** The outcomes of the samples. */
export interface CountedSamples {
  /** Whether every sample has an outcome. */
  readonly complete: boolean;
  readonly results: readonly StoredResult[];
}

/** How samples are counted. */
export interface CountSamplesOptions {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** When this run began: results from before are of an earlier one. */
  readonly since: Date;
}

/** Sends sample files through a pipeline, and reports on them. */
export async function countSamples(
  pipeline: LocalPipeline,
  files: readonly SampleFile[],
  report: LocalReport,
  { terminal, signal, since }: CountSamplesOptions,
): Promise<CountedSamples> {
  const started = performance.now();
  const uploads = await uploadSamples(pipeline, files);
  const progress = startProgress('Counting', files.length, terminal);
  const results: StoredResult[] = [];
  const missing = await waitForResults({
    results: pipeline.results,
    bucket: pipeline.resources.processingBucket,
    uploads,
    signal,
    onResult(result) {
      results.push(result);
      progress.advance(escapeText(result.object.key));
    },
  });
  progress.finish();
  // Somebody who stops before the first result needs no summary of zeros.
  if (signal.aborted && results.length === 0) return { complete: false, results };
  const elapsedMs = performance.now() - started;
  results.sort((a, b) => (a.object.key < b.object.key ? -1 : 1));
  await pipeline.mailbox.waitFor(results.filter(({ outcome }) => isFailure(outcome)).length);
  report.samples(results, {
    summary: summarize(results, { elapsedMs, missing, since }),
    deadLetters: await readDeadLetters(pipeline.deadLetters),
    mails: pipeline.mailbox.mails,
  });
  return { complete: missing.length === 0, results };
}
