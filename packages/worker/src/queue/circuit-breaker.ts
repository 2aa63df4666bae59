import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import { retryDelay } from '@org/wordfreq-aws-adapters/rules';

/** When to stop receiving. */
export interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** This many messages in a row whose jobs fail in the same way open the circuit. Default: 5. */
  readonly threshold?: number;
  /**
   * After this pause one job is let through, to see; the pause doubles each time that it fails, too. Default:
   * 5,000.
   */
  readonly pauseMs?: number;
  /** The longest pause. Default: 60,000. */
  readonly maxPauseMs?: number;
  /**
   * How long one job is tried while the circuit is open, before another one gets its turn: the job itself may
   * be what fails. Doubles with each turn, so that a long outage brings no message close to its last receive.
   * Default: 300,000.
   */
  readonly turnMs?: number;
}

/**
 * What a job does that failed while the circuit is open: waits and is tried again; makes way for another; or
 * only goes back.
 */
export type OutageAdvice = 'try-again' | 'make-way' | 'go-back';

/** What is known of one record of a message. */
interface Learned {
  readonly outcome: string;
  readonly error?: { readonly code: string };
}

/** Failures that say something about the surroundings rather than about the object. */
const OUTAGES: ReadonlySet<string | undefined> = new Set(['access-denied', 'throttled', 'unavailable']);
/** Failures that say nothing about them: faults of ours, and a job that was given up for its earlier ends. */
const SILENT: ReadonlySet<string | undefined> = new Set(['invalid', 'internal', 'attempts-exhausted']);
/** Who has this outcome has asked the object store, unless it failed for a reason that says nothing. */
const PROOF = /^(counted|empty|gone|skipped:overwritten|failed:.*)$/s;
/**
 * The message ended, so its queue was reached, and perhaps the store of results; the object store was not
 * asked.
 */
const ENDED =
  /^(duplicate|skipped:.*|test-event|removed|ignored|failed:.*|quarantined:(?!attempts-exhausted).*)$/s;

/**
 * Notices that *every* job fails in the same way: a lost permission, a disabled key, a service that is down.
 * Then the worker must stop receiving and say that it is not well, instead of moving the whole queue to the
 * dead letters.
 */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #code: string | undefined;
  #failures = 0;
  #hasWorked = false;
  #restedAt = 0;
  #openedAt = 0;
  #waiting = false;
  #turn: { readonly messageId: string; readonly endsAt: number } | undefined;
  #turnMs: number;

  constructor(options: CircuitBreakerOptions) {
    this.#options = { threshold: 5, pauseMs: 5000, maxPauseMs: 60_000, turnMs: 300_000, ...options };
    this.#turnMs = this.#options.turnMs;
  }

  /**
   * Learns from the outcomes of one message's records. A failure that looks like an outage counts, whatever
   * the others are. An object that was read ends an outage. A message that ended without reading any, such as
   * a duplicate, closes the circuit, so that the worker takes on jobs again and says that it is ready; but
   * the next job that fails like the others opens it again.
   */
  learn(records: readonly Learned[]): void {
    const failure = records.find(
      ({ outcome, error }) => /^(failed|retry):/.test(outcome) && OUTAGES.has(error?.code),
    );
    const telling = records.filter(({ error }) => !SILENT.has(error?.code));
    if (failure?.error !== undefined) this.#fail(failure.error.code);
    else if (telling.some(({ outcome }) => PROOF.test(outcome))) {
      this.#hasWorked = true;
      this.#close(0);
    } else if (this.open && records.some(({ outcome }) => ENDED.test(outcome)))
      this.#close(this.#options.threshold - 1);
  }

  #fail(code: string): void {
    const { pauseMs, maxPauseMs, threshold, clock } = this.#options;
    this.#failures = code === this.#code ? this.#failures + 1 : 1;
    this.#code = code;
    if (!this.open) return;
    const now = clock.monotonicMs();
    if (this.#failures === threshold) this.#openedAt = now;
    this.#restedAt = now + retryDelay(this.#failures - threshold + 1, pauseMs, maxPauseMs);
  }

  #close(failures: number): void {
    this.#failures = failures;
    if (failures === 0) this.#code = undefined;
    this.#turn = undefined;
    this.#turnMs = this.#options.turnMs;
  }

  /** Whether all jobs are failing in the same way. */
  get open(): boolean {
    return this.#failures >= this.#options.threshold;
  }

  /** What they fail with, while the circuit is open. */
  get openCode(): string | undefined {
    return this.open ? this.#code : undefined;
  }

  /** Whether any object could be read since the start. */
  get hasWorked(): boolean {
    return this.#hasWorked;
  }

  /** For how long the circuit has been open; 0 while it is closed. */
  get openForMs(): number {
    return this.open ? this.#options.clock.monotonicMs() - this.#openedAt : 0;
  }

  /**
   * Keeps one job waiting while the circuit is open, to be tried again where it is: each time that a message
   * goes back to its queue and comes again brings it closer to the dead letters. After its turn it makes way
   * for another, or one job that always fails would keep the circuit open. Says `go-back` to all other jobs,
   * and when the signal fired, which ends the wait.
   */
  async waitOut(code: string, messageId: string, signal: AbortSignal): Promise<OutageAdvice> {
    if (code !== this.openCode || this.#waiting) return 'go-back';
    const { clock } = this.#options;
    if (this.#turn?.messageId !== messageId)
      this.#turn = { messageId, endsAt: clock.monotonicMs() + this.#turnMs };
    else if (clock.monotonicMs() >= this.#turn.endsAt) {
      this.#turn = undefined;
      this.#turnMs *= 2;
      return 'make-way';
    }
    this.#waiting = true;
    this.#fail(code);
    await clock.sleep(this.#restedAt - clock.monotonicMs(), signal);
    this.#waiting = false;
    return signal.aborted ? 'go-back' : 'try-again';
  }

  /**
   * How many jobs may be taken on, of `free` that there is room for: one at a time while the circuit is open,
   * after each pause.
   */
  allowance(free: number, inFlight: number): number {
    if (!this.open) return free;
    return inFlight === 0 && this.#options.clock.monotonicMs() >= this.#restedAt ? 1 : 0;
  }
}
