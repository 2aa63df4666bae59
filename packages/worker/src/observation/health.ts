import { Hono } from 'hono';
import type { CircuitBreaker } from '../queue/circuit-breaker.ts';
import type { Worker } from '../queue/create-worker.ts';
import type { IntakeWatch } from '../queue/watch-intake.ts';

/** What the health endpoints report. */
export interface HealthSources {
  /** False when the container should be replaced. */
  readonly healthy: () => boolean;
  /** False while the worker does not receive: it is stopping, or every job fails in the same way. */
  readonly ready: () => boolean;
  /**
   * Whether somebody paused intake. The worker is well and stays ready then: a load balancer must not take
   * the page away on which intake is resumed.
   */
  readonly paused: () => boolean;
}

/** Fewer failed receives in a row may be a short disturbance. */
const UNHEALTHY_AFTER_FAILED_RECEIVES = 5;

/**
 * Whether a worker is healthy and ready. A service that is down or denies access makes it unready, but not
 * immediately unhealthy: another container would have the same problem, and each replacement costs the
 * messages at hand receives, until they are dead letters. If jobs have long failed in the same way, the fault
 * may be in this container (stale connections, DNS names, credentials), so it is replaced, but only if it
 * worked before: a container that never did is as fresh as its replacement would be. A queue that cannot be
 * reached delivers no messages, so there a replacement costs nothing and is tried soon.
 */
export function healthOf(parts: {
  readonly circuit: Pick<CircuitBreaker, 'open' | 'openForMs' | 'hasWorked'>;
  readonly worker: Pick<Worker, 'failedReceives'>;
  readonly watch: IntakeWatch;
  readonly signal: AbortSignal;
  readonly unhealthyAfterMs: number;
}): HealthSources {
  const { circuit, worker, watch, signal, unhealthyAfterMs } = parts;
  const reachesQueue = (): boolean => worker.failedReceives < UNHEALTHY_AFTER_FAILED_RECEIVES;
  return {
    healthy: () => !(circuit.hasWorked && circuit.openForMs >= unhealthyAfterMs) && reachesQueue(),
    ready: () => !signal.aborted && !circuit.open && reachesQueue(),
    paused: () => watch.paused,
  };
}

/** `GET /healthz` (if it fails, replace the container) and `GET /readyz` (takes on work): 200 or 503. */
export function createHealth({ healthy, ready, paused }: HealthSources): Hono {
  return new Hono()
    .get('/healthz', (context) => context.json({ healthy: healthy() }, healthy() ? 200 : 503))
    .get('/readyz', (context) => context.json({ ready: ready(), paused: paused() }, ready() ? 200 : 503));
}
