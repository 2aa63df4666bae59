/**
 * Messages for about this much work may wait: enough to bridge a receive, and no other worker would have done
 * them sooner.
 */
const HORIZON_MS = 1000;
/** How much the newest job says about the next ones. */
const WEIGHT = 0.2;

/** Estimates from how long jobs take how many messages to receive before there is room for them. */
export class PrefetchEstimator {
  #meanMs = Number.POSITIVE_INFINITY;

  /** Takes the duration of a job that ended. */
  record(durationMs: number): void {
    this.#meanMs = Number.isFinite(this.#meanMs)
      ? this.#meanMs + WEIGHT * (durationMs - this.#meanMs)
      : durationMs;
  }

  /** Starts over, without prefetching: the current jobs take longer than expected. */
  forget(): void {
    this.#meanMs = Number.POSITIVE_INFINITY;
  }

  /**
   * How many messages `concurrency` jobs get through in about a second, at most `max`; 0 until a job has
   * ended.
   */
  ahead(concurrency: number, max: number): number {
    return Math.min(max, Math.floor((concurrency * HORIZON_MS) / this.#meanMs));
  }
}
