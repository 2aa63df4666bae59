import type { DeadLetter, IntakePause, QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { type Cached, cached } from './cached.ts';
import { digestResults, MAX_FILES, newestFile, type ResultsDigest } from './digest-results.ts';
import type { PageSources } from './page-sources.ts';
import { createPollingPace, type PollingPace } from './polling-pace.ts';
import { createResultsReader } from './results-reader.ts';

/** The latest readings of the store and the queues, shared by all viewers. */
export interface Readings {
  readonly results: Cached<ResultsDigest>;
  readonly work: Cached<{
    readonly jobs: QueueDepth;
    readonly deadLetters: QueueDepth | undefined;
    readonly pause: IntakePause | undefined;
  }>;
  readonly deadLetters: Cached<readonly DeadLetter[]>;
  /** As many as a search looks through. */
  readonly searchedLetters: Cached<readonly DeadLetter[]>;
  readonly pace: PollingPace;
}

/**
 * How often each is read. While nothing changes, that is less than one request a second in all: the newest
 * results take eight requests, a queue's depth one.
 */
const RESULTS = { busyMs: 1000, idleMs: 20_000 };
const JOBS = { busyMs: 1000, idleMs: 5000 };
const RARELY = { busyMs: 1000, idleMs: 20_000 };
/** Dead letters whose number did not change are read again after this; each read hides them from others. */
const SAME_LETTERS_MS = 120_000;
/** How many dead letters the page holds. */
export const MAX_LETTERS = 100;
/**
 * A search looks through more of them, and less often: ten more requests for each hundred, and each hides
 * them from others.
 */
const MAX_SEARCHED_LETTERS = 1000;
const KEEP_SEARCHED_MS = 5000;

export function createReadings(sources: PageSources): Readings {
  const { clock, onActivity } = sources;
  const pace = createPollingPace(clock);
  onActivity?.(() => pace.wake());
  // A worker that may not read the dead letters still shows the rest.
  const letterDepth = cached(async () => sources.deadLetters?.depth().catch(() => undefined), {
    keepMs: () => pace.keepMs(RARELY),
    clock,
  });
  return {
    results: readResults(sources, pace),
    work: readWork(sources, letterDepth, pace),
    deadLetters: readLetters(sources, letterDepth, pace),
    searchedLetters: cached(async () => (await sources.deadLetters?.peek(MAX_SEARCHED_LETTERS)) ?? [], {
      keepMs: KEEP_SEARCHED_MS,
      clock,
    }),
    pace,
  };
}

function readResults({ results: index, clock }: PageSources, pace: PollingPace): Readings['results'] {
  const reader = createResultsReader({ index, clock, keep: MAX_FILES, describe: newestFile });
  const load = async (): Promise<ResultsDigest> => {
    const reading = await reader.read();
    if (reading.fresh.length > 0 || !reading.complete) pace.wake();
    return digestResults(reading, clock.now());
  };
  return cached(load, { keepMs: () => pace.keepMs(RESULTS), clock });
}

type LetterDepth = Cached<QueueDepth | undefined>;

function readWork(
  { jobs, intake, clock }: PageSources,
  letterDepth: LetterDepth,
  pace: PollingPace,
): Readings['work'] {
  const pauses = cached(async () => intake?.read().catch(() => undefined), {
    keepMs: () => pace.keepMs(RARELY),
    clock,
  });
  let last = '';
  const work = cached(
    async () => {
      const [dead, pause] = [letterDepth.get(), pauses.get()];
      const depths = { jobs: await jobs.depth(), deadLetters: await dead };
      const now = JSON.stringify(depths);
      if (now !== last) pace.wake();
      last = now;
      return { ...depths, pause: await pause };
    },
    { keepMs: () => pace.keepMs(JOBS), clock },
  );
  return {
    get: work.get,
    change(action) {
      pace.wake();
      return letterDepth.change(() => pauses.change(() => work.change(action)));
    },
  };
}

/** Reads dead letters by receiving them, ten per request. */
function readLetters(
  { deadLetters, clock }: PageSources,
  letterDepth: LetterDepth,
  pace: PollingPace,
): Readings['deadLetters'] {
  let last:
    | { readonly depth: string; readonly letters: readonly DeadLetter[]; readonly atMs: number }
    | undefined;
  const letters = cached(
    async () => {
      if (deadLetters === undefined) return [];
      const depth = JSON.stringify((await letterDepth.get()) ?? null);
      const atMs = clock.monotonicMs();
      if (last?.depth !== depth || atMs - last.atMs >= SAME_LETTERS_MS)
        last = { depth, letters: await deadLetters.peek(MAX_LETTERS), atMs };
      return last.letters;
    },
    { keepMs: () => pace.keepMs(RARELY), clock },
  );
  return {
    get: letters.get,
    change(action) {
      return letters.change(async () => {
        try {
          return await action();
        } finally {
          last = undefined;
        }
      });
    },
  };
}
