import type { DigestOutbox, JobResult, Notifier, QuarantineReason } from '@org/wordfreq-aws-adapters/ports';
import { type NotifyMode, notificationFor, quarantineNotification } from './notification-policy.ts';

/** How people are notified of outcomes. */
export interface NotifyDependencies {
  readonly notifier: Notifier;
  readonly notify: NotifyMode;
  /** Collects what the next mail reports, with `notify: 'digest'`. Default: nothing is collected or sent. */
  readonly digest?: Pick<DigestOutbox, 'add'>;
}

/** Notifies people of a result, at once or with the next digest, as `notify` says. */
export async function notifyOfResult(
  result: JobResult,
  { notifier, notify, digest }: NotifyDependencies,
): Promise<void> {
  if (notify === 'digest') {
    const { jobId, outcome, finishedAt: at, error } = result;
    const { bucket, key } = result.object;
    // An outcome that replaces a failure is a separate entry.
    const entry = { id: `${jobId}/${outcome}`, outcome, at, object: { bucket, key } };
    await digest?.add(error === undefined ? entry : { ...entry, detail: error.message });
    return;
  }
  const notification = notificationFor(result, notify);
  if (notification !== undefined) await notifier.notify(notification);
}

/** Notifies people of a message that was given up without a record. */
export async function notifyOfQuarantine(
  messageId: string,
  reason: QuarantineReason,
  at: Date,
  { notifier, notify, digest }: NotifyDependencies,
): Promise<void> {
  if (notify === 'digest') {
    const { code, detail, facts } = reason;
    const [bucket, key] = [facts?.get('bucket'), facts?.get('key')];
    const entry = { id: messageId, outcome: `quarantined:${code}`, at, detail };
    await digest?.add(
      bucket === undefined || key === undefined ? entry : { ...entry, object: { bucket, key } },
    );
    return;
  }
  const notification = quarantineNotification(messageId, reason, notify);
  if (notification !== undefined) await notifier.notify(notification);
}
