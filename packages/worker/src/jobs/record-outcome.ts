import type { Job } from './job.ts';

/** What happened to one record of a message, for logs and metrics. */
export interface RecordOutcome {
  /**
   * `counted`, `empty`, `gone`, `skipped:…`, `failed:…`, `duplicate`, `test-event`, `removed`, `ignored`,
   * `retry:<code>`, `interrupted`, `lost-lease`, `quarantined:<code>`.
   */
  readonly outcome: string;
  /** The job, if the event led to one. */
  readonly job?: Job;
  /** The id of the job. */
  readonly jobId?: string;
  /** The length of the text in bytes. */
  readonly bytes?: number;
  /** The number of words in the text. */
  readonly words?: number;
  /** How long the job took. */
  readonly durationMs?: number;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string };
}
