import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { cached } from './cached.ts';

const KEEP_MS = 1000;

/** A loader whose calls end when the test says so. */
function setUp() {
  const clock = createManualClock();
  const calls: { answer: (value: string) => void; fail: () => void }[] = [];
  const shared = cached(
    () =>
      new Promise<string>((resolve, reject) => {
        calls.push({ answer: resolve, fail: () => reject(new Error('down')) });
      }),
    { keepMs: KEEP_MS, clock },
  );
  return { clock, calls, shared };
}

describe('cached', () => {
  it('lets all who ask at the same time share one call', async () => {
    const { calls, shared } = setUp();
    const answers = Promise.all([shared.get(), shared.get(), shared.get()]);
    calls[0]?.answer('a');
    expect(await answers).toEqual(['a', 'a', 'a']);
    expect(calls).toHaveLength(1);
  });

  it('keeps the answer for a while, then asks again', async () => {
    const { clock, calls, shared } = setUp();
    const first = shared.get();
    calls[0]?.answer('a');
    await first;
    await clock.advance(KEEP_MS - 1);
    expect(await shared.get()).toBe('a');
    await clock.advance(1);
    const second = shared.get();
    calls[1]?.answer('b');
    expect(await second).toBe('b');
    expect(calls).toHaveLength(2);
  });

  it('never runs two calls at once, and rests four times as long as a slow one took', async () => {
    const { clock, calls, shared } = setUp();
    const first = shared.get();
    await clock.advance(5000);
    expect(calls).toHaveLength(1);
    const joined = shared.get();
    expect(calls).toHaveLength(1);
    calls[0]?.answer('a');
    expect([await first, await joined]).toEqual(['a', 'a']);
    await clock.advance(19_999);
    await shared.get();
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    await shared.get();
    expect(calls).toHaveLength(2);
  });

  it('gives the answer before while a slow call runs', async () => {
    const { clock, calls, shared } = setUp();
    const first = shared.get();
    await clock.advance(5000);
    calls[0]?.answer('a');
    await first;
    await clock.advance(20_000);
    expect(await shared.get()).toBe('a');
    calls[1]?.answer('b');
    await clock.advance(0);
    expect(await shared.get()).toBe('b');
  });

  it('asks again after a failure', async () => {
    const { calls, shared } = setUp();
    const first = shared.get();
    calls[0]?.fail();
    await expect(first).rejects.toThrow('down');
    const second = shared.get();
    calls[1]?.answer('a');
    expect(await second).toBe('a');
  });

  it('runs a change alone, after the call that runs, and then asks again', async () => {
    const { clock, calls, shared } = setUp();
    const before = shared.get();
    let finish = (): void => undefined;
    let started = false;
    const change = shared.change(() => {
      started = true;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await clock.advance(0);
    expect(started).toBe(false);
    calls[0]?.answer('old');
    expect(await before).toBe('old');
    await clock.advance(KEEP_MS);
    expect(started).toBe(true);
    expect(await shared.get()).toBe('old');
    expect(calls).toHaveLength(1);
    finish();
    await change;
    const after = shared.get();
    calls[1]?.answer('new');
    expect(await after).toBe('new');
  });

  it('makes who has no answer yet wait for a change, also one that fails', async () => {
    const { clock, calls, shared } = setUp();
    const change = shared.change(() => Promise.reject(new Error('refused')));
    const waiting = shared.get();
    await expect(change).rejects.toThrow('refused');
    await clock.advance(0);
    calls[0]?.answer('a');
    expect(await waiting).toBe('a');
  });
});
