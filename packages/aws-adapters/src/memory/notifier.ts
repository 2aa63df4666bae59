import type { JobResult, Notification, Notifier, ResultPublisher } from '../ports/index.ts';
import { recordOf } from '../rules/job-record.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

/** A publisher that remembers what it was given, repetitions too. */
export interface MemoryResultPublisher extends ResultPublisher {
  readonly published: readonly JobResult[];
}

/** A notifier that remembers what it was given, repetitions too. */
export interface MemoryNotifier extends Notifier {
  readonly notifications: readonly Notification[];
}

/** Creates a results queue that is a list. */
export function createMemoryResultPublisher(options: { hooks?: CallHooks } = {}): MemoryResultPublisher {
  const published: JobResult[] = [];
  return {
    published,
    publish: (result) =>
      withHooks(
        options.hooks,
        'result-publisher.publish',
        result.jobId,
        () => void published.push(recordOf(result)),
      ),
  };
}

/** Creates a mailbox that is a list. */
export function createMemoryNotifier(options: { hooks?: CallHooks } = {}): MemoryNotifier {
  const notifications: Notification[] = [];
  return {
    notifications,
    notify: (notification) =>
      withHooks(
        options.hooks,
        'notifier.notify',
        notification.id,
        () => void notifications.push(notification),
      ),
  };
}
