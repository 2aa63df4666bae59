import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ListOptions, ObjectSummary, ObjectVersion } from '@org/wordfreq-aws-adapters/ports';
import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { durationOption, flag, text } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import { announcedObject, listDeadLetters } from '../pipeline/dead-letters.ts';
import { countAhead } from '../pipeline/job-for-object.ts';
import { type Discrepancy, type ReconcileSummary, reconcileBucket } from '../pipeline/reconcile-bucket.ts';
import { bucketOption, resourceOptions } from '../pipeline/resource-names.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { formatBytes, formatCount, formatPace } from '../terminal/format.ts';
import { statusLine } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq reconcile`. */
export const reconcileCommand: Command = defineCommand({
  description:
    'Lists objects with neither result nor dead letter (missing), and keys with results whose objects are gone (orphan). An object ' +
    'is done when its current content has an outcome. The command prints while it reads, and queries the table once for each object.',
  options: {
    bucket: bucketOption('processingBucket'),
    prefix: text('text', 'only keys that start with this'),
    minAge: durationOption('skip younger objects, which may be on their way', '0s'),
    enqueue: flag('put jobs for missing objects into the jobs queue'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl', 'deadLetterQueueUrl'),
  },
  examples: [
    {
      line: 'wordfreq reconcile --min-age 15m',
      summary: 'what should have an outcome by now, for a nightly check',
    },
    { line: 'wordfreq reconcile --prefix 2026/ --enqueue', summary: 'count what is missing' },
    {
      line: 'wordfreq reconcile --json',
      summary: 'a line of JSON for each finding, and the summary as the last',
    },
  ],
  failure: 'an object was missing, even if it was put into the queue',
  async run(_, options, context) {
    return runReconcile(options, context);
  },
});

/** The options of `wordfreq reconcile`. */
export interface RunReconcileOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  /** Milliseconds. */
  readonly minAge: number;
  readonly enqueue: boolean;
  readonly json: boolean;
}

/** How many dead letters are read, at most, to learn which keys they are about. */
const MAX_DEAD_LETTERS = 2000;

/**
 * `wordfreq reconcile`: finds what has no outcome. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses
 */
export async function runReconcile(options: RunReconcileOptions, context: CommandContext): Promise<number> {
  const { terminal, signal, environment } = context;
  return withCloud(
    { ...options, processingBucket: options.bucket },
    environment,
    async (cloud) => {
      const summary = await compare(cloud, options, context);
      signal.throwIfAborted();
      if (options.json) terminal.line(JSON.stringify({ kind: 'summary', ...summary }));
      else for (const line of summaryLines(summary)) terminal.line(line);
      if (!options.json && summary.missing > 0) await noteQueue(cloud, options, terminal);
      return summary.missing === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
    },
    { processingBucket: '--bucket' },
  );
}

async function compare(
  cloud: Cloud,
  options: RunReconcileOptions,
  { terminal, signal }: CommandContext,
): Promise<ReconcileSummary> {
  const bucket = cloud.names.get('processingBucket');
  const status = statusLine(terminal, systemClock);
  const startedMs = systemClock.monotonicMs();
  const ahead = terminal.watched
    ? countAhead(cloud.objects.list(bucket, listed(options, signal)))
    : undefined;
  let done = 0;
  const summary = await reconcileBucket({
    objects: cloud.objects,
    results: cloud.results,
    bucket,
    prefix: options.prefix,
    deadObjects: () => deadObjects(cloud, terminal),
    sender: options.enqueue ? cloud.sender(cloud.names.get('jobsQueueUrl')) : undefined,
    region: await cloud.region(),
    minAgeMs: options.minAge,
    clock: systemClock,
    signal,
    onObject() {
      done += 1;
      const elapsedMs = systemClock.monotonicMs() - startedMs;
      status.show(formatPace({ done, total: ahead?.total(), elapsedMs }));
    },
    async onDiscrepancy(found) {
      status.clear();
      // No faster than the output is read; otherwise the buffer would grow with the bucket.
      await terminal.write([
        options.json ? JSON.stringify(discrepancyView(found)) : discrepancyLine(found, terminal),
      ]);
    },
  });
  status.clear();
  return summary;
}

function listed({ prefix }: RunReconcileOptions, signal: AbortSignal): ListOptions {
  return { signal, ...(prefix === undefined ? {} : { prefix }) };
}

/** Without the name of a dead-letter queue, objects whose messages are in it count as missing. */
async function deadObjects(
  { names, deadLetters }: Cloud,
  terminal: Terminal,
): Promise<(object: ObjectSummary) => boolean> {
  const queueUrl = names.find('deadLetterQueueUrl');
  if (queueUrl === undefined) return () => false;
  const places = [{ name: 'jobs', queueUrl }] as const;
  const { letters, unread } = await listDeadLetters({ deadLetters }, places, { limit: MAX_DEAD_LETTERS });
  if (unread > 0) {
    terminal.note(
      `${formatCount(unread)} dead letters could not be looked at; their objects count as missing`,
    );
  }
  // By place and version; without a version, a letter is about whatever is there.
  const dead = new Set(
    letters.flatMap(({ letter }) => {
      const object = announcedObject(letter);
      return object === undefined ? [] : [nameOf(object)];
    }),
  );
  return ({ bucket, key, eTag }) =>
    dead.has(nameOf({ bucket, key, eTag })) || dead.has(nameOf({ bucket, key }));
}

function nameOf({ bucket, key, eTag }: ObjectVersion): string {
  return JSON.stringify([bucket, key, eTag]);
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
      `About ${formatCount(waiting)} jobs wait or are in flight: some of these may be on their way (--min-age leaves them out).`,
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
  if (found.kind === 'orphan') return `orphan   ${escapeText(found.key)}  has results, but no object`;
  const { key, sizeBytes, lastModified } = found.object;
  const notes = [
    formatBytes(sizeBytes),
    lastModified.toISOString(),
    ...(found.tried === 0 ? [] : [`failed ${found.tried} times so far`]),
    ...(found.enqueued ? ['enqueued'] : []),
  ];
  return `${terminal.bad('missing')}  ${escapeText(key)}  ${terminal.faint(notes.join(', '))}`;
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
