import { Hono } from 'hono';

/** What the health endpoints ask. */
export interface HealthSources {
  /** False while the worker cannot do its work, such as when access to every object is denied. */
  readonly healthy: () => boolean;
  /** False before the first receive and after the stop began. */
  readonly ready: () => boolean;
}

/** `GET /healthz` (replace the container if it fails) and `GET /readyz` (takes on work): 200 or 503. */
export function createHealth({ healthy, ready }: HealthSources): Hono {
  return new Hono()
    .get('/healthz', (context) => context.json({ healthy: healthy() }, healthy() ? 200 : 503))
    .get('/readyz', (context) => context.json({ ready: ready() }, ready() ? 200 : 503));
}
