import type { Notification, Notifier } from '../ports/index.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

/** A notifier that remembers what it was given, repetitions too. */
export interface MemoryNotifier extends Notifier {
  /** All notifications so far, oldest first. */
  readonly notifications: readonly Notification[];
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
