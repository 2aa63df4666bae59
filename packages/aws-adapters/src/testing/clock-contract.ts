import assert from 'node:assert/strict';
import type { Clock } from '../ports/index.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a clock works on. */
export interface ClockFixture extends Disposable {
  /** The clock under test. */
  readonly clock: Clock;
  /** Lets time pass: waits, or turns the clock. */
  pass(ms: number): Promise<void>;
}

/** The contract of `Clock`. */
export function clockContract(api: TestApi, setup: Setup<ClockFixture>): void {
  api.describe('Clock contract', () => {
    const test = testsWith(api, setup);

    test('sleeps until the time has passed', async ({ clock, pass }) => {
      const before = clock.monotonicMs();
      let awake = false;
      const sleeping = clock.sleep(20).then(() => {
        awake = true;
      });
      assert.equal(awake, false);
      await pass(40);
      await sleeping;
      // Timers may fire a fraction of a millisecond early.
      assert.ok(clock.monotonicMs() - before >= 19);
    });

    test('wakes without complaint when the signal fires, before or while it sleeps', async ({ clock }) => {
      await clock.sleep(3_600_000, AbortSignal.abort());
      const abort = new AbortController();
      const sleeping = clock.sleep(3_600_000, abort.signal);
      abort.abort();
      await sleeping;
    });

    test('never goes back', async ({ clock, pass }) => {
      const before = clock.monotonicMs();
      await pass(1);
      assert.ok(clock.monotonicMs() >= before);
    });
  });
}
