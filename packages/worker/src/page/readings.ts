import type { DeadLetter, IntakePause, QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { type Cached, cached } from './cached.ts';
import { digestResults, type ResultsDigest } from './digest-results.ts';
import type { PageSources } from './page-sources.ts';

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
}

/** The store and the queues are asked at most once in this time. */
const KEEP_MS = 1000;
/** How many dead letters the page holds. */
export const MAX_LETTERS = 100;
/**
 * A search looks through more of them, and less often: ten more requests for each hundred, and each hides
 * them from others.
 */
const MAX_SEARCHED_LETTERS = 1000;
const KEEP_SEARCHED_MS = 5000;

export function createReadings({ results, jobs, deadLetters, intake, clock }: PageSources): Readings {
  const peek = async (limit: number): Promise<readonly DeadLetter[]> =>
    (await deadLetters?.peek(limit)) ?? [];
  return {
    results: cached(() => digestResults(results.list(), clock.now()), { keepMs: KEEP_MS, clock }),
    work: cached(
      async () => {
        // A worker that may not read the dead letters still shows the rest.
        const dead = deadLetters?.depth().catch(() => undefined);
        const pause = intake?.read().catch(() => undefined);
        return { jobs: await jobs.depth(), deadLetters: await dead, pause: await pause };
      },
      { keepMs: KEEP_MS, clock },
    ),
    deadLetters: cached(() => peek(MAX_LETTERS), { keepMs: KEEP_MS, clock }),
    searchedLetters: cached(() => peek(MAX_SEARCHED_LETTERS), { keepMs: KEEP_SEARCHED_MS, clock }),
  };
}
