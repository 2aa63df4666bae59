import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { keepLease } from './lease.ts';

const MESSAGE = { id: 'm1', body: '', receipt: 'r1', receiveCount: 1, attributes: new Map<string, string>() };

function setUp(extend: (at: number) => Promise<void>) {
  const clock = createManualClock();
  const extensions: number[] = [];
  const queue = {
    extend: (): Promise<void> => {
      extensions.push(clock.monotonicMs());
      return extend(clock.monotonicMs());
    },
  };
  const lease = keepLease(MESSAGE, { queue, clock, visibilitySeconds: 60 });
  return { clock, extensions, lease };
}

const unavailable = (): Promise<void> =>
  Promise.reject(Object.assign(new Error('no network'), { code: 'unavailable', retryable: true }));

describe(keepLease, () => {
  it('extends when a third has passed, for hours', async () => {
    const { clock, extensions, lease } = setUp(async () => undefined);
    await clock.advance(4 * 3_600_000);
    expect(lease.signal.aborted).toBe(false);
    expect(extensions.slice(0, 3)).toEqual([20_000, 40_000, 60_000]);
    lease.end();
    await clock.advance(60_000);
    expect(clock.sleepers).toBe(0);
  });

  it('tries a failed extension again soon, and goes on when one succeeds', async () => {
    const { clock, lease, extensions } = setUp((at) => (at < 45_000 ? unavailable() : Promise.resolve()));
    await clock.advance(600_000);
    expect(lease.signal.aborted).toBe(false);
    expect(extensions.filter((at) => at <= 45_000)).toEqual([20_000, 25_000, 30_000, 35_000, 40_000, 45_000]);
    lease.end();
  });

  it.each([
    ['fails', unavailable],
    ['hangs', () => new Promise<void>(() => undefined)],
  ])('fires before the lease ends when every extension %s', async (_, extend) => {
    const { clock, lease } = setUp(extend);
    await clock.advance(53_999);
    expect(lease.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(lease.signal.reason).toMatchObject({ code: 'lease-lost', retryable: true });
    expect(clock.sleepers).toBe(0);
  });

  it('fires at once when the queue says that the message is somebody else’s', async () => {
    const { clock, lease } = setUp(() =>
      Promise.reject(Object.assign(new Error('expired'), { code: 'lease-lost', retryable: false })),
    );
    await clock.advance(20_001);
    expect(lease.signal.reason).toMatchObject({ code: 'lease-lost' });
    expect(clock.sleepers).toBe(0);
  });

  it('can tell the work to give up although the message is still ours', async () => {
    const { lease } = setUp(async () => undefined);
    lease.interrupt();
    expect(lease.signal.reason).toMatchObject({ code: 'aborted', retryable: true });
    lease.end();
  });
});
