import type { Clock, JobQueue } from '@org/wordfreq-aws-adapters/ports';
import { type DigestDependencies, sendDigest } from './send-digest.ts';

/** When digests go, and what they are made with. */
export interface DigestPostOptions extends DigestDependencies {
  readonly queue: Pick<JobQueue, 'depth'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly intervalMs: number;
  /** Told of a digest that could not be sent: the next one tells its news. */
  readonly onProblem: (error: unknown) => void;
}

/** Sends digests on the worker's occasions. Never throws. */
export interface DigestPost {
  /** To be called often: sends the digest when the interval since the last one has passed. */
  whenDue(): Promise<void>;
  /**
   * To be called by a worker that stops: when no work is left, perhaps no worker will run for days, so the news go now. Takes at most
   * two seconds.
   */
  whenStopping(): Promise<void>;
}

/** Two workers that stop together must not both tell the same. */
const LAST_INTERVAL_MS = 5000;
const PATIENCE_MS = 2000;

/** Makes the post. */
export function createDigestPost(options: DigestPostOptions): DigestPost {
  const { queue, clock, intervalMs, onProblem } = options;

  async function sendLast(signal: AbortSignal): Promise<void> {
    const { visible, inFlight, delayed } = await queue.depth({ signal });
    if (visible + inFlight + delayed > 0) return;
    await sendDigest(options, { intervalMs: LAST_INTERVAL_MS, signal });
  }

  return {
    async whenDue() {
      await sendDigest(options, { intervalMs }).catch(onProblem);
    },
    async whenStopping() {
      const [late, done] = [new AbortController(), new AbortController()];
      void clock.sleep(PATIENCE_MS, done.signal).then(() => late.abort());
      await sendLast(late.signal).catch(onProblem);
      done.abort();
    },
  };
}
