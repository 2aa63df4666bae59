import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type { Clock, QueueDepth, ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { isFailure } from '@org/wordfreq-aws-adapters/rules';

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
  readonly results: Pick<ResultStore, 'list' | 'find'>;
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

/**
 * After a slow read of the table comes a pause of four times as long: reading takes at most a fifth of the
 * time.
 */
const REST = 4;

/** How many looks in a row may fail with transient errors; the very first one may not. */
const MAX_FAILURES = 10;

/**
 * Looks at the pipeline again and again, until the signal fires.
 *
 * @throws what the first look throws, or ten in a row, or a look that fails in a way that will not pass
 */
export async function* watchPipeline(options: WatchOptions): AsyncIterable<PipelineSnapshot> {
  const { clock, signal, intervalMs } = options;
  const reader = createResultsReader(options);
  let mayFail = 0;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    try {
      const [depths, results] = await Promise.all([depthsOf(options), reader.read(signal)]);
      yield { at: clock.now(), ...depths, ...results };
      mayFail = MAX_FAILURES;
    } catch (error) {
      if (signal.aborted) return;
      mayFail -= 1;
      if (!isCoded(error) || !error.retryable || mayFail < 0) throw error;
      options.onProblem(error);
    }
    const tookMs = clock.monotonicMs() - startedMs;
    await clock.sleep(Math.max(intervalMs - tookMs, REST * tookMs), signal);
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

type Reading = Pick<PipelineSnapshot, 'done' | 'failed' | 'fresh' | 'latest'>;

/**
 * Workers' clocks differ, and a result may show up after one that ended later: so long a result may be late.
 */
const LATE_MS = 5 * 60_000;

/**
 * Reads all results each time and finds those that are new. Only those of the last minutes are remembered, so
 * memory does not grow with the table.
 */
function createResultsReader({ results, keep, words = false }: WatchOptions): {
  read(signal: AbortSignal): Promise<Reading>;
} {
  /** What has been replaced meanwhile stays as it was listed; words that cannot be read are no reason to end. */
  async function withWords(result: StoredResult, signal: AbortSignal): Promise<StoredResult> {
    if (result.missingWords === undefined) return result;
    try {
      return (await results.find(result, { signal })) ?? result;
    } catch (error) {
      return { ...result, missingWords: `The words cannot be read. ${(error as Error).message}` };
    }
  }

  let seen: { readonly sinceMs: number; readonly ids: ReadonlySet<string> } | undefined;
  return {
    async read(signal) {
      let [done, failed, newestMs] = [0, 0, -Infinity];
      const fresh: StoredResult[] = [];
      const recent = new Map<string, number>();
      const latest = keepLatest(keep);
      for await (const result of results.list({ signal, wordsKeptApart: false })) {
        if (isFailure(result.outcome)) failed += 1;
        else done += 1;
        latest.add(result);
        const endMs = result.finishedAt.getTime();
        newestMs = Math.max(newestMs, endMs);
        // An outcome that took the place of a failure is another event of the same job.
        const id = `${result.jobId} ${result.outcome}`;
        if (endMs >= newestMs - LATE_MS) recent.set(id, endMs);
        if (seen !== undefined && endMs >= seen.sinceMs && !seen.ids.has(id)) fresh.push(result);
      }
      const sinceMs = newestMs - LATE_MS;
      const ids = [...recent].filter(([, endMs]) => endMs >= sinceMs).map(([id]) => id);
      seen = { sinceMs, ids: new Set(ids) };
      fresh.sort((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime());
      const complete = words ? await Promise.all(fresh.map((result) => withWords(result, signal))) : fresh;
      return { done, failed, fresh: complete, latest: latest.items() };
    },
  };
}

/** Keeps the newest of many results, never more than twice as many in memory. */
export function keepLatest(size: number): {
  add(result: StoredResult): void;
  /** Newest first. */
  items(): readonly StoredResult[];
} {
  let kept: StoredResult[] = [];
  const trim = (): StoredResult[] =>
    kept.sort((a, b) => b.finishedAt.getTime() - a.finishedAt.getTime()).slice(0, size);
  return {
    add(result) {
      kept.push(result);
      if (kept.length >= 2 * size) kept = trim();
    },
    items: trim,
  };
}
