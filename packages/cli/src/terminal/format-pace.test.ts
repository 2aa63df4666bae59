import { describe, expect, it } from 'vitest';
import { formatPace } from './format.ts';

describe(formatPace, () => {
  it.each([
    [{ done: 3, elapsedMs: 100 }, '3'],
    [{ done: 0, total: 10, elapsedMs: 5000 }, '0 of 10'],
    [{ done: 1200, elapsedMs: 12_000 }, '1,200  100/s'],
    [{ done: 1200, total: 6000, elapsedMs: 12_000 }, '1,200 of 6,000  100/s  48 s left'],
    [{ done: 100, total: 10_000, elapsedMs: 1000 }, '100 of 10,000  100/s  1 min 39 s left'],
    [{ done: 1000, total: 10_000_000, elapsedMs: 10_000 }, '1,000 of 10,000,000  100/s  27 h 46 min left'],
    [{ done: 12, total: 10, elapsedMs: 1000 }, '12 of 12  12/s  0 s left'],
  ])('shows %j as %s', (pace, shown) => {
    expect(formatPace(pace)).toBe(shown);
  });
});
