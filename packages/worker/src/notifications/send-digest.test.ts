import {
  type CallHooks,
  createManualClock,
  createMemoryDigestOutbox,
  createMemoryNotifier,
} from '@org/wordfreq-aws-adapters/memory';
import type { DigestEntry } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { sendDigest } from './send-digest.ts';

const HOUR = 3_600_000;
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

function setUp(hooks: CallHooks = {}) {
  const clock = createManualClock();
  const outbox = createMemoryDigestOutbox({ hooks });
  const notifier = createMemoryNotifier({ hooks });
  return {
    clock,
    outbox,
    notifier,
    send: () => sendDigest({ clock, outbox, notifier }, { intervalMs: HOUR }),
  };
}

const counted = (index: number): DigestEntry => ({
  id: `job-${index}/counted`,
  outcome: 'counted',
  at: at(index),
  object: { bucket: 'texts', key: `${index}.txt` },
});

const FAILED: DigestEntry = {
  id: 'job-9/failed:not-text',
  outcome: 'failed:not-text',
  at: at(9),
  object: { bucket: 'texts', key: 'a\nFrom: me.txt' },
  detail: 'Expected text.\r\nGot noise.',
};
const QUARANTINED: DigestEntry = {
  id: 'm1',
  outcome: 'quarantined:not-json',
  at: at(3),
  detail: 'Expected JSON.',
};

describe(sendDigest, () => {
  it('tells everything that ended in one mail, with counts by outcome and the failures one by one', async () => {
    const { outbox, notifier, send } = setUp();
    for (const entry of [counted(1), FAILED, counted(2), QUARANTINED, counted(4)]) await outbox.add(entry);
    expect(await send()).toBe(5);
    expect(notifier.notifications).toMatchObject([
      { kind: 'digest', subject: 'wordfreq: 5 done, 2 of them failed' },
    ]);
    expect(notifier.notifications[0]?.text.split('\n').slice(1)).toEqual([
      '',
      '3\tcounted',
      '1\tfailed:not-text',
      '1\tquarantined:not-json',
      '',
      'Failed, and in the dead-letter queue with the reason:',
      '',
      'message m1: quarantined:not-json: Expected JSON.',
      'a‹U+000A›From: me.txt of bucket texts: failed:not-text: Expected text.‹U+000D›‹U+000A›Got noise.',
    ]);
    expect(await outbox.list(10)).toEqual([]);
  });

  it('is sent by one of many workers, once an interval, and not when nothing ended', async () => {
    const { clock, outbox, notifier, send } = setUp();
    await outbox.add(counted(1));
    expect((await Promise.all([send(), send(), send(), send()])).sort()).toEqual([0, 0, 0, 1]);
    await outbox.add(counted(2));
    await clock.advance(HOUR - 1);
    expect(await send()).toBe(0);
    await clock.advance(1);
    expect(await send()).toBe(1);
    await clock.advance(HOUR);
    expect(await send()).toBe(0);
    expect(notifier.notifications).toHaveLength(2);
  });

  it('keeps everything for the next digest when the mail cannot be sent', async () => {
    let broken = true;
    const { clock, outbox, notifier, send } = setUp({
      before({ operation }) {
        if (broken && operation === 'notifier.notify') throw new Error('no mail today');
      },
    });
    await outbox.add(counted(1));
    await expect(send()).rejects.toThrow('no mail today');
    broken = false;
    await outbox.add(counted(2));
    await clock.advance(HOUR);
    expect(await send()).toBe(2);
    expect(notifier.notifications).toHaveLength(1);
  });

  it('counts all failures and names a hundred', async () => {
    const { outbox, notifier, send } = setUp();
    for (let index = 0; index < 130; index += 1) await outbox.add({ ...FAILED, id: `job-${index}` });
    await send();
    const lines = notifier.notifications[0]?.text.split('\n') ?? [];
    expect(lines.filter((line) => line.includes('of bucket texts'))).toHaveLength(100);
    expect(lines.at(-1)).toBe('… and 30 more.');
  });
});
