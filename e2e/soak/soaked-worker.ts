/**
 * The real worker in a process that measures itself when it is asked to, and stops when it is told to. Run
 * with `--expose-gc`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runWorker } from '@org/wordfreq-worker/main';

/** What the process holds, with all garbage collected. */
export interface Measurement {
  /** The JavaScript heap, and what buffers hold outside of it. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Open sockets, timers, threads, requests: all that the event loop waits for. */
  readonly handles: number;
}

async function measure(): Promise<Measurement> {
  // What one collection sets free, the callbacks of finalizers and weak references, may keep more alive until
  // the next.
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapBytes: heapUsed + external,
    residentBytes: rss,
    handles: process.getActiveResourcesInfo().length,
  };
}

const stop = new AbortController();
process.on('message', (request) => {
  if (request === 'stop') stop.abort();
  else void measure().then((measurement) => process.send?.(measurement));
});
await runWorker(process.env, { signal: stop.signal });
process.disconnect();
