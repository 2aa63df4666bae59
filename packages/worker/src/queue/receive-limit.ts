import type { Clock, JobQueue } from '@org/wordfreq-aws-adapters/ports';

/** Options of {@link createReceiveLimit}. */
interface ReceiveLimitOptions {
  readonly queue: Pick<JobQueue, 'maxReceives'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /**
   * Called when the queue does not say. Then messages that it moves by itself have no reason; all else works.
   */
  readonly onProblem: (problem: string) => void;
}

/** Somebody may change the queue while the worker runs. */
const ASK_AGAIN_MS = 600_000;

/**
 * Knows how often the queue delivers a message. It asks the queue in the background, at once and later again,
 * so that no message waits for the response.
 *
 * @example
 * const maxReceives = createReceiveLimit({ queue, clock, onProblem: (problem) => logger.warn(problem) });
 * maxReceives(); // undefined, and 10 as soon as the queue has answered
 */
export function createReceiveLimit({
  queue,
  clock,
  onProblem,
}: ReceiveLimitOptions): () => number | undefined {
  let known: number | undefined;
  let askAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    askAt = clock.monotonicMs() + ASK_AGAIN_MS;
    try {
      known = await queue.maxReceives();
    } catch (error) {
      onProblem(`How often the queue hands a message out is not known: ${(error as Error).message}`);
    }
  }

  function maxReceives(): number | undefined {
    if (clock.monotonicMs() >= askAt) void ask();
    return known;
  }
  maxReceives();
  return maxReceives;
}
