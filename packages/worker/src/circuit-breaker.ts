import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/** When to stop receiving. */
export interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** So many jobs in a row that fail alike open the circuit. Default: 5. */
  readonly threshold?: number;
  /** After this pause one job is let through, to see; the pause doubles each time that it fails, too. Default: 5,000. */
  readonly pauseMs?: number;
  /** The longest pause. Default: 60,000. */
  readonly maxPauseMs?: number;
}

/** Failures that say something about the surroundings rather than about the object. */
const OUTAGES: ReadonlySet<string | undefined> = new Set(['access-denied', 'throttled', 'unavailable']);

/**
 * Notices that *every* job fails alike: a lost permission, a disabled key, a service that is down. Then the worker must stop receiving
 * and say that it is not well, instead of moving the whole queue to the dead letters.
 */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #code: string | undefined;
  #failures = 0;
  #pauseMs = 0;
  #restedAt = 0;
  #probing = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = { threshold: 5, pauseMs: 5000, maxPauseMs: 60_000, ...options };
  }

  /** Takes the code with which a job failed; undefined for one that read its object. */
  record(code: string | undefined): void {
    if (!OUTAGES.has(code)) {
      this.#code = undefined;
      this.#failures = 0;
      return;
    }
    this.#failures = code === this.#code ? this.#failures + 1 : 1;
    this.#code = code;
    if (this.open) this.#rest();
  }

  #rest(): void {
    const { pauseMs, maxPauseMs, threshold, clock } = this.#options;
    this.#pauseMs = this.#failures === threshold ? pauseMs : Math.min(maxPauseMs, this.#pauseMs * 2);
    this.#restedAt = clock.monotonicMs() + this.#pauseMs;
  }

  /** Whether jobs fail alike. */
  get open(): boolean {
    return this.#failures >= this.#options.threshold;
  }

  /** What they fail with, while the circuit is open. */
  get openCode(): string | undefined {
    return this.open ? this.#code : undefined;
  }

  /**
   * Keeps one job waiting while the circuit is open, to be tried again where it is: each time that a message goes back to its queue and
   * comes again brings it closer to the dead letters. Answers whether this is the job, and it is to be tried again; not when the signal
   * fired, which ends the wait.
   */
  async waitOut(code: string, signal: AbortSignal): Promise<boolean> {
    if (code !== this.openCode || this.#probing) return false;
    this.#probing = true;
    this.record(code);
    await this.#options.clock.sleep(this.#restedAt - this.#options.clock.monotonicMs(), signal);
    this.#probing = false;
    return !signal.aborted;
  }

  /** How many jobs may be taken on, of `free` that there is room for: one at a time while the circuit is open, after each pause. */
  allowance(free: number, inFlight: number): number {
    if (!this.open) return free;
    return inFlight === 0 && this.#options.clock.monotonicMs() >= this.#restedAt ? 1 : 0;
  }
}
