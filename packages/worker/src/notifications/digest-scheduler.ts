import type { Clock, JobQueue } from '@org/wordfreq-aws-adapters/ports';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { type DigestDependencies, sendDigest } from './send-digest.ts';

/** Options of {@link createDigestScheduler}. */
export interface DigestSchedulerOptions extends DigestDependencies {
  readonly queue: Pick<JobQueue, 'depth'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly intervalMs: number;
  /** Called when a digest could not be sent: the next one reports the same. */
  readonly onProblem: (error: unknown) => void;
}

/** Sends digests while the worker runs, and when it stops. Never throws. */
export interface DigestScheduler {
  /** Call often: sends the digest when the interval since the last one has passed. */
  whenDue(): Promise<void>;
  /**
   * Call when the worker stops: if no work is left, perhaps no worker will run for days, so the digest is
   * sent now. Takes at most two seconds.
   */
  whenStopping(): Promise<void>;
}

/** Two workers that stop together must not both send the same digest. */
const LAST_INTERVAL_MS = 5000;
const LAST_DIGEST_TIMEOUT_MS = 2000;

/** Makes the scheduler. */
export function createDigestScheduler(options: DigestSchedulerOptions): DigestScheduler {
  const { queue, clock, intervalMs, onProblem } = options;

  async function sendLast(signal: AbortSignal): Promise<void> {
    if (messagesIn(await queue.depth({ signal })) > 0) return;
    await sendDigest(options, { intervalMs: LAST_INTERVAL_MS, signal });
  }

  return {
    async whenDue() {
      await sendDigest(options, { intervalMs }).catch(onProblem);
    },
    async whenStopping() {
      const [late, done] = [new AbortController(), new AbortController()];
      void clock.sleep(LAST_DIGEST_TIMEOUT_MS, done.signal).then(() => late.abort());
      await sendLast(late.signal).catch(onProblem);
      done.abort();
    },
  };
}
