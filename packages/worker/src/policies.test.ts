import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';
import { DEFAULT_FAILURE_POLICY, kindOfFailure, pauseSeconds } from './failure-policy.ts';
import { jobIdOf } from './job.ts';
import { requireText } from './require-text.ts';

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

describe(CircuitBreaker, () => {
  it('opens when every object is denied, lets one through after a pause, and closes on success', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 3, pauseMs: 1000 });
    for (let denial = 0; denial < 3; denial += 1) {
      expect(circuit.allowance(4, 0)).toBe(4);
      circuit.record('access-denied');
    }
    expect([circuit.open, circuit.allowance(4, 0)]).toEqual([true, 0]);
    await clock.advance(1000);
    expect([circuit.allowance(4, 0), circuit.allowance(3, 1)]).toEqual([1, 0]);
    circuit.record('access-denied');
    expect(circuit.allowance(4, 0)).toBe(0);
    await clock.advance(1000);
    circuit.record(undefined);
    expect([circuit.open, circuit.allowance(4, 0)]).toEqual([false, 4]);
  });

  it('keeps one job waiting through an outage, and lets it go when the worker stops', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 1, pauseMs: 1000 });
    const stopping = new AbortController();
    expect(await circuit.waitOut('unavailable', stopping.signal)).toBe(false);
    circuit.record('unavailable');
    const held = circuit.waitOut('unavailable', stopping.signal);
    expect(await circuit.waitOut('unavailable', stopping.signal)).toBe(false);
    expect(await circuit.waitOut('not-text', stopping.signal)).toBe(false);
    await clock.advance(2000);
    expect(await held).toBe(true);
    const again = circuit.waitOut('unavailable', stopping.signal);
    stopping.abort();
    expect(await again).toBe(false);
  });

  it('rests longer after each failed try, and not for ever', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 1, pauseMs: 1000, maxPauseMs: 3000 });
    const pauses = [1000, 2000, 3000, 3000];
    for (const pause of pauses) {
      circuit.record('unavailable');
      await clock.advance(pause - 1);
      expect(circuit.allowance(1, 0)).toBe(0);
      await clock.advance(1);
      expect(circuit.allowance(1, 0)).toBe(1);
    }
    expect(circuit.openCode).toBe('unavailable');
  });

  it('stays closed while failures differ', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock(), threshold: 2 });
    for (const code of ['access-denied', 'throttled', 'unavailable', 'throttled']) circuit.record(code);
    expect(circuit.openCode).toBeUndefined();
  });

  it('stays closed while some objects are readable', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock(), threshold: 2 });
    for (const code of ['access-denied', undefined, 'access-denied', 'not-text', 'access-denied'])
      circuit.record(code);
    expect(circuit.open).toBe(false);
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
