import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../ports/index.ts';

/** A clock whose time passes only on request. */
export interface ManualClock extends Clock {
  /**
   * Lets time pass, waking every sleeper at its own moment and giving its continuation a turn before the
   * next.
   */
  advance(ms: number): Promise<void>;
  /** Jumps to the moment at which the next sleeper wakes; `false` when nobody sleeps. */
  advanceToNext(): Promise<boolean>;
  /** How many sleepers there are. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/**
 * Creates a clock in virtual time, for tests and simulations: hours pass in microseconds, and always the same
 * way.
 *
 * @param start - what `now()` says at first. Default: 2026-01-01T00:00:00Z.
 * @example
 * const clock = createManualClock();
 * const done = clock.sleep(60_000);
 * await clock.advance(60_000);
 * await done;
 */
export function createManualClock(start: Date = new Date('2026-01-01T00:00:00Z')): ManualClock {
  const sleepers = new Set<Sleeper>();
  let elapsedMs = 0;

  async function advanceTo(targetMs: number): Promise<void> {
    await nextTurn();
    for (let sleeper = first(sleepers); sleeper !== undefined; sleeper = first(sleepers)) {
      if (sleeper.wakeAtMs > targetMs) break;
      elapsedMs = Math.max(elapsedMs, sleeper.wakeAtMs);
      sleeper.wake();
      await nextTurn();
    }
    elapsedMs = Math.max(elapsedMs, targetMs);
  }

  return {
    now: () => new Date(start.getTime() + elapsedMs),
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) => fallAsleep(sleepers, elapsedMs + Math.max(0, ms), signal),
    advance: (ms) => advanceTo(elapsedMs + ms),
    advanceToNext: async () => {
      await nextTurn();
      const sleeper = first(sleepers);
      if (sleeper !== undefined) await advanceTo(sleeper.wakeAtMs);
      return sleeper !== undefined;
    },
    get sleepers() {
      return sleepers.size;
    },
  };
}

function fallAsleep(
  sleepers: Set<Sleeper>,
  wakeAtMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const wake = (): void => {
      sleepers.delete(sleeper);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const sleeper: Sleeper = { wakeAtMs, wake };
    sleepers.add(sleeper);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/**
 * A Set keeps the order of insertion, so of two with the same moment the one that slept first wakes first.
 */
function first(sleepers: ReadonlySet<Sleeper>): Sleeper | undefined {
  let soonest: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (soonest === undefined || sleeper.wakeAtMs < soonest.wakeAtMs) soonest = sleeper;
  }
  return soonest;
}
