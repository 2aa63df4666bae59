import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatSeconds } from './format.ts';

describe(formatBytes, () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [4_248_000, '4.2 MB'],
    [123_456_789, '123 MB'],
    [5_000_000_000_000_000_000, '5000 PB'],
  ])('shows %d bytes as %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe(formatCount, () => {
  it('groups thousands', () => expect(formatCount(1_234_567)).toBe('1,234,567'));
});

describe(formatSeconds, () => {
  it('has two digits', () => expect(formatSeconds(1234)).toBe('1.23 s'));
});
