import type { DeadLetter, QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { type Cached, cached } from './cached.ts';
import { digestResults, type ResultsDigest } from './digest-results.ts';
import type { PageSources } from './page-sources.ts';

/** The latest readings of the store and the queues, shared by all viewers. */
export interface Readings {
  readonly results: Cached<ResultsDigest>;
  readonly depths: Cached<{ readonly jobs: QueueDepth; readonly deadLetters: QueueDepth | undefined }>;
  readonly deadLetters: Cached<readonly DeadLetter[]>;
}

/** The store and the queues are asked at most once in this time. */
const KEEP_MS = 1000;
/** Reading dead letters hides them from others for a moment, so it is done less often. */
const KEEP_LETTERS_MS = 3000;
const MAX_LETTERS = 100;

export function createReadings({ results, jobs, deadLetters, clock }: PageSources): Readings {
  return {
    results: cached(() => digestResults(results.list(), clock.now()), { keepMs: KEEP_MS, clock }),
    depths: cached(
      async () => {
        // A worker that may not read the dead letters still shows the rest.
        const dead = deadLetters?.depth().catch(() => undefined);
        return { jobs: await jobs.depth(), deadLetters: await dead };
      },
      { keepMs: KEEP_MS, clock },
    ),
    deadLetters: cached(async () => (await deadLetters?.peek(MAX_LETTERS)) ?? [], {
      keepMs: KEEP_LETTERS_MS,
      clock,
    }),
  };
}
