import { Hono } from 'hono';
import type { CircuitBreaker } from '../queue/circuit-breaker.ts';
import type { Worker } from '../queue/create-worker.ts';

/** What the health endpoints ask. */
export interface HealthSources {
  /** False while the worker cannot do its work, such as when access to every object is denied. */
  readonly healthy: () => boolean;
  /** False while it takes on no work: when it stops, and while every job fails alike. */
  readonly ready: () => boolean;
}

/** So many failed receives in a row are more than a hiccup. */
const UNWELL_AFTER_FAILED_RECEIVES = 5;

/**
 * How a worker is. A service that is down makes it unready, but not at once unhealthy: another container would meet the same. If jobs have
 * failed alike for long, the fault may be in this container (stale connections, names, credentials), and a new one is worth a try.
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

/** `GET /healthz` (replace the container if it fails) and `GET /readyz` (takes on work): 200 or 503. */
export function createHealth({ healthy, ready }: HealthSources): Hono {
  return new Hono()
    .get('/healthz', (context) => context.json({ healthy: healthy() }, healthy() ? 200 : 503))
    .get('/readyz', (context) => context.json({ ready: ready() }, ready() ? 200 : 503));
}
