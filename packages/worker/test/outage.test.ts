import { describe, expect, it } from 'vitest';
import { createHealth } from '../src/observation/health.ts';
import { createMemoryWorld } from './support/memory-world.ts';

const MAX_RECEIVES = 10;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A worker of whose objects every one is refused with a code, as long as `state.down` says so, and one for ever. */
function setUp(code: string, poisoned?: string) {
  const state = { down: true };
  const hooks = {
    before({ operation, subject }: { readonly operation: string; readonly subject: string }) {
      if (operation !== 'object-store.read' || (!state.down && subject !== poisoned)) return;
      throw Object.assign(new Error(code), { code, retryable: code !== 'access-denied' });
    },
  };
  const world = createMemoryWorld(hooks, () => 0.5, { maxReceives: MAX_RECEIVES });
  const worker = world.compose().start();
  const health = createHealth(worker.health);
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
      const { state, world, worker, statusOf, pass } = setUp('access-denied');
      for (let file = 0; file < files; file += 1) await world.put(`${file}.txt`, 'words');
      await pass(6 * HOUR);
      expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });
      expect(await statusOf('/healthz')).toBe(503);
      expect(Math.max(...world.messages.messages().map(({ receiveCount }) => receiveCount))).toBeLessThan(5);

      state.down = false;
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

describe('when a service is down for an hour', () => {
  it('is unready at once, unhealthy after half an hour, and both again when it is over', async () => {
    const { state, world, worker, statusOf, pass } = setUp('unavailable');
    for (let file = 0; file < 8; file += 1) await world.put(`${file}.txt`, 'words');
    await pass(20 * MINUTE);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 503]);
    await pass(40 * MINUTE);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([503, 503]);
    state.down = false;
    await pass(HOUR);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 200]);
    expect(world.messages.messages()).toEqual([]);
    await worker.stop({ graceMs: 0 });
  }, 60_000);

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'counts all others afterwards although file %i, perhaps the one that it kept to try, still fails',
    async (poisoned) => {
      const { state, world, worker, statusOf, pass } = setUp('unavailable', `${poisoned}.txt`);
      for (let file = 0; file < 8; file += 1) await world.put(`${file}.txt`, 'words');
      await pass(HOUR);
      state.down = false;
      await pass(3 * HOUR);
      const outcomes: string[] = [];
      for await (const { outcome } of world.results.list()) outcomes.push(outcome);
      expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'counted'), 'failed:unavailable']);
      expect([world.messages.messages(), await statusOf('/readyz')]).toEqual([[], 200]);
      await worker.stop({ graceMs: 0 });
    },
    60_000,
  );
});
