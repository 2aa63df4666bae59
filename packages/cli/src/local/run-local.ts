import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import type { ServedPage } from '@org/wordfreq-worker/page';
import type { CommandContext } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { harmlessText } from '../render/harmless-text.ts';
import { startProgress } from '../render/progress.ts';
import { isFailure, summarize } from '../render/result-report.ts';
import type { Terminal } from '../render/terminal.ts';
import { jsonReport, type LocalReport, textReport } from './local-report.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { type ReadyFile, writeReadyFile } from './ready-file.ts';
import { sampleFiles } from './sample-files.ts';
import { servePipelinePage } from './serve-pipeline-page.ts';
import { type LocalPipeline, startLocalPipeline } from './start-local-pipeline.ts';
import { waitForResults } from './wait-for-results.ts';

/** The options of `wordfreq local`, as the command line gives them. */
export interface LocalOptions {
  /** A folder whose `.txt` files are uploaded first. */
  readonly samples?: string | undefined;
  /** End after the samples, instead of staying up. */
  readonly exit: boolean;
  /** Keep everything in this folder across runs. Default: in memory. */
  readonly dataDir?: string | undefined;
  /** Where to write the variables for other terminals. Default: a fresh file for temporary use. */
  readonly readyFile?: string | undefined;
  readonly port: number;
  readonly awsPort: number;
  readonly dynamodbPort: number;
  readonly workers: number;
  /** Show the workers' logs. */
  readonly verbose: boolean;
  readonly json: boolean;
}

/**
 * `wordfreq local`: the whole pipeline on this machine. Answers the exit code.
 *
 * @throws coded errors for busy ports, missing folders and missing permissions
 */
export async function runLocal(options: LocalOptions, { terminal, signal }: CommandContext): Promise<number> {
  // First what can be wrong with the command line, then what takes time.
  const files = options.samples === undefined ? [] : await sampleFiles(options.samples);
  const pipeline = await start(options, terminal);
  const report = options.json ? jsonReport(terminal) : textReport(terminal);
  let page: ServedPage | undefined;
  let readyFile: ReadyFile | undefined;
  try {
    page = await servePipelinePage(pipeline, options.port);
    const environment = environmentOf(pipeline, page);
    readyFile = await writeReadyFile(options.readyFile, environment);
    const up = { pipeline, page, environment, readyFile };
    report.up(up);
    const complete = files.length === 0 || (await countSamples(pipeline, files, report, terminal, signal));
    if (!options.exit && !signal.aborted) {
      report.waiting(up);
      await tellOfResults(pipeline, report, terminal, signal);
    }
    return complete || signal.aborted ? EXIT_CODES.ok : EXIT_CODES.failed;
  } finally {
    terminal.note('Stopping: workers finish what they have in hand…');
    await readyFile?.remove();
    await page?.close();
    await pipeline.stop();
    terminal.note('Stopped.');
  }
}

function start(options: LocalOptions, terminal: Terminal): Promise<LocalPipeline> {
  return startLocalPipeline({
    ports: { aws: options.awsPort, dynamodb: options.dynamodbPort },
    workers: options.workers,
    onLog: (line) => {
      if (options.verbose) terminal.note(line);
    },
    onProblem: (problem) => terminal.note(terminal.bad(`wordfreq: ${problem}`)),
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
  });
}

function environmentOf(pipeline: LocalPipeline, page: ServedPage): Readonly<Record<string, string>> {
  return {
    ...pipeline.environment,
    WORDFREQ_LOCAL_PAGE: page.url,
    WORDFREQ_LOCAL_PID: String(process.pid),
  };
}

async function countSamples(
  pipeline: LocalPipeline,
  files: Awaited<ReturnType<typeof sampleFiles>>,
  report: LocalReport,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const started = performance.now();
  const uploads = await Promise.all(
    files.map(async (file) => pipeline.upload(file.key, await readFile(file.path))),
  );
  const progress = startProgress('Counting', files.length, terminal);
  const results: StoredResult[] = [];
  const missing = await waitForResults({
    results: pipeline.results,
    bucket: pipeline.resources.processingBucket,
    uploads,
    signal,
    onResult(result) {
      results.push(result);
      progress.advance(harmlessText(result.object.key));
    },
  });
  progress.finish();
  const elapsedMs = performance.now() - started;
  results.sort((a, b) => (a.object.key < b.object.key ? -1 : 1));
  await pipeline.mailbox.waitFor(results.filter(isFailure).length);
  report.samples(results, {
    summary: summarize(results, elapsedMs, missing),
    deadLetters: await readDeadLetters(pipeline.deadLetters),
    mails: pipeline.mailbox.mails,
  });
  return missing.length === 0;
}

async function tellOfResults(
  pipeline: LocalPipeline,
  report: LocalReport,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Set<string>();
  let tell: LocalReport['result'] = () => undefined;
  let isReadable = true;
  while (!signal.aborted) {
    try {
      for await (const result of pipeline.results.list()) {
        if (seen.has(result.jobId)) continue;
        seen.add(result.jobId);
        tell(result);
      }
      // What was there at first is no news.
      tell = (result) => report.result(result);
      isReadable = true;
    } catch (error) {
      // The pipeline goes on; so does this, once the table can be read again.
      if (isReadable)
        terminal.note(terminal.bad(`wordfreq: results cannot be read: ${(error as Error).message}`));
      isReadable = false;
    }
    await delay(1000, undefined, { signal }).catch(() => undefined);
  }
}
