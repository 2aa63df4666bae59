import { describe, expect, it } from 'vitest';
import { requireText } from '../counting/require-text.ts';
import { DEFAULT_FAILURE_POLICY, kindOfFailure, pauseSeconds } from './failure-policy.ts';
import { jobIdOf } from './job.ts';

describe(kindOfFailure, () => {
  it.each([
    [{ code: 'throttled', retryable: true }, 'transient'],
    [{ code: 'access-denied', retryable: false }, 'transient'],
    [{ code: 'not-text', retryable: false }, 'permanent'],
    [{ code: 'aborted', retryable: true }, 'interrupted'],
    [{ code: 'lease-lost', retryable: false }, 'interrupted'],
    [new TypeError('x is undefined'), 'transient'],
    [undefined, 'transient'],
  ])('judges %o as %s', (error, kind) => {
    expect(kindOfFailure(error)).toBe(kind);
  });
});

describe(pauseSeconds, () => {
  it('doubles up to the longest, with full jitter', () => {
    const longest = [1, 2, 3, 20].map((failures) =>
      pauseSeconds(failures, DEFAULT_FAILURE_POLICY, () => 0.999_999),
    );
    expect(longest).toEqual([10, 20, 40, 900]);
    expect(pauseSeconds(3, DEFAULT_FAILURE_POLICY, () => 0)).toBe(0);
  });
});

describe(jobIdOf, () => {
  it('is a public contract', () => {
    expect(jobIdOf({ bucket: 'b', key: 'k', eTag: 'e' }, 'f')).toBe(
      jobIdOf({ bucket: 'b', key: 'k', versionId: 'e', eTag: 'x' }, 'f'),
    );
    expect(jobIdOf({ bucket: 'texts', key: 'a.txt', eTag: 'd41d8c' }, 'unicode-1024-u17.0.0')).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });

  it('tells apart what only looks alike when joined', () => {
    const ids = [
      jobIdOf({ bucket: 'a', key: 'b/c', eTag: 'e' }, 'f'),
      jobIdOf({ bucket: 'a/b', key: 'c', eTag: 'e' }, 'f'),
      jobIdOf({ bucket: 'a', key: 'b//c', eTag: 'e' }, 'f'),
      jobIdOf({ bucket: 'a', key: 'b/c', eTag: 'e' }, 'g'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe(requireText, () => {
  const counts = (totalBytes: number, nul: number, invalid: number): Parameters<typeof requireText>[0] => ({
    totals: { bytes: totalBytes, words: 0, distinctWords: 0 },
    warnings: [
      { code: 'nul', count: nul, firstOffset: 0 },
      { code: 'invalid-utf8', count: invalid, firstOffset: 0 },
    ],
    encoding: undefined,
  });

  it.each([
    [0, 0, 0],
    [1000, 1, 0],
    [1000, 0, 100],
  ])('takes %i bytes with %i NULs and %i faulty sequences', (bytes, nul, invalid) => {
    expect(() => requireText(counts(bytes, nul, invalid))).not.toThrow();
  });

  it.each([
    [1000, 2, 0],
    [1000, 0, 101],
  ])('refuses %i bytes with %i NULs and %i faulty sequences', (bytes, nul, invalid) => {
    expect(() => requireText(counts(bytes, nul, invalid))).toThrow(
      expect.objectContaining({ code: 'not-text' }),
    );
  });
});
