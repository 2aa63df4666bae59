/** Time, injected so that tests and simulations control it. */
export interface Clock {
  /** The wall clock. */
  now(): Date;
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` fires; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number from 0 (included) to 1 (excluded), injected for the same reason. */
export type Random = () => number;
