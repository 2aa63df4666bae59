import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../src/circuit-breaker.ts';
import { createWorker } from '../src/create-worker.ts';
import { handleMessage } from '../src/handle-message.ts';
import { createHealth, healthOf } from '../src/health.ts';
import { createJobMetrics } from '../src/metrics.ts';
import { observeOutcomes } from '../src/observe-outcomes.ts';
import { createMemoryWorld } from './support/memory-world.ts';

const MAX_RECEIVES = 10;
const HOUR = 3_600_000;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A worker of whose objects every one is denied, as long as `state.denied` says so. */
function setUp() {
  const state = { denied: true };
  const hooks = {
    before({ operation }: { readonly operation: string }) {
      if (!state.denied || operation !== 'object-store.read') return;
      throw Object.assign(new Error('HTTP 403'), { code: 'access-denied', retryable: false });
    },
  };
  const world = createMemoryWorld(hooks, () => 0.5, { maxReceives: MAX_RECEIVES });
  const circuit = new CircuitBreaker({ clock: world.clock });
  const stopping = new AbortController();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;
  const metrics = createJobMetrics({ clock: world.clock, write: () => undefined });
  const observers = { logger: log, metrics, circuit, clock: world.clock };
  const dependencies = {
    ...world.dependencies,
    isOutage: () => circuit.open,
    waitOut: (code: string, signal: AbortSignal) => circuit.waitOut(code, signal),
  };
  const worker = createWorker({
    queue: world.queue,
    clock: world.clock,
    allowance: (free, inFlight) => circuit.allowance(free, inFlight),
    onError: () => undefined,
    onReturned: (message, outcome) => observeOutcomes(message, [{ outcome }], observers),
    process: async (message, signal) =>
      observeOutcomes(message, await handleMessage(message, dependencies, signal), observers),
  });
  const health = createHealth(healthOf({ circuit, worker, signal: stopping.signal }));
  const statusOf = async (path: string): Promise<number> => (await health.request(path)).status;
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 15_000) {
      await world.clock.advance(15_000);
      await settle();
    }
  };
  return { state, world, worker, statusOf, pass };
}

describe('when every object is denied, for hours', () => {
  it.each([8, 40])(
    'sends nothing to the dead letters, says that it is not well, and counts all %i files afterwards',
    async (files) => {
      const { state, world, worker, statusOf, pass } = setUp();
      for (let file = 0; file < files; file += 1) await world.put(`${file}.txt`, 'words');
      await pass(6 * HOUR);
      expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
      expect(await statusOf('/healthz')).toBe(503);
      expect(Math.max(...world.messages.messages().map(({ receiveCount }) => receiveCount))).toBeLessThan(5);

      state.denied = false;
      await pass(HOUR);
      expect([world.messages.messages(), await statusOf('/healthz')]).toEqual([[], 200]);
      const outcomes: string[] = [];
      for await (const { outcome } of world.results.list()) outcomes.push(outcome);
      expect(outcomes).toEqual(Array.from({ length: files }, () => 'counted'));
      await worker.stop({ graceMs: 0 });
    },
    60_000,
  );
});
