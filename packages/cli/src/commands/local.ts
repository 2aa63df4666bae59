import { once } from 'node:events';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ServedPage } from '@org/wordfreq-worker/page';
import { isNewEnough, OLDEST_NODE } from '../builtin-modules.ts';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { flag, port, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { type ReadyFile, runDetached, writeReadyFile } from '../local/ready-file.ts';
import { jsonReport, type LocalReport, textReport } from '../local/report.ts';
import {
  type CountedSamples,
  type CountSamplesOptions,
  countSamples,
  type SampleFile,
  sampleFiles,
  uploadSamples,
} from '../local/samples.ts';
import type { LocalPipeline } from '../local/start-local-pipeline.ts';
import { type ResultReporter, reportResults } from '../pipeline/watch-pipeline.ts';
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
    inPlace: flag('count uploads where they are, without a second bucket and the copy Lambda'),
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
      line: 'wordfreq local --in-place',
      summary: 'count uploads where they are, as with copyUploads: false',
    },
    {
      line: 'eval "$(wordfreq local --detach)"; npm test; kill "$WORDFREQ_LOCAL_PID"',
      summary: 'in the background, for tests of your own',
    },
  ],
  failure: 'a file got no outcome',
  async run(_, options, context) {
    if (!isNewEnough()) throw oldNode();
    if (options.detach) {
      return runDetached(options, context);
    }
    return runLocal(options, context);
  },
});

/** Without this, the message would only name the module that an older Node does not have. */
function oldNode(): CliError {
  return new CliError(
    `wordfreq local needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}`,
    {
      exitCode: EXIT_CODES.environment,
      code: 'old-node',
      hint: `Install Node ${OLDEST_NODE} or newer.`,
    },
  );
}

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
  /** Count uploads where they are. */
  readonly inPlace: boolean;
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
  const since = systemClock.now();
  const pipeline = await start(options, terminal).catch((error: unknown) => {
    throw withPortAdvice(error, options);
  });
  const report = options.json ? jsonReport(terminal) : textReport(terminal);
  let page: ServedPage | undefined;
  let readyFile: ReadyFile | undefined;
  let reporter: ResultReporter | undefined;
  try {
    const { servePipelinePage } = await import('../local/serve-pipeline-page.ts');
    page = await servePipelinePage(pipeline, options.port).catch((error: unknown) => {
      throw withPortAdvice(error, options);
    });
    const environment = environmentOf(pipeline, page);
    readyFile = await writeReadyFile(options.readyFile, environment);
    const up = { pipeline, page, environment, readyFile };
    report.up(up);
    reporter = reportResults({
      results: pipeline.results,
      // Workers that users start themselves do not report to this process.
      onActivity: options.workers === 0 ? undefined : pipeline.onActivity,
      onResult: report.result,
      since,
      clock: systemClock,
      onProblem: (error) =>
        terminal.note(terminal.bad(`wordfreq: results cannot be read: ${(error as Error).message}`)),
    });
    const { complete, results } = await count(pipeline, files, options, report, { terminal, signal, since });
    if (!options.exit && !signal.aborted) {
      report.waiting(up);
      reporter.begin(results);
      if (!signal.aborted) await once(signal, 'abort');
    } else reporter.begin(results);
    return complete || signal.aborted ? EXIT_CODES.ok : EXIT_CODES.failed;
  } finally {
    // If the start failed, its reason should be the last line.
    if (reporter !== undefined) terminal.note('Stopping: workers finish the jobs that they have started…');
    await readyFile?.remove();
    await page?.close();
    await pipeline.drain();
    await reporter?.end();
    await pipeline.stop();
    if (reporter !== undefined) terminal.note('Stopped.');
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

/** Names the option whose port is in use by another program. */
function withPortAdvice(error: unknown, { port: page, awsPort, dynamodbPort }: LocalOptions): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (code !== 'port-taken') return error;
  const flags = { '--port': page, '--aws-port': awsPort, '--dynamodb-port': dynamodbPort };
  const [flag, taken] = Object.entries(flags).find(([, number]) => message.includes(` ${number} `)) ?? [];
  return new CliError(
    taken === undefined ? message : `port ${taken} is taken, perhaps by another pipeline on this machine`,
    {
      exitCode: EXIT_CODES.environment,
      code: 'port-taken',
      hint: `Stop that program, or choose another port: ${flag ?? '--port'} 0 picks a free one.`,
      cause: error,
    },
  );
}

/** Counts samples. The user's own workers may start at any time, or never. */
async function count(
  pipeline: LocalPipeline,
  files: readonly SampleFile[],
  { workers }: LocalOptions,
  report: LocalReport,
  how: CountSamplesOptions,
): Promise<CountedSamples> {
  if (workers === 0) {
    how.terminal.note('No worker runs (--workers 0). Start one in another terminal: wordfreq worker');
    await uploadSamples(pipeline, files);
    return { complete: true, results: [] };
  }
  if (files.length === 0) return { complete: true, results: [] };
  return countSamples(pipeline, files, report, how);
}

async function start(options: LocalOptions, terminal: Terminal): Promise<LocalPipeline> {
  // Loads the AWS SDK and the embedded servers.
  const { startLocalPipeline } = await import('../local/start-local-pipeline.ts');
  return startLocalPipeline({
    ports: { aws: options.awsPort, dynamodb: options.dynamodbPort },
    copyUploads: !options.inPlace,
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
