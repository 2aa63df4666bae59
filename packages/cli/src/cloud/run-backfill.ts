import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ObjectSummary } from '@org/wordfreq-aws-adapters/ports';
import type { CommandContext } from '../command-line/command.ts';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { formatCount } from '../render/format-number.ts';
import { formatPace } from '../render/format-pace.ts';
import { harmlessText } from '../render/harmless-text.ts';
import { statusLine } from '../render/status-line.ts';
import type { Terminal } from '../render/terminal.ts';
import { type BackfillProgress, backfillObjects } from './backfill-objects.ts';
import {
  type BackfillScope,
  type BackfillState,
  readBackfillState,
  writeBackfillState,
} from './backfill-state.ts';
import { countAhead } from './count-ahead.ts';
import { type Cloud, type OpenCloudOptions, withCloud } from './open-cloud.ts';

/** The options of `wordfreq backfill`. */
export interface RunBackfillOptions extends OpenCloudOptions {
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
export interface BackfillReport {
  readonly bucket: string;
  readonly prefix: string;
  readonly dryRun: boolean;
  readonly sent: number;
  readonly skipped: number;
  readonly lastKey: string | null;
  readonly finished: boolean;
}

/**
 * `wordfreq backfill`: puts existing objects into the queue. Answers the exit code.
 *
 * @throws CliError, exit code 2 for what is not named, 3 for what AWS refuses and for a state file of something else
 */
export async function runBackfill(options: RunBackfillOptions, context: CommandContext): Promise<number> {
  const { terminal, signal, environment } = context;
  if (options.state !== undefined && (options.startAfter !== undefined || options.dryRun))
    throw contradiction();
  return withCloud(
    { ...options, processingBucket: options.bucket },
    environment,
    async (cloud) => {
      const { names } = cloud;
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

function noteBeginning(before: BackfillState | undefined, terminal: Terminal): void {
  if (before === undefined) return;
  terminal.note(
    before.finished
      ? 'The state file says that this backfill had come to the end; going on after its last key.'
      : `Going on after ${harmlessText(before.lastKey ?? 'the beginning')}.`,
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
  return objects.map(({ key, sizeBytes }) => (json ? JSON.stringify({ key, sizeBytes }) : harmlessText(key)));
}

function progressLine(
  { sent, skipped, lastKey }: BackfillProgress,
  total: number | undefined,
  elapsedMs: number,
): string {
  const pace = formatPace({ done: sent + skipped, total, elapsedMs });
  return `${pace}  ${formatCount(sent)} sent  ${harmlessText(lastKey ?? '')}`;
}

function summaryLine({ dryRun, sent, skipped, finished, lastKey }: BackfillReport): string {
  const counts = `${formatCount(sent)} ${dryRun ? 'would be sent' : 'sent'}, ${formatCount(skipped)} had an outcome`;
  const next =
    lastKey === null ? '' : `; go on with --start-after ${JSON.stringify(lastKey)} or the same --state`;
  return finished ? counts : `${counts}; interrupted${next}`;
}

function contradiction(): CliError {
  return new CliError('--state goes neither with --start-after nor with --dry-run', {
    exitCode: EXIT_CODES.usage,
    code: 'contradiction',
    hint: 'The state file says itself where to begin; leave one of them out.',
  });
}
