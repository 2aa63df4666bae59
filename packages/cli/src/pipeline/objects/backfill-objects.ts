import { readFile } from 'node:fs/promises';
import type {
  Clock,
  JobSender,
  ObjectLister,
  ObjectReader,
  ObjectSummary,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import { pMapIterable } from 'p-map';
import * as v from 'valibot';
import { CliError, EXIT_CODES } from '../../errors.ts';
import { writeFileAtomically } from '../../terminal/write-file.ts';
import { inBatches, jobBody, pinVersion } from './job-for-object.ts';

/** How far it has come. */
export interface BackfillProgress {
  readonly lastKey?: string | undefined;
  readonly sent: number;
  readonly skipped: number;
}

/** What to put into the queue, and how fast. */
export interface BackfillOptions {
  readonly objects: ObjectLister & Pick<ObjectReader, 'head'>;
  /** Skips objects that have an outcome. Default: every object is sent, and workers find the duplicates. */
  readonly results?: Pick<ResultStore, 'versions'> | undefined;
  /** Default: a rehearsal that sends nothing. */
  readonly sender?: JobSender | undefined;
  readonly bucket: string;
  readonly prefix: string;
  readonly startAfter?: string | undefined;
  readonly region: string;
  /** The most messages per second. Default: no limit. */
  readonly rate?: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called after each batch, which is done then, whatever happens next. Awaited, so that it can be saved. */
  readonly onProgress: (progress: BackfillProgress) => Promise<void>;
  /** Called with objects before they are sent, or would be. */
  readonly onObjects?: ((objects: readonly ObjectSummary[]) => Promise<void>) | undefined;
}

/** SQS takes ten messages at once. */
const BATCH = 10;
const CONCURRENCY = 16;

/**
 * Puts a job into the queue for each object of a bucket, in the order of their keys, in batches of ten; what
 * SQS refuses for the moment is sent again. Each job names the version that is current, so it is the same job
 * as that of S3's own event, and harmless to repeat. Stopped in between, it continues after the last key that
 * it reported.
 *
 * @returns how far it came, and whether to the end
 */
export async function backfillObjects(
  options: BackfillOptions,
): Promise<BackfillProgress & { readonly finished: boolean }> {
  const { clock, signal, rate, sender } = options;
  const startedMs = clock.monotonicMs();
  let progress: BackfillProgress = { lastKey: options.startAfter, sent: 0, skipped: 0 };
  try {
    for await (const batch of inBatches(judged(options), BATCH)) {
      const chosen = batch.filter(({ skip }) => !skip);
      const bodies = chosen.flatMap(({ body }) => (body === undefined ? [] : [body]));
      const count = sender === undefined ? chosen.length : bodies.length;
      if (rate !== undefined) {
        const dueMs = startedMs + (progress.sent / rate) * 1000;
        await clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal);
      }
      if (signal.aborted) return { ...progress, finished: false };
      await options.onObjects?.(chosen.map(({ object }) => object));
      if (bodies.length > 0) await sender?.send(bodies);
      progress = {
        lastKey: batch.at(-1)?.object.key,
        sent: progress.sent + count,
        skipped: progress.skipped + batch.length - chosen.length,
      };
      await options.onProgress(progress);
    }
  } catch (error) {
    // What was asked when the signal fired ends with an error; how far it came is known all the same.
    if (!signal.aborted) throw error;
  }
  return { ...progress, finished: !signal.aborted };
}

interface Judged {
  readonly object: ObjectSummary;
  /** It has its outcome already. */
  readonly skip: boolean;
  /** What to send; absent for an object that is gone since it was listed, and in a rehearsal. */
  readonly body?: string | undefined;
}

/** Each object, in order, and what to send for it. */
function judged(options: BackfillOptions): AsyncIterable<Judged> {
  const { objects, results, sender, region, bucket, prefix, startAfter, signal } = options;
  const listing = objects.list(bucket, {
    prefix,
    signal,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  return pMapIterable(
    listing,
    async (object) => {
      const known = (await results?.versions(object.bucket, object.key, { signal })) ?? [];
      const skip = known.some(({ outcome, eTag }) => outcome !== undefined && eTag === object.eTag);
      if (skip || sender === undefined) return { object, skip };
      const version = await pinVersion(object, options, { signal });
      return { object, skip, body: version === undefined ? undefined : jobBody(version, region) };
    },
    { concurrency: CONCURRENCY, backpressure: 4 * CONCURRENCY },
  );
}

const STATE = v.object({
  version: v.literal(1),
  bucket: v.string(),
  prefix: v.string(),
  queueUrl: v.string(),
  lastKey: v.optional(v.string()),
  sent: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  skipped: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  finished: v.boolean(),
});

/** How far a backfill has come, as its state file has it. */
export interface BackfillState {
  readonly version: 1;
  readonly bucket: string;
  readonly prefix: string;
  readonly queueUrl: string;
  /** Every key up to this one, in the order of their bytes, is done. */
  readonly lastKey?: string | undefined;
  readonly sent: number;
  readonly skipped: number;
  readonly finished: boolean;
}

/** What a backfill is about; a state file is for one only. */
export type BackfillScope = Pick<BackfillState, 'bucket' | 'prefix' | 'queueUrl'>;

/**
 * Reads a state file; undefined when there is none yet.
 *
 * @throws CliError, exit code 3: the file cannot be read, is no state file, or is another backfill's
 */
export async function readBackfillState(
  path: string,
  scope: BackfillScope,
): Promise<BackfillState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read: ${(error as Error).message}`, error);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), STATE), text);
  if (!parsed.success) throw unusable(path, 'is no state file of a backfill', undefined);
  const state: BackfillState = parsed.output;
  for (const name of ['bucket', 'prefix', 'queueUrl'] as const) {
    if (state[name] === scope[name]) continue;
    throw unusable(path, `is of another backfill: its ${name} is ${JSON.stringify(state[name])}`, undefined);
  }
  return state;
}

/** Writes a state file so that a crash leaves the old one or the new one, never half of it. */
export async function writeBackfillState(path: string, state: BackfillState): Promise<void> {
  try {
    await writeFileAtomically(path, [JSON.stringify(state, undefined, 2)]);
  } catch (error) {
    throw unusable(path, `cannot be written: ${(error as Error).message}`, error);
  }
}

function unusable(path: string, problem: string, cause: unknown): CliError {
  return new CliError(`the state file ${path} ${problem}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Choose another file with --state, or remove it to start from the first key.',
    cause,
  });
}
