import type { JobResult } from './job-result.ts';
import type { CallOptions } from './object-store.ts';

/** Sends results to the results queue. */
export interface ResultPublisher {
  /**
   * Sends one result. The message's identity is the job's, so that a listener can drop a repetition after a
   * crash.
   *
   * @throws `access-denied`, `invalid`, `throttled`, `unavailable`, `aborted`
   */
  publish(result: JobResult, options?: CallOptions): Promise<void>;
}
