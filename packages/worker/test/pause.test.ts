import { createMemoryIntakeSwitch } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { createHealth } from '../src/observation/health.ts';
import { createMemoryWorld } from './support/memory-world.ts';

describe('while intake is paused', () => {
  it('no worker takes a message, each says so and is well, and all are counted afterwards', async () => {
    const intake = createMemoryIntakeSwitch();
    const world = createMemoryWorld({}, () => 0.5, { intake, maxReceives: 10 });
    const workers = [world.compose().start(), world.compose().start()];
    const outcomes = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { outcome } of world.results.list()) found.push(outcome);
      return found;
    };
    await world.put('before.txt', 'words');
    await world.clock.advance(1000);
    await expect.poll(outcomes).toEqual(['counted']);

    await intake.pause({ since: world.clock.now(), by: 'ann@example.com' });
    await world.clock.advance(5000);
    for (let file = 0; file < 8; file += 1) await world.put(`${file}.txt`, 'words');
    for (let passed = 0; passed < 60; passed += 5) await world.clock.advance(5000);
    expect(await outcomes()).toEqual(['counted']);
    expect(await world.queue.depth()).toEqual({ visible: 8, inFlight: 0, delayed: 0 });
    // A receive that was open when the pause began may have brought some, which went back.
    expect(Math.max(...world.messages.messages().map(({ receiveCount }) => receiveCount))).toBeLessThan(3);
    for (const { health } of workers) {
      const response = await createHealth(health).request('/readyz');
      expect([response.status, await response.json()]).toEqual([200, { ready: true, paused: true }]);
    }

    await intake.resume();
    await expect
      .poll(async () => {
        await world.clock.advance(5000);
        return (await outcomes()).length;
      })
      .toBe(9);
    expect((await world.deadLetters.depth()).visible).toBe(0);
    for (const worker of workers) await worker.stop({ graceMs: 0 });
  });
});
