import assert from 'node:assert/strict';
import type { JobResult, ResultEntry, ResultIndex, ResultStore, ResultSums } from '../ports/index.ts';
import { HOSTILE_KEYS, sampleResult } from './samples.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a result index works on: an empty store. */
export interface ResultIndexFixture extends Disposable {
  /** The store under test, empty. */
  readonly store: ResultStore & ResultIndex;
  /** Sets the store's clock. */
  setClock(now: Date): void;
}

type Test = (name: string, run: (fixture: ResultIndexFixture) => Promise<void>) => void;

const NOON = Date.UTC(2026, 10, 28, 12);
const at = (seconds: number): Date => new Date(NOON + seconds * 1000);
const NEXT_DAY = 86_400;

/** The contract of `ResultIndex`, for a store whose entries show up at once. */
export function resultIndexContract(api: TestApi, setup: Setup<ResultIndexFixture>): void {
  api.describe('ResultIndex contract', () => {
    const test = testsWith(api, setup);
    listsTheNewest(test);
    readsTimes(test);
    keepsTotals(test);
  });
}

/** Saves one result each second, and returns them, the oldest first. */
async function saveMany(
  { store, setClock }: ResultIndexFixture,
  count: number,
  start = 0,
): Promise<readonly JobResult[]> {
  const results = Array.from({ length: count }, (_, index) =>
    // Ids spread over all that an id can begin with, as hashes do.
    sampleResult({
      jobId: `${((start + index) % 16).toString(16)}${start + index}`,
      object: { bucket: 'texts', key: `${start + index}.txt`, eTag: 'e1' },
    }),
  );
  for (const [index, result] of results.entries()) {
    setClock(at(start + index));
    await store.save(result);
  }
  return results;
}

async function take(entries: AsyncIterable<ResultEntry>, count = Infinity): Promise<readonly ResultEntry[]> {
  const taken: ResultEntry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length >= count) break;
  }
  return taken;
}

const idsOf = (entries: readonly Pick<ResultEntry, 'jobId'>[]): string[] => entries.map(({ jobId }) => jobId);

function listsTheNewest(test: Test): void {
  test('has nothing in an empty store', async ({ store }) => {
    assert.deepEqual(await take(store.newest()), []);
    assert.deepEqual(await take(store.between(at(0))), []);
    assert.deepEqual(await store.days(), []);
    assert.deepEqual(await store.records([]), []);
  });

  test('lists what was committed, the newest first, over days', async (fixture) => {
    const { store, setClock } = fixture;
    const results = [...(await saveMany(fixture, 40)), ...(await saveMany(fixture, 3, NEXT_DAY))];
    const newest = idsOf(results).reverse();
    setClock(at(3 * NEXT_DAY));
    assert.deepEqual(idsOf(await take(store.newest())), newest);
    assert.deepEqual(idsOf(await take(store.newest({ expected: 5 }), 5)), newest.slice(0, 5));
    assert.deepEqual(idsOf(await take(store.newest({ expected: 1 }), 30)), newest.slice(0, 30));
  });

  test('keeps what totals need of a record, and finds the record by its entry', async ({
    store,
    setClock,
  }) => {
    setClock(at(1));
    for (const key of HOSTILE_KEYS) {
      const result = sampleResult({ jobId: 'a1', object: { bucket: 'texts', key, versionId: 'v 1#é' } });
      await store.save(result);
      const entries = await take(store.newest());
      const entry = entries.find((each) => each.key === key);
      assert.ok(entry !== undefined, `${JSON.stringify(key)} is not listed`);
      const { id, ...rest } = entry;
      assert.deepEqual(rest, {
        jobId: 'a1',
        bucket: 'texts',
        key,
        outcome: 'counted',
        totals: result.totals,
        durationMs: result.durationMs,
        committedAt: at(1),
      });
      assert.deepEqual(await store.records([{ id }]), [result]);
    }
  });

  test('finds many records in the order of their entries', async (fixture) => {
    const results = await saveMany(fixture, 120);
    const entries = await take(fixture.store.newest());
    const again = [...entries, ...entries.slice(0, 2)];
    const expected = [...results].reverse();
    assert.deepEqual(await fixture.store.records(again), [...expected, ...expected.slice(0, 2)]);
  });

  test('has one entry for each record, whatever happened before and after', async ({ store, setClock }) => {
    setClock(at(1));
    const error = { code: 'unavailable', message: 'HTTP 500' };
    await store.recordFailure({ ...sampleResult(), error, at: at(1) });
    assert.deepEqual(await take(store.newest()), []);
    await store.save(sampleResult());
    setClock(at(2));
    await store.save(sampleResult({ worker: 'worker-2', attempt: 2 }));
    await store.save(sampleResult({ lastModified: at(9) }));
    await store.markPublished(sampleResult(), at(3));
    const entries = await take(store.newest());
    assert.deepEqual(
      entries.map(({ jobId, committedAt }) => [jobId, committedAt]),
      [['job-1', at(1)]],
    );
  });
}

function readsTimes(test: Test): void {
  test('reads from one moment to another, the first included and the last not', async (fixture) => {
    const { store } = fixture;
    const [a, b, c] = idsOf(await saveMany(fixture, 3));
    assert.deepEqual(idsOf(await take(store.between(at(1)))).sort(), [b, c].sort());
    assert.deepEqual(idsOf(await take(store.between(at(0), at(2)))).sort(), [a, b].sort());
    assert.deepEqual(idsOf(await take(store.between(at(2), at(2)))), []);
  });

  test('reads over midnight', async (fixture) => {
    const midnight = NEXT_DAY / 2;
    const saved = await saveMany(fixture, 20, midnight - 10);
    const { store } = fixture;
    const found = idsOf(await take(store.between(at(midnight - 10))));
    assert.deepEqual([...found].sort(), idsOf(saved).sort());
    assert.equal((await take(store.between(at(midnight - 5), at(midnight + 5)))).length, 10);
  });
}

function keepsTotals(test: Test): void {
  const sums: ResultSums = {
    files: 2,
    bytes: 22,
    words: 6,
    firstStartMs: NOON,
    lastEndMs: NOON + 1000,
    outcomes: [{ outcome: 'counted', files: 2 }],
    pace: [[60, NOON / 1000, 2, 0, 22]],
  };
  const day = '2026-11-28';

  test('knows the days that have records, each once', async (fixture) => {
    await saveMany(fixture, 3);
    await saveMany(fixture, 2, 3 * NEXT_DAY);
    assert.deepEqual(await fixture.store.days(), [{ day }, { day: '2026-12-01' }]);
  });

  test('keeps the sums of a day, which only move forward', async (fixture) => {
    const { store } = fixture;
    await saveMany(fixture, 2);
    assert.equal(await store.saveTotals({ day, upTo: at(60), sums }), true);
    assert.deepEqual(await store.days(), [{ day, upTo: at(60), sums }]);
    const more = { ...sums, files: 3 };
    for (const upTo of [at(60), at(59)])
      assert.equal(await store.saveTotals({ day, upTo, sums: more }), false);
    assert.equal(await store.saveTotals({ day, upTo: at(61), sums: more, resetAt: at(1) }), false);
    assert.deepEqual(await store.days(), [{ day, upTo: at(60), sums }]);
    await saveMany(fixture, 2, 10);
    assert.equal(await store.saveTotals({ day, upTo: at(61), sums: more }), true);
    assert.deepEqual(await store.days(), [{ day, upTo: at(61), sums: more }]);
  });

  test('moves the entry of a failure to the time of the outcome that replaces it, and discards the sums of its day', async ({
    store,
    setClock,
  }) => {
    const error = { code: 'access-denied', message: 'The key is disabled.' };
    setClock(at(1));
    await store.save(sampleResult({ outcome: 'failed:access-denied', error }));
    await store.saveTotals({ day, upTo: at(60), sums });
    setClock(at(NEXT_DAY));
    await store.save(sampleResult({ worker: 'worker-2', finishedAt: at(NEXT_DAY) }));
    const entries = await take(store.newest());
    assert.deepEqual(
      entries.map(({ outcome, committedAt }) => [outcome, committedAt]),
      [['counted', at(NEXT_DAY)]],
    );
    const resetAt = at(NEXT_DAY);
    assert.deepEqual(await store.days(), [{ day, resetAt }, { day: '2026-11-29' }]);
    // A reader that added up before that has the old outcome in its sums.
    assert.equal(await store.saveTotals({ day, upTo: at(120), sums }), false);
    assert.equal(await store.saveTotals({ day, upTo: at(120), sums, resetAt }), true);
  });

  test('discards no sums for a duplicate', async ({ store, setClock }) => {
    setClock(at(1));
    await store.save(sampleResult({ outcome: 'failed:not-text', words: [] }));
    await store.saveTotals({ day, upTo: at(60), sums });
    await store.save(sampleResult({ outcome: 'failed:not-text', words: [], worker: 'worker-2', attempt: 2 }));
    assert.deepEqual(await store.days(), [{ day, upTo: at(60), sums }]);
  });
}
