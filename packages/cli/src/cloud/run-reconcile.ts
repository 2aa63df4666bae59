import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ListOptions } from '@org/wordfreq-aws-adapters/ports';
import type { CommandContext } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { formatBytes, formatCount } from '../render/format-number.ts';
import { formatPace } from '../render/format-pace.ts';
import { harmlessText } from '../render/harmless-text.ts';
import { statusLine } from '../render/status-line.ts';
import type { Terminal } from '../render/terminal.ts';
import { countAhead } from './count-ahead.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { type Cloud, type OpenCloudOptions, withCloud } from './open-cloud.ts';
import { type Discrepancy, type ReconcileSummary, reconcileBucket } from './reconcile-bucket.ts';

/** The options of `wordfreq reconcile`. */
export interface RunReconcileOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  /** Milliseconds. */
  readonly minAge: number;
  readonly enqueue: boolean;
  readonly json: boolean;
}

/** So many dead letters are looked through for the keys that they are about. */
const MAX_DEAD_LETTERS = 2000;

/**
 * `wordfreq reconcile`: finds what has no outcome. Answers the exit code.
 *
 * @throws CliError, exit code 2 for what is not named, 3 for what AWS refuses
 */
export async function runReconcile(
  options: RunReconcileOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const named = { ...options, processingBucket: options.bucket };
  return withCloud(
    named,
    environment,
    async (cloud) => {
      const status = statusLine(terminal, systemClock);
      const bucket = cloud.names.get('processingBucket');
      const ahead = terminal.watched
        ? countAhead(cloud.objects.list(bucket, listed(options, signal)))
        : undefined;
      const startedMs = systemClock.monotonicMs();
      let done = 0;
      const summary = await reconcileBucket({
        objects: cloud.objects,
        facts: cloud.facts,
        bucket,
        prefix: options.prefix,
        deadKeys: () => deadKeys(cloud, terminal),
        sender: options.enqueue ? cloud.sender(cloud.names.get('jobsQueueUrl')) : undefined,
        region: await cloud.region(),
        minAgeMs: options.minAge,
        now: systemClock.now(),
        signal,
        onObject() {
          done += 1;
          const elapsedMs = systemClock.monotonicMs() - startedMs;
          status.show(formatPace({ done, total: ahead?.total(), elapsedMs }));
        },
        async onDiscrepancy(found) {
          status.clear();
          const line = options.json
            ? JSON.stringify(discrepancyView(found))
            : discrepancyLine(found, terminal);
          // No faster than it is read, or what waits would grow with the bucket.
          await terminal.write([line]);
        },
      });
      status.clear();
      signal.throwIfAborted();
      if (options.json) terminal.line(JSON.stringify({ kind: 'summary', ...summary }));
      else for (const line of summaryLines(summary)) terminal.line(line);
      if (!options.json && summary.missing > 0) await noteQueue(cloud, options, terminal);
      return summary.missing === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
    },
    { processingBucket: '--bucket' },
  );
}

function listed({ prefix }: RunReconcileOptions, signal: AbortSignal): ListOptions {
  return { signal, ...(prefix === undefined ? {} : { prefix }) };
}

/** Without a dead-letter queue nothing can be told of it, and what lies there counts as missing. */
async function deadKeys({ names, deadLetters }: Cloud, terminal: Terminal): Promise<ReadonlySet<string>> {
  const queueUrl = names.find('deadLetterQueueUrl');
  if (queueUrl === undefined) return new Set();
  const places = [{ name: 'jobs', queueUrl }] as const;
  const { letters, unread } = await listDeadLetters({ deadLetters }, places, { limit: MAX_DEAD_LETTERS });
  if (unread > 0) {
    terminal.note(
      `${formatCount(unread)} dead letters could not be looked at; their objects count as missing`,
    );
  }
  return new Set(letters.flatMap(({ view }) => (view.key === undefined ? [] : [view.key])));
}

async function noteQueue(cloud: Cloud, { enqueue }: RunReconcileOptions, terminal: Terminal): Promise<void> {
  const queueUrl = cloud.names.find('jobsQueueUrl');
  if (queueUrl === undefined || enqueue) return;
  const { visible, inFlight, delayed } = await cloud.queue(queueUrl).depth();
  const waiting = visible + inFlight + delayed;
  if (waiting === 0) {
    terminal.line('No job waits. Put what is missing into the queue with --enqueue.');
  } else {
    terminal.line(
      `About ${formatCount(waiting)} jobs wait or are in hand: some of these may be on their way (--min-age leaves them out).`,
    );
  }
}

/** What `--json` prints for each finding; the names are public contract. */
export function discrepancyView(found: Discrepancy): Readonly<Record<string, unknown>> {
  if (found.kind === 'orphan') return found;
  const { bucket, key, eTag, sizeBytes, lastModified } = found.object;
  const { kind, enqueued, tried } = found;
  return { kind, bucket, key, eTag, sizeBytes, lastModified: lastModified.toISOString(), tried, enqueued };
}

function discrepancyLine(found: Discrepancy, terminal: Terminal): string {
  if (found.kind === 'orphan') return `orphan   ${harmlessText(found.key)}  has results, but no object`;
  const { key, sizeBytes, lastModified } = found.object;
  const notes = [
    formatBytes(sizeBytes),
    lastModified.toISOString(),
    ...(found.tried === 0 ? [] : [`failed ${found.tried} times so far`]),
    ...(found.enqueued ? ['enqueued'] : []),
  ];
  return `${terminal.bad('missing')}  ${harmlessText(key)}  ${terminal.faint(notes.join(', '))}`;
}

function summaryLines(summary: ReconcileSummary): readonly string[] {
  const { objects, withOutcome, deadLetters, missing, young, enqueued, orphans } = summary;
  const parts: [number, string][] = [
    [withOutcome, 'with an outcome'],
    [deadLetters, 'among the dead letters'],
    [young, 'too young to tell'],
    [missing, enqueued > 0 ? 'missing, now in the queue' : 'missing'],
  ];
  const shown = parts.filter(([count], index) => count > 0 || index === parts.length - 1);
  return [
    `${formatCount(objects)} objects: ${shown.map(([count, what]) => `${formatCount(count)} ${what}`).join(', ')}`,
    ...(orphans === 0 ? [] : [`${formatCount(orphans)} keys with results, but no object`]),
  ];
}
