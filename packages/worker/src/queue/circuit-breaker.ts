import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import { retryDelay } from '@org/wordfreq-aws-adapters/rules';

/** Options of {@link CircuitBreaker}. */
interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** How many messages in a row must fail in the same way to open the circuit. Default: 5. */
  readonly threshold?: number;
  /**
   * The pause after which one job is tried; it doubles each time that this job fails, too. Default: 5,000.
   */
  readonly pauseMs?: number;
  /** The longest pause. Default: 60,000. */
  readonly maxPauseMs?: number;
  /**
   * How long one job is tried while the circuit is open, before another one is tried: the job itself may be
   * the cause. It doubles with each turn, so that a long outage brings no message close to its last receive.
   * Default: 300,000.
   */
  readonly turnMs?: number;
}

/**
 * What to do with a job that failed while the circuit is open: retry it; return its message, so that another
 * job is tried (`yield`); or only return its message.
 */
export type OutageAdvice = 'retry' | 'yield' | 'return';

/** The outcome of one record of a message. */
interface ObservedOutcome {
  readonly outcome: string;
  readonly error?: { readonly code: string };
}

/** Failures that suggest an outage rather than a problem of the object. */
const OUTAGES: ReadonlySet<string | undefined> = new Set(['access-denied', 'throttled', 'unavailable']);
/**
 * Failures that say nothing about an outage: our own faults, and jobs given up because earlier attempts
 * vanished.
 */
const INCONCLUSIVE: ReadonlySet<string | undefined> = new Set(['invalid', 'internal', 'attempts-exhausted']);
/** Outcomes that prove that the object store responded, unless the failure is inconclusive. */
const STORE_RESPONDED = /^(counted|empty|gone|skipped:overwritten|failed:.*)$/s;
/**
 * Outcomes of a message that ended without a request to the object store: the queue responded, and perhaps
 * the store of results.
 */
const ENDED =
  /^(duplicate|skipped:.*|test-event|removed|ignored|failed:.*|quarantined:(?!attempts-exhausted).*)$/s;

/**
 * Detects that *every* job fails in the same way: a lost permission, a disabled key, a service that is down.
 * The worker must then stop receiving and report that it is unhealthy, instead of moving the whole queue to
 * the dead letters.
 */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #code: string | undefined;
  #failures = 0;
  #hasWorked = false;
  #pauseEndsAt = 0;
  #openedAt = 0;
  #waiting = false;
  #turn: { readonly messageId: string; readonly endsAt: number } | undefined;
  #turnMs: number;

  constructor(options: CircuitBreakerOptions) {
    this.#options = { threshold: 5, pauseMs: 5000, maxPauseMs: 60_000, turnMs: 300_000, ...options };
    this.#turnMs = this.#options.turnMs;
  }

  /**
   * Observes the outcomes of one message's records. A failure that looks like an outage counts, whatever the
   * other outcomes are. An object that was read ends an outage. A message that ended without reading one,
   * such as a duplicate, closes the circuit, so that the worker receives again and reports that it is ready;
   * but the next job that fails in the same way opens it again.
   */
  observe(records: readonly ObservedOutcome[]): void {
    const failure = records.find(
      ({ outcome, error }) => /^(failed|retry):/.test(outcome) && OUTAGES.has(error?.code),
    );
    const conclusive = records.filter(({ error }) => !INCONCLUSIVE.has(error?.code));
    if (failure?.error !== undefined) this.#fail(failure.error.code);
    else if (conclusive.some(({ outcome }) => STORE_RESPONDED.test(outcome))) {
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
    this.#pauseEndsAt = now + retryDelay(this.#failures - threshold + 1, pauseMs, maxPauseMs);
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

  /** The error code of these failures, while the circuit is open. */
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
   * Keeps one job waiting in the worker while the circuit is open, and retries it: each return to the queue
   * would bring its message closer to the dead letters. After its turn it yields to another job, because one
   * job that always fails would keep the circuit open. Returns `return` for all other jobs, and if the signal
   * fires, which ends the wait.
   */
  async awaitTurn(code: string, messageId: string, signal: AbortSignal): Promise<OutageAdvice> {
    if (code !== this.openCode || this.#waiting) return 'return';
    const { clock } = this.#options;
    if (this.#turn?.messageId !== messageId)
      this.#turn = { messageId, endsAt: clock.monotonicMs() + this.#turnMs };
    else if (clock.monotonicMs() >= this.#turn.endsAt) {
      this.#turn = undefined;
      this.#turnMs *= 2;
      return 'yield';
    }
    this.#waiting = true;
    this.#fail(code);
    await clock.sleep(this.#pauseEndsAt - clock.monotonicMs(), signal);
    this.#waiting = false;
    return signal.aborted ? 'return' : 'retry';
  }

  /**
   * How many of `free` slots may be filled: all of them, or one at a time after each pause while the circuit
   * is open.
   */
  allowance(free: number, inFlight: number): number {
    if (!this.open) return free;
    return inFlight === 0 && this.#options.clock.monotonicMs() >= this.#pauseEndsAt ? 1 : 0;
  }
}
