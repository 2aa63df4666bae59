import type { IntakePause, IntakeSwitch } from '../ports/index.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

/** Creates an intake switch in memory, which lets messages in. */
export function createMemoryIntakeSwitch(options: { hooks?: CallHooks } = {}): IntakeSwitch {
  let current: IntakePause | undefined;

  function call<T>(operation: string, run: () => T): Promise<T> {
    return withHooks(options.hooks, `intake-switch.${operation}`, '', run);
  }

  return {
    read: () => call('read', () => current),
    pause: ({ since, by }) =>
      call('pause', () => {
        current ??= by === undefined ? { since } : { since, by };
      }),
    resume: () =>
      call('resume', () => {
        current = undefined;
      }),
  };
}
