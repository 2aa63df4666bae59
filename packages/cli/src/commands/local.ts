import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServedPage } from '@org/wordfreq-worker/page';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { flag, port, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { type ReadyFile, writeReadyFile } from '../local/ready-file.ts';
import { jsonReport, type LocalReport, reportResults, textReport } from '../local/report.ts';
import { countSamples, type SampleFile, sampleFiles, uploadSamples } from '../local/samples.ts';
import type { LocalPipeline } from '../local/start-local-pipeline.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq local`. */
export const localCommand: Command = defineCommand({
  description:
    'The file of --ready-file exists while the pipeline is up. In a shell that has sourced it (. file), the other commands and every ' +
    'AWS SDK use this pipeline. --json prints a line for each event; the first has the type "up".',
  options: {
    samples: text('folder', 'upload the .txt files of a folder first', { completes: 'folders' }),
    exit: flag('end once the samples are counted'),
    dataDir: text('folder', 'keep objects, queues and results in a folder (default: in memory)', {
      completes: 'folders',
    }),
    readyFile: text(
      'file',
      'once everything is up, write the variables for other terminals here (default: a new file)',
      {
        completes: 'files',
      },
    ),
    detach: flag('run in the background, and print the variables once everything is up'),
    port: port('port of the page', 4000),
    awsPort: port('port of S3, SQS and SNS', 4566),
    dynamodbPort: port('port of DynamoDB', 8000),
    workers: wholeNumber('number', 'how many worker processes', { min: 0, max: 64, default: 2 }),
    verbose: flag('show the logs of the copy handler and the workers'),
  },
  examples: [
    { line: 'wordfreq local', summary: 'stay up and wait for files' },
    {
      line: 'wordfreq local --samples texts --exit',
      summary: 'count a folder’s texts through the pipeline, then end',
    },
    { line: 'wordfreq local --data-dir .wordfreq', summary: 'keep everything for the next run' },
    {
      line: 'eval "$(wordfreq local --detach)"; npm test; kill "$WORDFREQ_LOCAL_PID"',
      summary: 'in the background, for tests of your own',
    },
  ],
  failure: 'a file got no outcome',
  async run(_, options, context) {
    if (options.detach) {
      return runDetached(options, context);
    }
    return runLocal(options, context);
  },
});

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
 * `wordfreq local`: the whole pipeline on this machine. Returns the exit code.
 *
 * @throws coded errors for busy ports, missing folders and missing permissions
 */
export async function runLocal(
  options: LocalOptions,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): Promise<number> {
  // Check the command line before doing what takes time.
  if (options.workers === 0 && options.exit) throw nobodyCounts();
  const files = options.samples === undefined ? [] : await sampleFiles(options.samples);
  const pipeline = await start(options, terminal);
  const report = options.json ? jsonReport(terminal) : textReport(terminal);
  let page: ServedPage | undefined;
  let readyFile: ReadyFile | undefined;
  let isUp = false;
  try {
    const { servePipelinePage } = await import('../local/serve-pipeline-page.ts');
    page = await servePipelinePage(pipeline, options.port);
    const environment = environmentOf(pipeline, page);
    readyFile = await writeReadyFile(options.readyFile, environment);
    const up = { pipeline, page, environment, readyFile };
    report.up(up);
    isUp = true;
    const complete = await count(pipeline, files, options, report, { terminal, signal });
    if (!options.exit && !signal.aborted) {
      report.waiting(up);
      await reportResults(pipeline, report, terminal, signal);
    }
    return complete || signal.aborted ? EXIT_CODES.ok : EXIT_CODES.failed;
  } finally {
    // If the start failed, its reason should be the last line.
    if (isUp) terminal.note('Stopping: workers finish the jobs that they have started…');
    await readyFile?.remove();
    await page?.close();
    await pipeline.stop();
    if (isUp) terminal.note('Stopped.');
  }
}

/** With `--exit` it would wait for results that nobody makes. */
function nobodyCounts(): CliError {
  return new CliError('--exit needs at least one worker, but --workers is 0', {
    exitCode: EXIT_CODES.usage,
    code: 'no-workers',
    hint: 'Leave one of them out; without --exit, workers of your own can be started with wordfreq worker.',
  });
}

/** Counts samples, and returns whether each got its outcome. The user's own workers may start at any time, or never. */
async function count(
  pipeline: LocalPipeline,
  files: readonly SampleFile[],
  { workers }: LocalOptions,
  report: LocalReport,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): Promise<boolean> {
  if (workers === 0) {
    terminal.note('No worker runs (--workers 0). Start one in another terminal: wordfreq worker');
    await uploadSamples(pipeline, files);
    return true;
  }
  return files.length === 0 || countSamples(pipeline, files, report, terminal, signal);
}

async function start(options: LocalOptions, terminal: Terminal): Promise<LocalPipeline> {
  // Loads the AWS SDK and the embedded servers.
  const { startLocalPipeline } = await import('../local/start-local-pipeline.ts');
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

/** How long the pipeline may take to come up on a busy machine. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** How many of the log's last lines are shown if the pipeline does not come up. */
const TOLD_LINES = 3;

/**
 * `wordfreq local --detach`: starts the same command in the background, waits until everything is up, and
 * prints the commands that point a shell at the pipeline. Returns the exit code.
 *
 * @throws CliError, exit code 3: it did not come up
 */
async function runDetached(
  options: { readonly readyFile?: string | undefined; readonly json: boolean },
  { terminal, signal }: CommandContext,
  args: readonly string[] = process.argv.slice(1),
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'wordfreq-local-'));
  const log = join(folder, 'log');
  const readyFile = options.readyFile ?? join(folder, 'env');
  const child = startInBackground(args, readyFile, log);
  const deadline = performance.now() + PATIENCE_MS;
  while (!isUp(readyFile, child.pid)) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || signal.aborted || performance.now() > deadline) {
      child.kill('SIGTERM');
      throw didNotComeUp(log, isOver);
    }
    await delay(LOOK_EVERY_MS);
  }
  child.unref();
  const commands = await readFile(readyFile, 'utf8');
  if (options.json) terminal.line(JSON.stringify({ type: 'up', pid: child.pid, readyFile, log }));
  else await terminal.write(commands.trimEnd().split('\n'));
  terminal.note(`The pipeline is up in the background. It logs to ${log}`);
  terminal.note('Stop it with: kill "$WORDFREQ_LOCAL_PID"');
  return EXIT_CODES.ok;
}

function startInBackground(
  args: readonly string[],
  readyFile: string,
  log: string,
): ReturnType<typeof spawn> {
  const output = openSync(log, 'a', 0o600);
  const own = args.filter((arg) => arg !== '--detach');
  // The last option wins, so naming the file again is harmless.
  const child = spawn(process.execPath, [...process.execArgv, ...own, '--ready-file', readyFile], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  return child;
}

/** An older pipeline may have left its file: only the one from this process counts. */
function isUp(readyFile: string, pid: number | undefined): boolean {
  return existsSync(readyFile) && readFileSync(readyFile, 'utf8').includes(`WORDFREQ_LOCAL_PID='${pid}'`);
}

function didNotComeUp(log: string, isOver: boolean): CliError {
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-TOLD_LINES);
  const why = lines.map((line) => line.replace(/^wordfreq: /, '').trim()).join(' ');
  return new CliError(
    `the pipeline ${isOver ? 'ended before it was up' : 'did not come up in time'}: ${why || 'its log is empty'}`,
    {
      exitCode: EXIT_CODES.environment,
      code: 'not-up',
      hint: `Its log is ${log}; without --detach you see it come up.`,
    },
  );
}
