import { describe, expect, it } from 'vitest';
import { createSequencer } from './s3-event-bridge.ts';

describe(createSequencer, () => {
  it('rises within a millisecond, when the clock stands still or goes back, and across restarts', () => {
    const times = [1000, 1000, 1000, 999, 1001];
    const clock = { now: () => new Date(1_760_000_000_000 + (times.shift() ?? 5000)) };
    const first = createSequencer(clock);
    const sequencers = [first(), first(), first(), first(), first(), createSequencer(clock)()];
    expect([...sequencers].sort()).toEqual(sequencers);
    expect(new Set(sequencers).size).toBe(sequencers.length);
    for (const sequencer of sequencers) expect(sequencer).toMatch(/^[0-9A-F]{16}$/);
  });
});
