import assert from 'node:assert/strict';
import type { IntakeSwitch } from '../ports/index.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of an intake switch works on: one that nobody has touched. */
export interface IntakeSwitchFixture extends Disposable {
  /** The switch under test. */
  readonly intake: IntakeSwitch;
}

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** The contract of `IntakeSwitch`. */
export function intakeSwitchContract(api: TestApi, setup: Setup<IntakeSwitchFixture>): void {
  api.describe('IntakeSwitch contract', () => {
    const test = testsWith(api, setup);

    test('lets messages in until somebody pauses, and again when the pause ends', async ({ intake }) => {
      assert.equal(await intake.read(), undefined);
      await intake.pause({ since: at(1), by: 'ann@example.com' });
      assert.deepEqual(await intake.read(), { since: at(1), by: 'ann@example.com' });
      await intake.resume();
      assert.equal(await intake.read(), undefined);
      await intake.pause({ since: at(2) });
      assert.deepEqual(await intake.read(), { since: at(2) });
    });

    test('keeps the first of several pauses, and ends all of them at once', async ({ intake }) => {
      await intake.pause({ since: at(1) });
      await intake.pause({ since: at(2), by: 'ben@example.com' });
      assert.deepEqual(await intake.read(), { since: at(1) });
      await intake.resume();
      await intake.resume();
      assert.equal(await intake.read(), undefined);
    });
  });
}
