import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type { Clock, QueueDepth, ResultIndex, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { failedFiles } from '@org/wordfreq-aws-adapters/rules';
import type { PollingPace, ResultsReader, ResultsReading } from '@org/wordfreq-worker/page';

/** The pipeline at one moment. */
export interface PipelineSnapshot {
  readonly at: Date;
  /** Jobs that wait; absent where no queue was named. */
  readonly queued?: number;
  readonly inFlight?: number;
  readonly deadLetters?: number;
  /** Files that ended in any way but failure. */
  readonly done: number;
  readonly failed: number;
  /** Results that were not there the last time, the oldest first; none in the first snapshot. */
  readonly fresh: readonly StoredResult[];
  /** The newest results, the newest first. */
  readonly latest: readonly StoredResult[];
}

/** What to watch. */
export interface WatchOptions {
  readonly results: ResultIndex;
  /** Whether `fresh` results have all their words, also those that the store keeps apart. Default: false. */
  readonly words?: boolean;
  readonly jobs?: { depth(): Promise<QueueDepth> } | undefined;
  readonly deadLetters?: { depth(): Promise<QueueDepth> } | undefined;
  readonly intervalMs: number;
  /** How many results `latest` holds. */
  readonly keep: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called when a look fails with a transient error. */
  readonly onProblem: (error: Error) => void;
}

/** A slow look is followed by a pause four times as long, so that reading takes at most a fifth of the time. */
const REST = 4;

/** While nothing changes, a look takes eight requests and one for each queue: less than one a second in all. */
const IDLE_MS = 12_000;

/** How many looks in a row may fail with transient errors; the very first one may not. */
const MAX_FAILURES = 10;

/**
 * Looks at the pipeline again and again, until the signal fires.
 *
 * @throws what the first look throws, or ten in a row, or a look that fails in a way that will not pass
 */
export async function* watchPipeline(options: WatchOptions): AsyncIterable<PipelineSnapshot> {
  const { clock, signal, intervalMs } = options;
  const look = await createLook(options);
  const pace = (await import('@org/wordfreq-worker/page')).createPollingPace(clock);
  let mayFail = 0;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    try {
      yield await look(pace);
      mayFail = MAX_FAILURES;
    } catch (error) {
      if (signal.aborted) return;
      mayFail -= 1;
      if (!isCoded(error) || !error.retryable || mayFail < 0) throw error;
      options.onProblem(error);
    }
    const tookMs = clock.monotonicMs() - startedMs;
    const pauseMs = Math.max(intervalMs, pace.keepMs({ busyMs: 0, idleMs: IDLE_MS }));
    await clock.sleep(Math.max(pauseMs - tookMs, REST * tookMs), signal);
  }
}

async function depthsOf({
  jobs,
  deadLetters,
}: WatchOptions): Promise<Pick<PipelineSnapshot, 'queued' | 'inFlight' | 'deadLetters'>> {
  const [work, dead] = await Promise.all([jobs?.depth(), deadLetters?.depth()]);
  return {
    ...(work === undefined ? {} : { queued: work.visible + work.delayed, inFlight: work.inFlight }),
    ...(dead === undefined ? {} : { deadLetters: dead.visible + dead.inFlight }),
  };
}

/** Makes one snapshot after the other. The first one waits until all results are added up. */
async function createLook(options: WatchOptions): Promise<(pace: PollingPace) => Promise<PipelineSnapshot>> {
  const { results: index, keep, clock, words = false, signal } = options;
  const { createResultsReader } = await import('@org/wordfreq-worker/page');
  const reader: ResultsReader<StoredResult> = createResultsReader({
    index,
    clock,
    keep,
    wordsKeptApart: false,
    describe: (record) => record,
  });
  const readAll = async (): Promise<ResultsReading<StoredResult>> => {
    const reading = await reader.read();
    if (reading.complete) return reading;
    await untilAborted(reader.load(), signal);
    const rest = await readAll();
    return { ...rest, fresh: [...reading.fresh, ...rest.fresh] };
  };
  let last = '';
  return async (pace) => {
    const [depths, reading] = await Promise.all([depthsOf(options), readAll()]);
    const { sums, newest } = reading;
    const failed = failedFiles(sums.outcomes);
    const fresh = await index.records(reading.fresh, { wordsKeptApart: words, signal });
    const state = JSON.stringify([depths, sums.files, failed, reading.fresh.length]);
    if (state !== last) pace.wake();
    last = state;
    return {
      at: clock.now(),
      ...depths,
      done: sums.files - failed,
      failed,
      fresh: fresh.filter((result) => result !== undefined),
      latest: newest,
    };
  };
}

/** Waits for some work, until the signal fires: nobody needs it after that. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
