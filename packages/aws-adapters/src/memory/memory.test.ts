import { describe, expect, it } from 'vitest';
import { sampleResult } from '../testing/index.ts';
import {
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryJobQueue,
  createMemoryObjectStore,
  createMemoryQueue,
  createMemoryResultStore,
  type MemoryCall,
  type MemoryObjectChange,
} from './index.ts';

describe(createManualClock, () => {
  it('wakes sleepers at their own moments, in order, whatever the jump', async () => {
    const clock = createManualClock();
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.monotonicMs()]);
    };
    void sleep('late', 300);
    void sleep('early', 100).then(() => sleep('again', 50));
    void sleep('tie', 300);
    await clock.advance(1000);
    expect(woken).toEqual([
      ['early', 100],
      ['again', 150],
      ['late', 300],
      ['tie', 300],
    ]);
    expect(clock.monotonicMs()).toBe(1000);
  });

  it('jumps to the next sleeper, and says when nobody sleeps', async () => {
    const clock = createManualClock(new Date('2026-01-01T00:00:00Z'));
    void clock.sleep(60_000);
    expect(clock.sleepers).toBe(1);
    expect(await clock.advanceToNext()).toBe(true);
    expect(clock.now()).toEqual(new Date('2026-01-01T00:01:00Z'));
    expect(await clock.advanceToNext()).toBe(false);
  });
});

describe(createMemoryQueue, () => {
  it('moves a message to the dead letters instead of handing it out once too often', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    const queue = createMemoryQueue({ clock, redrive: { deadLetters, maxReceiveCount: 2 } });
    const jobs = createMemoryJobQueue({ queue, deadLetters, clock });
    queue.send('poison');
    const counts: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const [message] = await jobs.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 1 });
      if (message !== undefined) counts.push(message.receiveCount);
      await clock.advance(1000);
    }
    expect(counts).toEqual([1, 2]);
    const [letter] = await createMemoryDeadLetterQueue({ queue: deadLetters }).peek(1);
    expect(letter?.message.body).toBe('poison');
    expect(letter).not.toHaveProperty('reason');
  });

  it('says lease-lost when the lease has ended, although nobody has received the message yet', async () => {
    const clock = createManualClock();
    const queue = createMemoryQueue({ clock });
    queue.send('a');
    const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 1 });
    await clock.advance(1000);
    expect(() => queue.changeVisibility(message?.receipt ?? '', 30)).toThrow(
      expect.objectContaining({ code: 'lease-lost' }),
    );
  });

  it('wakes a receiver that waits when a message arrives, or when its delay ends', async () => {
    const clock = createManualClock();
    const queue = createMemoryQueue({ clock });
    const receive = () => queue.receive({ maxMessages: 1, waitSeconds: 20, visibilitySeconds: 30 });
    const first = receive();
    await clock.advance(5000);
    queue.send('now');
    expect(await first).toMatchObject([{ body: 'now' }]);
    queue.send('later', { delaySeconds: 3 });
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 1 });
    const second = receive();
    await clock.advance(3000);
    expect(await second).toMatchObject([{ body: 'later' }]);
  });

  it('takes any order from the randomness it is given', async () => {
    const queue = createMemoryQueue({ clock: createManualClock(), random: () => 0 });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    const received = await queue.receive({ maxMessages: 3, waitSeconds: 0, visibilitySeconds: 30 });
    expect(received.map(({ body }) => body)).toEqual(['b', 'c', 'a']);
  });
});

describe(createMemoryObjectStore, () => {
  it('announces what S3 would announce, with rising sequencers', async () => {
    const store = createMemoryObjectStore({ clock: createManualClock(), buckets: ['a', 'b'] });
    const changes: MemoryObjectChange[] = [];
    const stop = store.watch((change) => changes.push(change));
    const put = await store.put({ bucket: 'a', key: 'k' }, Buffer.from('one'));
    await store.copy(put, { bucket: 'b', key: 'k' });
    store.remove({ bucket: 'a', key: 'k' });
    stop();
    await store.put({ bucket: 'a', key: 'k' }, Buffer.from('unheard'));
    expect(changes.map(({ eventName, object, sizeBytes }) => [eventName, object.bucket, sizeBytes])).toEqual([
      ['ObjectCreated:Put', 'a', 3],
      ['ObjectCreated:Copy', 'b', 3],
      ['ObjectRemoved:Delete', 'a', 0],
    ]);
    const sequencers = changes.map(({ sequencer }) => sequencer);
    expect(new Set(sequencers).size).toBe(3);
    expect([...sequencers].sort()).toEqual(sequencers);
  });

  it('keeps the versions of an object that is removed, and marks that it was', async () => {
    const store = createMemoryObjectStore({ clock: createManualClock(), buckets: ['a'], versioned: true });
    const { versionId } = await store.put({ bucket: 'a', key: 'k' }, Buffer.from('one'));
    store.remove({ bucket: 'a', key: 'k' });
    const versions = [];
    for await (const version of store.listVersions('a')) versions.push(version);
    expect(versions).toMatchObject([
      { deleteMarker: true, current: true, sizeBytes: 0 },
      { deleteMarker: false, current: false, sizeBytes: 3, versionId },
    ]);
    const marked = { bucket: 'a', key: 'k', versionId: versions[0]?.versionId ?? '' };
    await expect(store.head(marked)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses to read what is in the archive', async () => {
    const store = createMemoryObjectStore({ clock: createManualClock(), buckets: ['a'] });
    await store.put({ bucket: 'a', key: 'k' }, Buffer.from('one'));
    store.setStorageClass({ bucket: 'a', key: 'k' }, 'GLACIER');
    await expect(store.read({ bucket: 'a', key: 'k' })).rejects.toMatchObject({ code: 'archived' });
  });

  it('keeps what was put, whatever the caller does with the bytes afterwards', async () => {
    const store = createMemoryObjectStore({ clock: createManualClock(), buckets: ['a'] });
    const bytes = Buffer.from('one');
    await store.put({ bucket: 'a', key: 'k' }, new Uint8Array(bytes.buffer, bytes.byteOffset, 3));
    bytes.fill(0);
    const chunks: string[] = [];
    for await (const chunk of (await store.read({ bucket: 'a', key: 'k' })).bytes)
      chunks.push(String(Buffer.from(chunk)));
    expect(chunks).toEqual(['one']);
  });
});

describe('hooks', () => {
  it('let a call fail before it takes effect, or after', async () => {
    const seen: MemoryCall[] = [];
    let fail: 'before' | 'after' | undefined;
    const failing = (moment: 'before' | 'after') => (call: MemoryCall) => {
      seen.push(call);
      if (fail === moment) throw new Error(`injected ${moment}`);
    };
    const hooks = { before: failing('before'), after: failing('after') };
    const store = createMemoryResultStore({ hooks });
    fail = 'before';
    await expect(store.save(sampleResult())).rejects.toThrow('injected before');
    fail = 'after';
    await expect(store.save(sampleResult({ jobId: 'job-2' }))).rejects.toThrow('injected after');
    fail = undefined;
    expect(await store.find(sampleResult())).toBeUndefined();
    expect(await store.find(sampleResult({ jobId: 'job-2' }))).toBeDefined();
    expect(seen[0]).toEqual({ operation: 'result-store.save', subject: 'job-1' });
  });
});
