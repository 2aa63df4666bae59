import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  Clock,
  QueueDepth,
  ResultEntry,
  ResultIndex,
  StoredResult,
} from '@org/wordfreq-aws-adapters/ports';
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

/** For how long to look for results after activity, and how often to look without any. */
const LOOK_MS = 2000;
const IDLE_LOOK_MS = 20_000;
const LOOK_EVERY_MS = 1000;

const nameOf = ({ id, committedAt }: ResultEntry): string => `${id} ${committedAt.getTime()}`;
const nameOfResult = ({ jobId, finishedAt }: StoredResult): string => `${jobId} ${finishedAt.getTime()}`;

/** What reporting new results needs. */
export interface ReportResultsOptions {
  readonly results: ResultIndex;
  /** Calls its listener when results may have arrived. Absent if nothing can tell. */
  readonly onActivity?: ((listener: () => void) => void) | undefined;
  /** Called with each new result. */
  readonly onResult: (result: StoredResult) => void;
  /** What was committed before is not new. */
  readonly since: Date;
  readonly clock: Clock;
  /** Called when results cannot be read; the reporter goes on. */
  readonly onProblem: (error: unknown) => void;
}

/** Reports each new result once, from the start of the pipeline until everything has ended. */
export interface ResultReporter {
  /** Begins with everything that came before, except these results, which were already reported. */
  begin(reported: readonly StoredResult[]): void;
  /** Looks for the last time, reports what is left, and stops. Safe to call again. */
  end(): Promise<void>;
}

/** Watches for new results; they wait until the reporter may begin. */
export function reportResults(options: ReportResultsOptions): ResultReporter {
  const { results: index, onActivity, onResult, since, clock, onProblem } = options;
  const idleMs = onActivity === undefined ? LOOK_MS : IDLE_LOOK_MS;
  const ending = new AbortController();
  /** Committed between the start of the pipeline and the first look. */
  let earlier: ReadonlySet<string> | undefined;
  const unread: ResultEntry[] = [];
  const reported = new Set<string>();
  const waiting: StoredResult[] = [];
  let hasBegun = false;
  let lookUntilMs = 0;
  onActivity?.(() => {
    lookUntilMs = clock.monotonicMs() + LOOK_MS;
  });

  function flush(): void {
    if (!hasBegun) return;
    for (const result of waiting.splice(0)) {
      // A failure that is sent back and succeeds is reported again.
      if (!reported.delete(nameOfResult(result))) onResult(result);
    }
  }

  async function newEntries(reader: ResultsReader<undefined>): Promise<readonly ResultEntry[]> {
    const { fresh } = await reader.read();
    const known = earlier;
    if (known !== undefined) return fresh.filter((entry) => !known.has(nameOf(entry)));
    const found: ResultEntry[] = [];
    for await (const entry of index.newest()) {
      if (entry.committedAt < since) break;
      found.unshift(entry);
    }
    earlier = new Set(found.map(nameOf));
    return found;
  }

  async function look(reader: ResultsReader<undefined>): Promise<void> {
    unread.push(...(await newEntries(reader)));
    const records = await index.records(unread);
    unread.length = 0;
    for (const record of records) if (record !== undefined) waiting.push(record);
    flush();
  }

  async function run(): Promise<void> {
    const { createResultsReader } = await import('@org/wordfreq-worker/page');
    const reader = createResultsReader({ index, clock, keep: 1, describe: () => undefined });
    let isReadable = true;
    let lookedMs = Number.NEGATIVE_INFINITY;
    for (;;) {
      const isLast = ending.signal.aborted;
      const nowMs = clock.monotonicMs();
      if (isLast || nowMs < lookUntilMs || nowMs - lookedMs >= idleMs) {
        lookedMs = nowMs;
        try {
          await look(reader);
          isReadable = true;
        } catch (error) {
          // The pipeline continues, and so does this loop once the table can be read again.
          if (isReadable) onProblem(error);
          isReadable = false;
        }
      }
      if (isLast) return;
      await clock.sleep(LOOK_EVERY_MS, ending.signal);
    }
  }

  function begin(before: readonly StoredResult[]): void {
    for (const result of before) reported.add(nameOfResult(result));
    hasBegun = true;
    flush();
  }

  const running = run();
  return {
    begin,
    async end() {
      begin([]);
      ending.abort();
      await running;
    },
  };
}
