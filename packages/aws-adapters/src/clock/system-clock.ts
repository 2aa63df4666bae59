import { performance } from 'node:perf_hooks';
import type { Clock } from '../ports/index.ts';

/**
 * The machine's own clock, for composition roots. Sleeping keeps the process alive; abort it to leave at
 * once.
 *
 * @example
 * const store = createS3ObjectStore({ client, clock: systemClock });
 */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
};
