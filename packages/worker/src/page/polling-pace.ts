import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/** How often to ask for something, in milliseconds. */
export interface Interval {
  /** While something changes. */
  readonly busyMs: number;
  /** While nothing changes. */
  readonly idleMs: number;
}

/** How often the page asks the store and the queues, however many people watch. */
export interface PollingPace {
  /** Something has changed, or is about to: ask often for a while. */
  wake(): void;
  /** How old a value may be now. */
  keepMs(interval: Interval): number;
}

/** How long after the last change to ask often. */
const AWAKE_MS = 10_000;

/**
 * Creates the pace of one page: quick while something changes, slow otherwise, so that an open page costs
 * next to nothing while the pipeline is idle.
 */
export function createPollingPace(clock: Pick<Clock, 'monotonicMs'>): PollingPace {
  let awakeUntilMs = clock.monotonicMs() + AWAKE_MS;
  return {
    wake() {
      awakeUntilMs = clock.monotonicMs() + AWAKE_MS;
    },
    keepMs: ({ busyMs, idleMs }) => (clock.monotonicMs() < awakeUntilMs ? busyMs : idleMs),
  };
}
