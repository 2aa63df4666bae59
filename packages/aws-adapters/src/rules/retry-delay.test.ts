import { describe, expect, it } from 'vitest';
import { retryDelay } from './retry-delay.ts';

describe(retryDelay, () => {
  it('doubles with each failure, up to the longest', () => {
    expect([1, 2, 3, 4, 5000].map((failures) => retryDelay(failures, 10, 60))).toEqual([10, 20, 40, 60, 60]);
    expect(retryDelay(8, 10)).toBe(1280);
  });
});
