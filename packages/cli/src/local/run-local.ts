import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import type { ServedPage } from '@org/wordfreq-worker/page';
import type { CommandContext } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { harmlessText } from '../render/harmless-text.ts';
import { startProgress } from '../render/progress.ts';
import { isFailure, printResult, printSummary, resultLine, summarize } from '../render/result-report.ts';
import type { Terminal } from '../render/terminal.ts';
import { readDeadLetters } from './read-dead-letters.ts';
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
  readonly port: number;
  readonly awsPort: number;
  readonly dynamodbPort: number;
  readonly workers: number;
  /** Show the workers' logs. */
  readonly verbose: boolean;
}

/**
 * `wordfreq local`: the whole pipeline on this machine. Answers the exit code.
 *
 * @throws coded errors for busy ports, missing folders and missing permissions
 */
export async function runLocal(options: LocalOptions, { terminal, signal }: CommandContext): Promise<number> {
  // First what can be wrong with the command line, then what takes time.
  const files = options.samples === undefined ? [] : await sampleFiles(options.samples);
  const pipeline = await startLocalPipeline({
    ports: { aws: options.awsPort, dynamodb: options.dynamodbPort },
    workers: options.workers,
    onLog: (line) => {
      if (options.verbose) terminal.note(line);
    },
    onProblem: (problem) => terminal.note(terminal.bad(`wordfreq: ${problem}`)),
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
  });
  let page: ServedPage | undefined;
  try {
    page = await servePipelinePage(pipeline, options.port);
    introduce(pipeline, page, terminal);
    const complete = files.length === 0 || (await countSamples(pipeline, files, terminal, signal));
    if (!options.exit && !signal.aborted) await stayUp(pipeline, page, terminal, signal);
    return complete || signal.aborted ? EXIT_CODES.ok : EXIT_CODES.failed;
  } finally {
    terminal.note('Stopping: workers finish what they have in hand…');
    await page?.close();
    await pipeline.stop();
    terminal.note('Stopped.');
  }
}

function introduce({ endpoints }: LocalPipeline, page: ServedPage, terminal: Terminal): void {
  terminal.line(terminal.strong('The pipeline is up on this machine'));
  terminal.line(`  S3, SQS, SNS  ${endpoints.s3}`);
  terminal.line(`  DynamoDB      ${endpoints.dynamodb}`);
  terminal.line(`  Page          ${page.url}`);
  terminal.line();
}

async function countSamples(
  pipeline: LocalPipeline,
  files: Awaited<ReturnType<typeof sampleFiles>>,
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
  for (const result of results) printResult(result, terminal);
  const failures = results.filter(isFailure);
  await pipeline.mailbox.waitFor(failures.length);
  printSummary(
    summarize(results, elapsedMs, missing),
    await readDeadLetters(pipeline.deadLetters),
    pipeline.mailbox.mails,
    terminal,
  );
  return missing.length === 0;
}

async function stayUp(
  pipeline: LocalPipeline,
  page: ServedPage,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  terminal.line();
  terminal.line(terminal.strong('Waiting for more files'));
  terminal.line(`  Drop them on ${page.url}, or`);
  terminal.line(
    `  aws --endpoint-url ${pipeline.endpoints.s3} s3 cp my.txt s3://${pipeline.resources.uploadingBucket}/`,
  );
  terminal.line('  Ctrl-C stops.');
  const seen = new Set<string>();
  for await (const result of pipeline.results.list()) seen.add(result.jobId);
  while (!signal.aborted) {
    for await (const result of pipeline.results.list()) {
      if (seen.has(result.jobId)) continue;
      seen.add(result.jobId);
      terminal.line(resultLine(result, terminal));
    }
    await delay(1000, undefined, { signal }).catch(() => undefined);
  }
}
