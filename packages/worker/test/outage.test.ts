import { describe, expect, it } from 'vitest';
import { createHealth } from '../src/observation/health.ts';
import { createMemoryWorld } from './support/memory-world.ts';

const MAX_RECEIVES = 10;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/**
 * A worker of whose objects every one is refused with a code, as long as `state.down` says so, and one for
 * ever.
 */
function setUp(code: string, poisoned?: string) {
  const state = { down: true };
  const hooks = {
    before({ operation, subject }: { readonly operation: string; readonly subject: string }) {
      if (operation !== 'object-store.read' || (!state.down && subject !== poisoned)) return;
      throw Object.assign(new Error(code), { code, retryable: code !== 'access-denied' });
    },
  };
  const world = createMemoryWorld(hooks, () => 0.5, { maxReceives: MAX_RECEIVES });
  let worker = world.compose().start();
  let replaced = 0;
  const statusOf = async (path: string): Promise<number> =>
    (await createHealth(worker.health).request(path)).status;
  /** As ECS: three failed checks in a row, and the container makes way for another. */
  const replaceUnhealthy = async (failedChecks: number): Promise<number> => {
    if ((await statusOf('/healthz')) === 200) return 0;
    if (failedChecks < 2) return failedChecks + 1;
    await worker.stop({ graceMs: 0, giveUpMs: 0 });
    worker = world.compose().start();
    replaced += 1;
    return 0;
  };
  const pass = async (ms: number, { replacing = false } = {}): Promise<void> => {
    let failedChecks = 0;
    for (let passed = 0; passed < ms; passed += 15_000) {
      await world.clock.advance(15_000);
      await settle();
      if (replacing && passed % 30_000 === 0) failedChecks = await replaceUnhealthy(failedChecks);
    }
  };
  return {
    state,
    world,
    stop: () => worker.stop({ graceMs: 0 }),
    statusOf,
    pass,
    get replaced() {
      return replaced;
    },
  };
}

describe.each(['access-denied', 'unavailable'])('when every object is %s for hours', (code) => {
  it.each([8, 40])(
    'has its container replaced once at most, sends nothing to the dead letters, and counts all %i files afterwards',
    async (files) => {
      const run = setUp(code);
      const { state, world, pass } = run;
      state.down = false;
      await world.put('before.txt', 'words');
      await pass(MINUTE, { replacing: true });
      state.down = true;
      for (let file = 0; file < files; file += 1) await world.put(`${file}.txt`, 'words');
      await pass(20 * MINUTE, { replacing: true });
      expect([await run.statusOf('/healthz'), await run.statusOf('/readyz')]).toEqual([200, 503]);
      await pass(6 * HOUR, { replacing: true });
      expect(run.replaced).toBe(1);
      expect([await run.statusOf('/healthz'), await run.statusOf('/readyz')]).toEqual([200, 503]);
      expect(await world.deadLetters.depth()).toMatchObject({ visible: 0 });

      state.down = false;
      await pass(HOUR, { replacing: true });
      expect([world.messages.messages(), await run.statusOf('/readyz')]).toEqual([[], 200]);
      const outcomes: string[] = [];
      for await (const { outcome } of world.results.list()) outcomes.push(outcome);
      expect(outcomes).toEqual(Array.from({ length: files + 1 }, () => 'counted'));
      await run.stop();
    },
    60_000,
  );
});

describe('when a service is down for an hour', () => {
  it('is unready at once, unhealthy after half an hour, and both again when it is over', async () => {
    const { state, world, stop, statusOf, pass } = setUp('unavailable');
    state.down = false;
    await world.put('before.txt', 'words');
    await pass(MINUTE);
    state.down = true;
    for (let file = 0; file < 8; file += 1) await world.put(`${file}.txt`, 'words');
    await pass(20 * MINUTE);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 503]);
    await pass(40 * MINUTE);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([503, 503]);
    state.down = false;
    await pass(HOUR);
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 200]);
    expect(world.messages.messages()).toEqual([]);
    await stop();
  }, 60_000);

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'counts all others afterwards although file %i, perhaps the one that it kept to try, still fails',
    async (poisoned) => {
      const { state, world, stop, statusOf, pass } = setUp('unavailable', `${poisoned}.txt`);
      for (let file = 0; file < 8; file += 1) await world.put(`${file}.txt`, 'words');
      await pass(HOUR);
      state.down = false;
      await pass(3 * HOUR);
      const outcomes: string[] = [];
      for await (const { outcome } of world.results.list()) outcomes.push(outcome);
      expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'counted'), 'failed:unavailable']);
      expect([world.messages.messages(), await statusOf('/readyz')]).toEqual([[], 200]);
      await stop();
    },
    60_000,
  );
});
