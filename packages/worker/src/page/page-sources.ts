import type {
  AnnouncementParser,
  Clock,
  DeadLetterQueue,
  IntakeSwitch,
  JobQueue,
  ResultIndex,
  ResultStore,
} from '@org/wordfreq-aws-adapters/ports';
import type { Purge, Redrive } from './create-redrive.ts';

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
  /** Of the file that it is about, if it is about one. */
  readonly key?: string;
}

/** Where the page gets what it shows. What is absent is not shown, and what it would allow is refused. */
export interface PageSources {
  /** The store of results, and its index. */
  readonly results: Pick<ResultStore, 'history' | 'search'> & ResultIndex;
  /** The queue of jobs. */
  readonly jobs: Pick<JobQueue, 'depth'>;
  /** The dead letters; without them the page shows none. */
  readonly deadLetters?: Pick<DeadLetterQueue, 'peek' | 'depth'>;
  /** Reads what dead letters are about. Default: only what their reasons say is known. */
  readonly parse?: AnnouncementParser;
  /**
   * Sends dead letters back to be done again, until all are sent or the browser has gone. Give it only where
   * whoever reaches the page may do that: on loopback, or behind something that asks who they are. See
   * {@link createRedrive}.
   */
  readonly redrive?: Redrive;
  /** Deletes dead letters, under the same conditions. See {@link createPurge}. */
  readonly purge?: Purge;
  /**
   * Whether the workers take messages. With `pause` and `resume` the page offers them, under the same
   * conditions.
   */
  readonly intake?: Pick<IntakeSwitch, 'read'> & Partial<Pick<IntakeSwitch, 'pause' | 'resume'>>;
  /** Newest first. */
  readonly notifications?: () => readonly MailPreview[];
  /**
   * Takes a file that a person dropped on the page. As with `redrive`, give it only where they may. Without
   * `replace` it must reject with the code `changed` where there is a file of that name: see `onlyIfAbsent`
   * of `ObjectWriter`.
   */
  readonly upload?: (name: string, body: Uint8Array, how: { readonly replace: boolean }) => Promise<void>;
  /**
   * Calls the listener when something may have changed, such as when a job has ended in this process: while
   * nothing changes, the page asks only every 20 seconds for results. Default: the page finds out by itself.
   */
  readonly onActivity?: (listener: () => void) => void;
  /** The clock, injected so that tests control time. */
  readonly clock: Pick<Clock, 'monotonicMs' | 'now'>;
}
