import type { CallOptions } from './object-store.ts';

/** The kind of a notification, by which people choose what they receive. */
export type NotificationKind = 'job-finished' | 'job-failed' | 'message-quarantined' | 'digest';

/** Something that a person should read. */
export interface Notification {
  /** What it is about. */
  readonly kind: NotificationKind;
  /** Plain ASCII, at most 100 characters: what mail subjects and SNS allow. */
  readonly subject: string;
  /** Plain text, any length. */
  readonly text: string;
  /** Facts to filter by, such as `outcome`; never words of the text. */
  readonly facts: ReadonlyMap<string, string>;
  /** The same for every repetition of the same notification. */
  readonly id: string;
}

/** Notifies people. */
export interface Notifier {
  /**
   * Sends one notification.
   *
   * @throws `access-denied`, `invalid`, `throttled`, `unavailable`, `aborted`
   */
  notify(notification: Notification, options?: CallOptions): Promise<void>;
}
