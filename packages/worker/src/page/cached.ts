import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/** A value that many callers share. */
export interface Cached<T> {
  /** The value, fresh or nearly. */
  get(): Promise<T>;
  /**
   * Runs what changes the value, while no call runs. Meanwhile callers get the previous value, or wait if there is
   * none; later callers wait for a new value.
   */
  change<R>(action: () => Promise<R>): Promise<R>;
}

/** How long a value is kept. */
interface CacheOptions {
  /** Asked each time somebody wants the value. */
  readonly keepMs: number | (() => number);
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * A load is followed by a pause this many times as long, so that loading takes at most a fifth of the time.
 */
const REST = 4;
/** If a call took this long, callers do not wait for the next one. */
const SLOW_MS = 1000;

/**
 * Makes many callers share one call, so that a store is read at the same pace however many people watch. One
 * call runs at a time; its result is kept for `keepMs`, or four times as long as the call took if that is
 * longer. After that, callers who come while a slow call is running get the previous result and do not wait.
 * A failure is not kept.
 */
export function cached<T>(load: () => Promise<T>, { keepMs, clock }: CacheOptions): Cached<T> {
  let loading: Promise<T> | undefined;
  let changing: Promise<unknown> | undefined;
  let last: { readonly value: T; readonly endedMs: number; readonly tookMs: number } | undefined;

  function start(): Promise<T> {
    const startedMs = clock.monotonicMs();
    const call = load();
    loading = call;
    call.then(
      (value) => {
        const endedMs = clock.monotonicMs();
        const tookMs = endedMs - startedMs;
        last = { value, endedMs, tookMs };
        loading = undefined;
      },
      () => {
        loading = undefined;
      },
    );
    return call;
  }

  async function get(): Promise<T> {
    if (changing !== undefined) {
      if (last !== undefined) return last.value;
      await ended(changing);
      return get();
    }
    const kept = last;
    const keptMs = typeof keepMs === 'number' ? keepMs : keepMs();
    if (kept !== undefined && clock.monotonicMs() < kept.endedMs + Math.max(keptMs, REST * kept.tookMs))
      return kept.value;
    const call = loading ?? start();
    if (kept === undefined || kept.tookMs < SLOW_MS) return call;
    // Nobody waits for it, so its failure is ignored; the next caller starts again.
    call.catch(() => undefined);
    return kept.value;
  }

  return {
    get,
    async change(action) {
      const before = changing ?? loading;
      const change = ended(before).then(action);
      changing = change;
      try {
        return await change;
      } finally {
        last = undefined;
        if (changing === change) changing = undefined;
      }
    },
  };
}

async function ended(call: Promise<unknown> | undefined): Promise<void> {
  await call?.catch(() => undefined);
}
