import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatNumberOf, formatPace, formatSeconds } from './format.ts';

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

describe(formatNumberOf, () => {
  it.each([
    [0, 'word', undefined, '0 words'],
    [1, 'word', undefined, '1 word'],
    [1200, 'upload is', 'uploads are', '1,200 uploads are'],
  ])('names %d of %s', (count, one, many, shown) => {
    expect(formatNumberOf(count, one, many)).toBe(shown);
  });
});
