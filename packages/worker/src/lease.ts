import type { Clock, CodedError, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';

/** How a lease is kept. */
export interface LeaseOptions {
  readonly queue: Pick<JobQueue, 'extend'>;
  readonly clock: Clock;
  readonly visibilitySeconds: number;
}

/** A message that stays ours as long as its signal has not fired. */
export interface Lease {
  /** Fires when the message is no longer ours, or soon will not be. */
  readonly signal: AbortSignal;
  /** Stops extending. */
  end(): void;
}

/** Extensions come three times in each visibility timeout, so that two may fail. */
const EXTENSIONS_PER_TIMEOUT = 3;
/** Clocks differ and calls take time: the lease counts as over this share of a timeout before it is. */
const SAFETY_SHARE = 0.1;

/**
 * Keeps a received message invisible to others for as long as its job takes, also while the job waits. When that cannot be done, the
 * signal fires *before* somebody else can receive the message.
 */
export function keepLease(message: QueueMessage, options: LeaseOptions): Lease {
  const { queue, clock, visibilitySeconds } = options;
  const lost = new AbortController();
  const ended = new AbortController();
  const timeoutMs = visibilitySeconds * 1000;
  let validUntil = clock.monotonicMs() + timeoutMs * (1 - SAFETY_SHARE);

  async function extend(): Promise<void> {
    const asked = clock.monotonicMs();
    try {
      await queue.extend(message, visibilitySeconds);
      validUntil = asked + timeoutMs * (1 - SAFETY_SHARE);
    } catch (error) {
      if ((error as Partial<CodedError>).code === 'lease-lost') lost.abort(error);
    }
  }

  async function keep(): Promise<void> {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      const untilLost = validUntil - clock.monotonicMs();
      await clock.sleep(Math.min(timeoutMs / EXTENSIONS_PER_TIMEOUT, Math.max(0, untilLost)), ended.signal);
      if (ended.signal.aborted) return;
      if (clock.monotonicMs() >= validUntil) lost.abort(new Error('the lease could not be extended in time'));
      else void extend();
    }
  }

  void keep();
  return { signal: lost.signal, end: () => ended.abort() };
}
