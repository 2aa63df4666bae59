import { Hono } from 'hono';
import type { CircuitBreaker } from '../queue/circuit-breaker.ts';
import type { Worker } from '../queue/create-worker.ts';

/** What the health endpoints report. */
export interface HealthSources {
  /** False while the worker cannot do its work, such as when access to every object is denied. */
  readonly healthy: () => boolean;
  /** False while the worker takes on no work: it is stopping, or every job fails in the same way. */
  readonly ready: () => boolean;
}

/** Fewer failed receives in a row may be a hiccup. */
const UNWELL_AFTER_FAILED_RECEIVES = 5;

/**
 * Whether a worker is healthy and ready. A service that is down makes it unready, but not immediately
 * unhealthy: another container would have the same problem. If jobs have long failed in the same way, the
 * fault may be in this container (stale connections, DNS names, credentials): replacing it is worth a try.
 */
export function healthOf(parts: {
  readonly circuit: Pick<CircuitBreaker, 'open' | 'openCode' | 'openForMs'>;
  readonly worker: Pick<Worker, 'failedReceives'>;
  readonly signal: AbortSignal;
  readonly unhealthyAfterMs: number;
}): HealthSources {
  const { circuit, worker, signal, unhealthyAfterMs } = parts;
  const reachesQueue = (): boolean => worker.failedReceives < UNWELL_AFTER_FAILED_RECEIVES;
  return {
    healthy: () =>
      circuit.openCode !== 'access-denied' && circuit.openForMs < unhealthyAfterMs && reachesQueue(),
    ready: () => !signal.aborted && !circuit.open && reachesQueue(),
  };
}

/** `GET /healthz` (if it fails, replace the container) and `GET /readyz` (takes on work): 200 or 503. */
export function createHealth({ healthy, ready }: HealthSources): Hono {
  return new Hono()
    .get('/healthz', (context) => context.json({ healthy: healthy() }, healthy() ? 200 : 503))
    .get('/readyz', (context) => context.json({ ready: ready() }, ready() ? 200 : 503));
}
