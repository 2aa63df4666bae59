import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/** When to stop receiving. */
export interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** So many jobs in a row denied open the circuit. Default: 5. */
  readonly threshold?: number;
  /** After this pause one job is let through, to see. Default: 60,000. */
  readonly pauseMs?: number;
}

/**
 * Notices that *every* object fails alike because access is denied (a lost permission, a disabled key): then the worker must stop
 * receiving and call itself unhealthy, instead of moving the whole queue to the dead letters.
 */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #denials = 0;
  #openedAt = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = { threshold: 5, pauseMs: 60_000, ...options };
  }

  /** Takes the code with which a job ended; undefined for one that ended well. */
  record(code: string | undefined): void {
    if (code !== 'access-denied') {
      this.#denials = 0;
      return;
    }
    this.#denials += 1;
    if (this.open) this.#openedAt = this.#options.clock.monotonicMs();
  }

  /** Whether jobs fail alike. */
  get open(): boolean {
    return this.#denials >= this.#options.threshold;
  }

  /** How many jobs may be taken on, of `free` that there is room for: one at a time while the circuit is open, after each pause. */
  allowance(free: number, inFlight: number): number {
    if (!this.open) return free;
    const rested = this.#options.clock.monotonicMs() - this.#openedAt >= this.#options.pauseMs;
    return rested && inFlight === 0 ? 1 : 0;
  }
}
