import { createManualClock, createMemoryIntakeSwitch } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { watchIntake } from './watch-intake.ts';

function setUp(fails: () => boolean = () => false) {
  const clock = createManualClock();
  const intake = createMemoryIntakeSwitch({
    hooks: {
      before({ operation }) {
        if (operation === 'intake-switch.read' && fails()) throw new Error('down');
      },
    },
  });
  const stop = new AbortController();
  const changes: boolean[] = [];
  const problems: unknown[] = [];
  const hints: (() => void)[] = [];
  const watch = watchIntake({
    intake,
    clock,
    signal: stop.signal,
    onChange: (paused) => changes.push(paused),
    onHint: (listener) => hints.push(listener),
    onProblem: (error) => problems.push(error),
  });
  const hint = (): void => hints.forEach((listener) => void listener());
  return { clock, intake, stop, changes, problems, watch, hint };
}

describe(watchIntake, () => {
  it('knows within five seconds that intake was paused, and that it goes on', async () => {
    const { clock, intake, changes, watch } = setUp();
    await clock.advance(0);
    expect(watch.paused).toBe(false);
    await intake.pause({ since: clock.now() });
    await clock.advance(5000);
    expect(watch.paused).toBe(true);
    await intake.resume();
    await clock.advance(5000);
    expect([watch.paused, changes]).toEqual([false, [true, false]]);
  });

  it('reads the switch at once after a hint, or after several', async () => {
    const { clock, intake, watch, hint } = setUp();
    await clock.advance(0);
    for (const paused of [true, false, true]) {
      if (paused) await intake.pause({ since: clock.now() });
      else await intake.resume();
      hint();
      hint();
      await clock.advance(0);
      expect(watch.paused).toBe(paused);
    }
  });

  it('keeps what it knows while the switch cannot be read, and reports that', async () => {
    let down = false;
    const { clock, intake, problems, watch } = setUp(() => down);
    await intake.pause({ since: clock.now() });
    await clock.advance(5000);
    down = true;
    await clock.advance(5000);
    expect([watch.paused, problems.length]).toEqual([true, 1]);
  });

  it('ends with its signal', async () => {
    const { clock, intake, stop, watch } = setUp();
    stop.abort();
    await intake.pause({ since: clock.now() });
    await clock.advance(60_000);
    expect(watch.paused).toBe(false);
  });
});
