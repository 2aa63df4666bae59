import type { Clock, DeadLetterQueue, JobQueue, ResultStore } from '@org/wordfreq-aws-adapters/ports';

/** A notification, as the e-mail that people would get. */
export interface MailPreview {
  readonly id: string;
  readonly at: Date;
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}

/** Where the page gets what it shows. What is absent is not shown. */
export interface PageSources {
  readonly results: Pick<ResultStore, 'list'>;
  readonly jobs: Pick<JobQueue, 'depth'>;
  readonly deadLetters?: Pick<DeadLetterQueue, 'peek' | 'depth'>;
  readonly notifications?: () => readonly MailPreview[];
  /** Takes a file that a person dropped on the page. */
  readonly upload?: (name: string, body: Uint8Array) => Promise<void>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}
