import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ObjectSummary } from '@org/wordfreq-aws-adapters/ports';
import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { flag, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import {
  type BackfillProgress,
  type BackfillScope,
  type BackfillState,
  backfillObjects,
  readBackfillState,
  writeBackfillState,
} from '../pipeline/objects/backfill-objects.ts';
import { countAhead } from '../pipeline/objects/job-for-object.ts';
import {
  bucketOfCopiedUploads,
  bucketOption,
  type ResourceNames,
  resourceNames,
  resourceOptions,
} from '../pipeline/resource-names.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { formatCount, formatPace } from '../terminal/format.ts';
import { statusLine } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq backfill`. */
export const backfillCommand: Command = defineCommand({
  description:
    'Puts a job into the queue for each object that has no outcome, in the order of the keys. With --state it can be interrupted at any ' +
    'time, even by a crash, and the same command continues from there: at most the last ten jobs are sent twice, which is harmless.',
  options: {
    bucket: bucketOption('processingBucket'),
    prefix: text('text', 'only keys that start with this'),
    rate: wholeNumber('number', 'at most this many jobs per second (default: no limit)', {
      min: 1,
      max: 100_000,
      default: undefined,
    }),
    state: text('file', 'remember progress in this file, and continue from there', {
      completes: 'files',
    }),
    startAfter: text('key', 'start after this key'),
    all: flag('include objects that have an outcome'),
    dryRun: flag('print the keys that would be sent, and send nothing'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl'),
  },
  examples: [
    { line: 'wordfreq backfill --dry-run', summary: 'which objects would be counted' },
    {
      line: 'wordfreq backfill --bucket old-texts --rate 50 --state backfill.json',
      summary: 'fifty jobs a second; run it again after an interruption',
    },
    { line: 'wordfreq backfill --prefix 2025/ --all', summary: 'count everything below a prefix again' },
  ],
  async run(_, options, context) {
    return runBackfill(options, context);
  },
});

/** The options of `wordfreq backfill`. */
interface RunBackfillOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly rate?: number | undefined;
  readonly state?: string | undefined;
  readonly startAfter?: string | undefined;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What `wordfreq backfill --json` prints; the names are public contract. */
interface BackfillReport {
  readonly bucket: string;
  readonly prefix: string;
  readonly dryRun: boolean;
  readonly sent: number;
  readonly skipped: number;
  readonly lastKey: string | null;
  readonly finished: boolean;
}

/**
 * `wordfreq backfill`: puts existing objects into the queue. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses or the state file belongs to something
 * else
 */
async function runBackfill(options: RunBackfillOptions, context: CommandContext): Promise<number> {
  const { terminal, signal, environment } = context;
  if (options.state !== undefined && (options.startAfter !== undefined || options.dryRun))
    throw contradiction();
  return withCloud(
    { ...options, processingBucket: options.bucket },
    environment,
    async (cloud) => {
      const { names } = cloud;
      refuseUploads(names.get('processingBucket'), resourceNames({}, environment));
      const scope: BackfillScope = {
        bucket: names.get('processingBucket'),
        prefix: options.prefix ?? '',
        queueUrl: options.dryRun ? '' : names.get('jobsQueueUrl'),
      };
      const before = options.state === undefined ? undefined : await readBackfillState(options.state, scope);
      noteBeginning(before, terminal);
      const end = await fill(cloud, scope, before, options, context);
      const report: BackfillReport = {
        bucket: scope.bucket,
        prefix: scope.prefix,
        dryRun: options.dryRun,
        sent: end.sent,
        skipped: end.skipped,
        lastKey: end.lastKey ?? null,
        finished: end.finished,
      };
      if (options.json) terminal.line(JSON.stringify(report));
      else terminal.line(summaryLine(report));
      signal.throwIfAborted();
      return EXIT_CODES.ok;
    },
    { processingBucket: '--bucket' },
  );
}

/**
 * The workers would send each of its jobs to the dead letters: uploads are copied before they are counted.
 */
function refuseUploads(bucket: string, pipeline: ResourceNames): void {
  if (bucket !== bucketOfCopiedUploads(pipeline)) return;
  throw new CliError(`expected a bucket that the workers read, but ${bucket} is the one for uploads`, {
    exitCode: EXIT_CODES.usage,
    code: 'bucket-of-uploads',
    hint: 'wordfreq reconcile --enqueue announces the uploads that have no copy.',
  });
}

function noteBeginning(before: BackfillState | undefined, terminal: Terminal): void {
  if (before === undefined) return;
  terminal.note(
    before.finished
      ? 'The state file says that this backfill had finished; continuing after its last key.'
      : `Continuing after ${escapeText(before.lastKey ?? 'the beginning')}.`,
  );
}

async function fill(
  cloud: Cloud,
  scope: BackfillScope,
  before: BackfillState | undefined,
  options: RunBackfillOptions,
  { terminal, signal }: CommandContext,
): Promise<BackfillProgress & { readonly finished: boolean }> {
  const { dryRun, state } = options;
  const { bucket, prefix } = scope;
  const startAfter = before?.lastKey ?? options.startAfter;
  const listing = { prefix, signal, ...(startAfter === undefined ? {} : { startAfter }) };
  const ahead = terminal.watched ? countAhead(cloud.objects.list(bucket, listing)) : undefined;
  const status = statusLine(terminal, systemClock);
  const startedMs = systemClock.monotonicMs();
  const write = async (progress: BackfillProgress, finished: boolean): Promise<void> => {
    if (state !== undefined) await writeBackfillState(state, stateAfter(scope, before, progress, finished));
  };
  const end = await backfillObjects({
    objects: cloud.objects,
    results: options.all ? undefined : cloud.results,
    sender: dryRun ? undefined : cloud.sender(scope.queueUrl),
    bucket,
    prefix,
    startAfter,
    region: await cloud.region(),
    rate: dryRun ? undefined : options.rate,
    clock: systemClock,
    signal,
    async onProgress(progress) {
      await write(progress, false);
      // Keys are printed instead.
      if (!dryRun) status.show(progressLine(progress, ahead?.total(), systemClock.monotonicMs() - startedMs));
    },
    onObjects: dryRun ? (objects) => terminal.write(keyLines(objects, options)) : undefined,
  });
  status.clear();
  await write(end, end.finished);
  return end;
}

/** What was done before, and since. */
function stateAfter(
  scope: BackfillScope,
  before: BackfillState | undefined,
  { lastKey, sent, skipped }: BackfillProgress,
  finished: boolean,
): BackfillState {
  return {
    ...scope,
    version: 1,
    lastKey,
    sent: (before?.sent ?? 0) + sent,
    skipped: (before?.skipped ?? 0) + skipped,
    finished,
  };
}

function keyLines(objects: readonly ObjectSummary[], { json }: RunBackfillOptions): readonly string[] {
  return objects.map(({ key, sizeBytes }) => (json ? JSON.stringify({ key, sizeBytes }) : escapeText(key)));
}

function progressLine(
  { sent, skipped, lastKey }: BackfillProgress,
  total: number | undefined,
  elapsedMs: number,
): string {
  const pace = formatPace({ done: sent + skipped, total, elapsedMs });
  return `${pace}  ${formatCount(sent)} sent  ${escapeText(lastKey ?? '')}`;
}

function summaryLine({ dryRun, sent, skipped, finished, lastKey }: BackfillReport): string {
  const counts = `${formatCount(sent)} ${dryRun ? 'would be sent' : 'sent'}, ${formatCount(skipped)} had an outcome`;
  const next =
    lastKey === null ? '' : `; continue with --start-after ${JSON.stringify(lastKey)} or the same --state`;
  return finished ? counts : `${counts}; interrupted${next}`;
}

function contradiction(): CliError {
  return new CliError('--state cannot be combined with --start-after or --dry-run', {
    exitCode: EXIT_CODES.usage,
    code: 'contradiction',
    hint: 'The state file says where to start; leave one of them out.',
  });
}
