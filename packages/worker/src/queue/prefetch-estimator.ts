/** Work for about so long may wait for its turn: enough to bridge a receive, and nobody else would have done it sooner. */
const HORIZON_MS = 1000;
/** How much the newest job says about the next ones. */
const WEIGHT = 0.2;

/** Learns how long jobs take, and so how many messages are worth borrowing before there is room for them. */
export class Pace {
  #meanMs = Number.POSITIVE_INFINITY;

  /** Takes the duration of a job that ended. */
  record(durationMs: number): void {
    this.#meanMs = Number.isFinite(this.#meanMs)
      ? this.#meanMs + WEIGHT * (durationMs - this.#meanMs)
      : durationMs;
  }

  /** Forgets: the jobs at hand take longer than expected. */
  forget(): void {
    this.#meanMs = Number.POSITIVE_INFINITY;
  }

  /** How many messages `concurrency` jobs at once get through in about a second, at most `max`; none before a job has ended. */
  ahead(concurrency: number, max: number): number {
    return Math.min(max, Math.floor((concurrency * HORIZON_MS) / this.#meanMs));
  }
}
