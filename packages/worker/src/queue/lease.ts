import type { Clock, CodedError, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { WAIT_IS_OVER } from '@org/wordfreq-aws-adapters/rules';

/** How a lease is kept. */
interface LeaseOptions {
  readonly queue: Pick<JobQueue, 'extend'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly visibilitySeconds: number;
}

/** The lease of a message, which is held as long as its signal has not fired. */
export interface Lease {
  /**
   * Fires when the message is no longer ours or soon will not be (`lease-lost`), or when its work is to be
   * given up (`aborted`).
   */
  readonly signal: AbortSignal;
  /** Interrupts the work although the lease is held. */
  interrupt(): void;
  /** Stops extending. */
  end(): void;
}

/** Why the work on a message was interrupted. */
export class WorkInterrupted extends Error implements CodedError<'aborted' | 'lease-lost'> {
  override readonly name: string = 'WorkInterrupted';
  readonly code: 'aborted' | 'lease-lost';
  /** Somebody will receive the message again. */
  readonly retryable: boolean = true;

  constructor(code: 'aborted' | 'lease-lost', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A lease is extended when a third of it has passed. */
const EXTENSIONS_PER_TIMEOUT = 3;
/** How often it is looked at; an extension that failed is tried again at the next look. */
const LOOKS_PER_TIMEOUT = 12;
/** Clocks differ and calls take time, so the lease counts as ended this share of a timeout before it ends. */
const SAFETY_SHARE = 0.1;

/**
 * Keeps a received message invisible to others for as long as its job takes, also while the job waits. When
 * that cannot be done, the signal fires *before* somebody else can receive the message.
 *
 * @example
 * const lease = keepLease(message, { queue, clock, visibilitySeconds: 60 });
 * try {
 *   await work(message, lease.signal);
 * } finally {
 *   lease.end();
 * }
 */
export function keepLease(message: QueueMessage, options: LeaseOptions): Lease {
  const { queue, clock, visibilitySeconds } = options;
  const givenUp = new AbortController();
  const ended = new AbortController();
  const timeoutMs = visibilitySeconds * 1000;
  const usableMs = timeoutMs * (1 - SAFETY_SHARE);
  let validUntil = clock.monotonicMs() + usableMs;
  let extendAt = clock.monotonicMs() + timeoutMs / EXTENSIONS_PER_TIMEOUT;
  let extending = false;

  async function extend(): Promise<void> {
    const asked = clock.monotonicMs();
    extending = true;
    try {
      await queue.extend(message, visibilitySeconds);
      validUntil = asked + usableMs;
      extendAt = asked + timeoutMs / EXTENSIONS_PER_TIMEOUT;
    } catch (error) {
      if ((error as Partial<CodedError>).code === 'lease-lost') lose('the message is no longer ours', error);
    } finally {
      extending = false;
    }
  }

  function lose(why: string, cause?: unknown): void {
    givenUp.abort(new WorkInterrupted('lease-lost', `Message ${message.id}: ${why}.`, { cause }));
    ended.abort(WAIT_IS_OVER);
  }

  async function keep(): Promise<void> {
    while (!ended.signal.aborted) {
      const untilLost = Math.max(0, validUntil - clock.monotonicMs());
      await clock.sleep(Math.min(timeoutMs / LOOKS_PER_TIMEOUT, untilLost), ended.signal);
      if (ended.signal.aborted) return;
      if (clock.monotonicMs() >= validUntil) lose('the lease could not be extended in time');
      else if (!extending && clock.monotonicMs() >= extendAt) void extend();
    }
  }

  void keep();
  return {
    signal: givenUp.signal,
    interrupt: () =>
      givenUp.abort(new WorkInterrupted('aborted', `Message ${message.id}: the worker is stopping.`)),
    end: () => ended.abort(WAIT_IS_OVER),
  };
}
