import { describe, expect, it } from 'vitest';
import { createHealth, healthOf } from './health.ts';

const MINUTE = 60_000;
const WELL = {
  circuit: { open: false, openForMs: 0, hasWorked: true },
  worker: { failedReceives: 0 },
  watch: { paused: false },
};
const DOWN = { open: true, openForMs: 30 * MINUTE - 1, hasWorked: true };
const DOWN_FOR_LONG = { ...DOWN, openForMs: 30 * MINUTE };

describe(createHealth, () => {
  it.each([
    ['well', WELL, false, 200, 200],
    ['stopping', WELL, true, 200, 503],
    ['waiting for a service that is down', { ...WELL, circuit: DOWN }, false, 200, 503],
    ['waiting for it for too long', { ...WELL, circuit: DOWN_FOR_LONG }, false, 503, 503],
    [
      'waiting in vain since its start',
      { ...WELL, circuit: { ...DOWN_FOR_LONG, hasWorked: false } },
      false,
      200,
      503,
    ],
    ['paused', { ...WELL, watch: { paused: true } }, false, 200, 200],
    ['cut off for a moment', { ...WELL, worker: { failedReceives: 4 } }, false, 200, 200],
    ['cut off from its queue', { ...WELL, worker: { failedReceives: 5 } }, false, 503, 503],
  ])('says how a worker is that is %s', async (_, parts, stopping, healthz, readyz) => {
    const signal = stopping ? AbortSignal.abort() : new AbortController().signal;
    const app = createHealth(healthOf({ ...parts, signal, unhealthyAfterMs: 30 * MINUTE }));
    expect([(await app.request('/healthz')).status, (await app.request('/readyz')).status]).toEqual([
      healthz,
      readyz,
    ]);
    expect(await (await app.request('/readyz')).json()).toMatchObject({ paused: parts.watch.paused });
  });
});
