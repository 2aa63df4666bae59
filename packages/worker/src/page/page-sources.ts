import type { Clock, DeadLetterQueue, JobQueue, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import type { Redrive } from './create-redrive.ts';

/** A notification, as the e-mail that people would get. */
export interface MailPreview {
  /** The id of the notification. */
  readonly id: string;
  /** When it was sent. */
  readonly at: Date;
  /** The name of the topic. */
  readonly topic: string;
  /** The subject. */
  readonly subject: string;
  /** The text. */
  readonly text: string;
}

/** Where the page gets what it shows. What is absent is not shown, and what it would allow is refused. */
export interface PageSources {
  /** The store of results. */
  readonly results: Pick<ResultStore, 'list' | 'history'>;
  /** The queue of jobs. */
  readonly jobs: Pick<JobQueue, 'depth'>;
  /** The dead letters; without them the page shows none. */
  readonly deadLetters?: Pick<DeadLetterQueue, 'peek' | 'depth'>;
  /**
   * Sends dead letters back to be done again, until all are sent or the browser has gone. Give it only where
   * whoever reaches the page may do that: on loopback, or behind something that asks who they are. See
   * {@link createRedrive}.
   */
  readonly redrive?: Redrive;
  /** Newest first. */
  readonly notifications?: () => readonly MailPreview[];
  /** Takes a file that a person dropped on the page. As with `redrive`, give it only where they may. */
  readonly upload?: (name: string, body: Uint8Array) => Promise<void>;
  /** The clock, injected so that tests control time. */
  readonly clock: Pick<Clock, 'monotonicMs' | 'now'>;
}
