import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ListOptions, ObjectSummary, ObjectVersion } from '@org/wordfreq-aws-adapters/ports';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { durationOption, flag, text } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import { announcedObject, listDeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import { countAhead } from '../pipeline/objects/job-for-object.ts';
import {
  type FindMissingOptions,
  findMissing,
  orphanKeys,
  type ReconcileStep,
  reconcileSteps,
} from '../pipeline/objects/reconcile-bucket.ts';
import {
  type Discrepancy,
  discrepancyLine,
  discrepancyView,
  type ReconcileSummary,
  summaryLines,
  summaryOf,
} from '../pipeline/objects/reconcile-report.ts';
import { resourceOptions } from '../pipeline/resource-names.ts';
import { wrapText } from '../pipeline/result-view.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { formatCount, formatNumberOf, formatPace } from '../terminal/format.ts';
import { statusLine } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq reconcile`. */
export const reconcileCommand: Command = defineCommand({
  description:
    'Lists what is neither done nor a dead letter (missing): uploads without a copy, and copies without an outcome. Keys with results ' +
    'whose objects are gone are orphans. Only the current content of a key counts. The command prints while it reads, and queries the ' +
    'bucket or the table once for each object.',
  options: {
    bucket: text('name', 'only this bucket (default: the uploads, then the bucket that the workers read)'),
    prefix: text('text', 'only keys that start with this'),
    minAge: durationOption('skip younger objects, which may be on their way', '0s'),
    enqueue: flag('announce what is missing: uploads to the uploads queue, copies to the jobs queue'),
    ...resourceOptions(
      'uploadingBucket',
      'processingBucket',
      'resultsTable',
      'uploadsQueueUrl',
      'jobsQueueUrl',
      'deadLetterQueueUrl',
      'uploadsDeadLetterQueueUrl',
    ),
  },
  examples: [
    {
      line: 'wordfreq reconcile --min-age 15m',
      summary: 'what should have an outcome by now, for a nightly check',
    },
    { line: 'wordfreq reconcile --prefix 2026/ --enqueue', summary: 'copy and count what is missing' },
    {
      line: 'wordfreq reconcile --json',
      summary: 'a line of JSON for each finding, and a summary after those of each bucket',
    },
  ],
  failure: 'something was missing, even if it was put into a queue',
  async run(_, options, context) {
    return runReconcile(options, context);
  },
});

/** The options of `wordfreq reconcile`. */
interface RunReconcileOptions extends OpenCloudOptions {
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
 * `wordfreq reconcile`: finds what has no copy or no outcome. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses
 */
async function runReconcile(options: RunReconcileOptions, context: CommandContext): Promise<number> {
  const { terminal, signal, environment } = context;
  return withCloud(options, environment, async (cloud) => {
    const steps = reconcileSteps(cloud, options);
    if (options.bucket === undefined && cloud.names.find('uploadingBucket') === undefined)
      terminal.note(
        'Uploads are not looked at: name their bucket with --uploading-bucket or UPLOADING_BUCKET.',
      );
    // Before anything is announced, all queues must be known.
    if (options.enqueue) for (const { queue } of steps) cloud.names.get(queue);
    let missing = 0;
    const isDead = once(() => deadObjects(cloud, terminal));
    for (const step of steps) {
      const summary = await compare(cloud, step, isDead, options, context);
      signal.throwIfAborted();
      missing += summary.missing;
      if (options.json) terminal.line(JSON.stringify(summary));
      else
        for (const line of summaryLines(step, summary).flatMap((text) => wrapText(text, terminal.columns)))
          terminal.line(line);
      if (!options.json && !options.enqueue && summary.missing > 0) await noteQueue(cloud, step, terminal);
    }
    return missing === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Looks through one bucket, and reports what is wrong there. */
async function compare(
  cloud: Cloud,
  step: ReconcileStep,
  deadObjects: FindMissingOptions['deadObjects'],
  options: RunReconcileOptions,
  { terminal, signal }: CommandContext,
): Promise<ReconcileSummary> {
  const { objects, results } = cloud;
  const { lacks, bucket, progressOf } = step;
  const status = statusLine(terminal, systemClock);
  const startedMs = systemClock.monotonicMs();
  const ahead = terminal.watched ? countAhead(objects.list(bucket, listed(options, signal))) : undefined;
  let done = 0;
  const tell = async (found: Discrepancy): Promise<void> => {
    status.clear();
    // No faster than the output is read; otherwise the buffer would grow with the bucket.
    await terminal.write([
      options.json ? JSON.stringify(discrepancyView(found)) : discrepancyLine(found, terminal),
    ]);
  };
  const tally = await findMissing({
    objects,
    bucket,
    prefix: options.prefix,
    progressOf,
    deadObjects,
    sender: options.enqueue ? cloud.sender(cloud.names.get(step.queue)) : undefined,
    region: await cloud.region(),
    minAgeMs: options.minAge,
    clock: systemClock,
    signal,
    onObject() {
      done += 1;
      const elapsedMs = systemClock.monotonicMs() - startedMs;
      status.show(formatPace({ done, total: ahead?.total(), elapsedMs }));
    },
    onMissing: (missing) => tell({ kind: 'missing', lacks, ...missing }),
  });
  let orphans = 0;
  // The table is about what the workers read.
  if (lacks === 'outcome') {
    for await (const key of orphanKeys({ objects, results, bucket, prefix: options.prefix, signal })) {
      orphans += 1;
      await tell({ kind: 'orphan', bucket, key });
    }
  }
  status.clear();
  return summaryOf(step, tally, orphans);
}

function listed({ prefix }: RunReconcileOptions, signal: AbortSignal): ListOptions {
  return { signal, ...(prefix === undefined ? {} : { prefix }) };
}

/** Without the name of a dead-letter queue, objects whose messages are in it count as missing. */
async function deadObjects(
  { names, deadLetters }: Cloud,
  terminal: Terminal,
): Promise<(object: ObjectSummary) => boolean> {
  const jobs = names.find('deadLetterQueueUrl');
  const uploads = names.find('uploadsDeadLetterQueueUrl');
  const places = [
    ...(jobs === undefined ? [] : [{ name: 'jobs', queueUrl: jobs } as const]),
    ...(uploads === undefined || uploads === jobs ? [] : [{ name: 'uploads', queueUrl: uploads } as const]),
  ];
  const { letters, unread } = await listDeadLetters({ deadLetters }, places, { limit: MAX_DEAD_LETTERS });
  if (unread > 0) {
    terminal.note(
      `${formatNumberOf(unread, 'dead letter')} could not be looked at; what they are about counts as missing`,
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

async function noteQueue(
  { names, queue }: Cloud,
  { lacks, queue: name }: ReconcileStep,
  terminal: Terminal,
): Promise<void> {
  const queueUrl = names.find(name);
  if (queueUrl === undefined) return;
  const waiting = messagesIn(await queue(queueUrl).depth());
  const what = lacks === 'copy' ? 'upload' : 'job';
  if (waiting === 0) {
    terminal.line(`No ${what} waits. Put what is missing into the queue with --enqueue.`);
  } else {
    terminal.line(
      `About ${formatCount(waiting)} ${what}s wait or are in flight: some of these may be on their way (--min-age leaves them out).`,
    );
  }
}
