import { createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import type { JobResult, ResultEntry, ResultIndex, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { totalsOf } from './result-sums.ts';
import { createResultsReader, type ResultsReader } from './results-reader.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 28, 12);

/** A store, a clock, and entries that show up late. */
function setUp() {
  const time = { ms: NOON };
  const clock = { now: () => new Date(time.ms) };
  const store = createMemoryResultStore({ clock });
  const hidden = new Set<string>();
  const reads: string[] = [];
  async function* visible(entries: AsyncIterable<ResultEntry>): AsyncIterable<ResultEntry> {
    for await (const entry of entries) if (!hidden.has(entry.key)) yield entry;
  }
  const index: ResultStore & ResultIndex = {
    ...store,
    newest: (options) => visible(store.newest(options)),
    between(from, until, options) {
      reads.push(`${from.toISOString()} ${until?.toISOString() ?? ''}`);
      return visible(store.between(from, until, options));
    },
  };
  let serial = 0;
  return {
    time,
    index,
    reads,
    hidden,
    reader: (keep = 3) => createResultsReader({ index, clock, keep, describe: ({ object }) => object.key }),
    async save(key: string, change: Partial<JobResult> = {}) {
      const object = { bucket: 'b', key, eTag: 'e' };
      serial += 1;
      await store.save(sampleResult({ jobId: `job of ${key}`, object, attempt: serial, ...change }));
    },
  };
}

async function filesOf(reader: ResultsReader<string>): Promise<{ files: number; failed: number }> {
  await reader.read();
  await reader.load();
  const { sums, complete } = await reader.read();
  expect(complete).toBe(true);
  const { files, failed } = totalsOf(sums);
  return { files, failed };
}

const failure = {
  outcome: 'failed:not-text' as const,
  error: { code: 'not-text', message: 'Expected text.' },
  words: [],
};

describe('createResultsReader', () => {
  it('keeps the newest, the newest first, and what came since the last reading', async () => {
    const { time, reader, save } = setUp();
    for (const key of ['a', 'b', 'c', 'd']) {
      await save(key);
      time.ms += 1000;
    }
    const reads = reader();
    expect(await reads.read()).toMatchObject({ newest: ['d', 'c', 'b'], fresh: [], complete: true });
    await save('e');
    time.ms += 1000;
    await save('f');
    const { newest, fresh, sums } = await reads.read();
    expect(newest).toEqual(['f', 'e', 'd']);
    expect(fresh.map(({ key }) => key)).toEqual(['e', 'f']);
    expect(sums.files).toBe(6);
    expect((await reads.read()).fresh).toEqual([]);
  });

  it('counts each result once, at whatever moments it reads, over midnight, with another reader beside it', async () => {
    const { time, reader, save } = setUp();
    time.ms = NOON + DAY / 2 - 5 * MINUTE;
    const [early, late] = [reader(), reader()];
    let saved = 0;
    for (let step = 0; step < 60; step += 1) {
      for (let count = 0; count < (step * 7) % 5; count += 1) {
        await save(`${step}-${count}`);
        saved += 1;
        time.ms += 37;
      }
      time.ms += (step * 7919) % 23_000;
      if (step % 3 !== 0) expect((await early.read()).sums.files).toBe(saved);
      if (step > 20 && step % 4 === 0) expect((await filesOf(late)).files).toBe(saved);
    }
    time.ms += 10 * MINUTE;
    expect((await filesOf(reader())).files).toBe(saved);
    expect((await early.read()).sums.files).toBe(saved);
  });

  it('counts what shows up late, once its minute has settled', async () => {
    const { time, reader, save, hidden } = setUp();
    await save('first');
    hidden.add('late');
    await save('late');
    time.ms += 5000;
    const reads = reader();
    await save('third');
    time.ms += 5000;
    expect((await reads.read()).sums.files).toBe(2);
    hidden.clear();
    time.ms += 2 * MINUTE;
    const { sums, newest, fresh } = await reads.read();
    expect(sums.files).toBe(3);
    expect([...newest].sort()).toEqual(['first', 'late', 'third']);
    expect(fresh.map(({ key }) => key)).toEqual(['late']);
  });

  it('reads a day once: the next reader takes the sums that were kept', async () => {
    const { time, index, reads, reader, save } = setUp();
    for (const key of ['a', 'b', 'c']) await save(key);
    time.ms = NOON + DAY;
    await save('d');
    time.ms += 5 * MINUTE;
    expect((await filesOf(reader())).files).toBe(4);
    expect(reads[0]).toBe('2026-11-28T00:00:00.000Z 2026-11-29T00:00:00.000Z');
    expect((await index.days())[0]).toMatchObject({
      day: '2026-11-28',
      upTo: new Date('2026-11-29T00:00:00Z'),
      sums: { files: 3 },
    });
    reads.length = 0;
    expect((await filesOf(reader())).files).toBe(4);
    expect(reads.filter((read) => read.startsWith('2026-11-28'))).toEqual([]);
  });

  it('keeps the sums of the part of today that has settled, and reads only the rest', async () => {
    const { time, index, reads, reader, save } = setUp();
    const long = reader();
    await long.read();
    for (const key of ['a', 'b', 'c']) await save(key);
    for (let minutes = 0; minutes < 15; minutes += 1) {
      time.ms += MINUTE;
      await long.read();
    }
    const [day] = await index.days();
    expect(day?.sums?.files).toBe(3);
    reads.length = 0;
    expect((await filesOf(reader())).files).toBe(3);
    expect(reads[0]?.startsWith(String(day?.upTo?.toISOString()))).toBe(true);
  });

  it('moves a failure that was replaced, in every reader, and on the day that was kept already', async () => {
    const { time, index, reader, save } = setUp();
    await save('a');
    await save('fails', failure);
    time.ms = NOON + DAY;
    const long = reader();
    expect(await filesOf(long)).toEqual({ files: 2, failed: 1 });
    expect((await index.days())[0]?.sums?.files).toBe(2);
    await save('fails');
    expect((await index.days())[0]).toMatchObject({ day: '2026-11-28', resetAt: new Date(time.ms) });
    expect((await long.read()).newest).toEqual(['fails', 'a']);
    // At once where the page shows it; everywhere once its day was added up again.
    expect(await filesOf(long)).toEqual({ files: 2, failed: 0 });
    for (const [seconds, read] of [
      [40, long],
      [50, long],
      [60, long],
    ] as const) {
      time.ms += seconds * 1000;
      await read.read();
      await read.load();
    }
    expect(await filesOf(long)).toEqual({ files: 2, failed: 0 });
    expect(await filesOf(reader())).toEqual({ files: 2, failed: 0 });
    expect((await index.days())[0]?.sums?.files).toBe(1);
  });

  it('does not keep sums of a day from which an entry may still have to move', async () => {
    const { time, index, reader, save } = setUp();
    await save('fails', failure);
    time.ms = NOON + DAY;
    await save('fails');
    time.ms += 1000;
    expect((await filesOf(reader())).files).toBe(1);
    expect((await index.days())[0]?.sums).toBeUndefined();
  });

  it('reads only the newest minutes, and rarely more, while nothing comes', async () => {
    const { time, index, reads, reader, save } = setUp();
    await save('a');
    const reads1 = reader();
    await filesOf(reads1);
    time.ms += 10 * MINUTE;
    await reads1.read();
    let records = 0;
    const { records: find } = index;
    Object.assign(index, {
      records: (...args: Parameters<typeof find>) => {
        records += 1;
        return find(...args);
      },
    });
    reads.length = 0;
    for (let seconds = 0; seconds < 600; seconds += 20) {
      time.ms += 20_000;
      await reads1.read();
    }
    expect(records).toBe(0);
    // The tail each time, and every five minutes what has settled.
    expect(reads.length).toBeLessThanOrEqual(30 + 2);
  });

  it('tries again after an error, and adds nothing twice', async () => {
    const { time, index, reader, save } = setUp();
    for (const key of ['a', 'b']) await save(key);
    time.ms = NOON + DAY;
    const { between } = index;
    let isDown = true;
    Object.assign(index, {
      async *between(...args: Parameters<typeof between>) {
        for await (const entry of between(...args)) {
          yield entry;
          if (isDown) throw new Error('down');
        }
      },
    });
    const reads = reader();
    expect((await reads.read()).complete).toBe(false);
    await expect(reads.load()).rejects.toThrow('down');
    isDown = false;
    expect((await filesOf(reads)).files).toBe(2);
  });
});
