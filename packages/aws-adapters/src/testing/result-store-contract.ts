import assert from 'node:assert/strict';
import type { JobResult, ResultStore } from '../ports/index.ts';
import { ordersVersions } from './result-store-order.ts';
import { takesWhatItReturns } from './result-store-round-trips.ts';
import { searchesRecords } from './result-store-search.ts';
import { summarizesVersions } from './result-store-summaries.ts';
import { HOSTILE_KEYS, HOSTILE_WORDS, sampleResult } from './samples.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a result store works on: an empty store. */
export interface ResultStoreFixture extends Disposable {
  /** The store under test, empty. */
  readonly store: ResultStore;
}

type Test = (name: string, run: (fixture: ResultStoreFixture) => Promise<void>) => void;

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** The contract of `ResultStore`. */
export function resultStoreContract(api: TestApi, setup: Setup<ResultStoreFixture>): void {
  api.describe('ResultStore contract', () => {
    const test = testsWith(api, setup);
    keepsRecords(test);
    takesWhatItReturns(test);
    keepsOneRecordPerJob(test);
    tellsJobsApart(test);
    countsFailures(test);
    ordersVersions(test);
    summarizesVersions(test);
    searchesRecords(test);
  });
}

function keepsRecords(test: Test): void {
  const complete = sampleResult({
    object: { bucket: 'texts', key: 'a.txt', versionId: 'v1', eTag: 'e1' },
    outcome: 'failed:too-large',
    error: { code: 'too-large', message: 'Expected less.' },
    sequencer: '00AB',
    lastModified: at(1),
  });
  for (const [name, result] of [
    ['all facts', complete],
    ['only the necessary facts', sampleResult({ words: [], warnings: [] })],
    ['the largest exact count', sampleResult({ words: [{ word: 'x', count: Number.MAX_SAFE_INTEGER }] })],
    ['hostile words', sampleResult({ words: HOSTILE_WORDS.map((word) => ({ word, count: 1 })) })],
  ] as const) {
    test(`keeps a record with ${name}`, async ({ store }) => {
      assert.equal(await store.find(result), undefined);
      assert.deepEqual(await store.save(result), { saved: true });
      assert.deepEqual(await store.find(result), result);
    });
  }
}

function keepsOneRecordPerJob(test: Test): void {
  test('keeps the first record of a job forever', async ({ store }) => {
    const first = sampleResult();
    await store.save(first);
    const second = sampleResult({ outcome: 'gone', worker: 'worker-2', finishedAt: at(99) });
    assert.deepEqual(await store.save(second), { saved: false, existing: first });
    assert.deepEqual(await store.find(first), first);
  });

  test('lets a failure give way to a better outcome, which is then to be published, but not to another failure', async ({
    store,
  }) => {
    const error = { code: 'access-denied', message: 'The key is disabled.' };
    const failed = sampleResult({ outcome: 'failed:access-denied', error });
    await store.save(failed);
    await store.markPublished(failed, at(20));
    const again = sampleResult({ outcome: 'failed:throttled', worker: 'worker-2', finishedAt: at(30) });
    assert.deepEqual(await store.save(again), { saved: false, existing: { ...failed, publishedAt: at(20) } });
    const counted = sampleResult({ worker: 'worker-2', finishedAt: at(40) });
    assert.deepEqual(await store.save(counted), { saved: true });
    assert.deepEqual(await store.find(failed), counted);
    assert.deepEqual(await store.latest('texts', 'a.txt'), counted);
    assert.equal((await store.save(failed)).saved, false);
  });

  for (const absence of ['gone', 'skipped:overwritten'] as const) {
    test(`lets ${absence} give way when the same bytes come again, but not to another absence`, async ({
      store,
    }) => {
      const absent = sampleResult({ outcome: absence, words: [] });
      await store.save(absent);
      await store.markPublished(absent, at(20));
      const again = sampleResult({ outcome: 'gone', words: [], worker: 'worker-2', finishedAt: at(30) });
      assert.deepEqual(await store.save(again), {
        saved: false,
        existing: { ...absent, publishedAt: at(20) },
      });
      const counted = sampleResult({ worker: 'worker-2', lastModified: at(30), finishedAt: at(40) });
      assert.deepEqual(await store.save(counted), { saved: true });
      assert.deepEqual(await store.find(absent), counted);
      assert.equal((await store.save(absent)).saved, false);
    });

    test(`lets ${absence} give way to a later upload, but not to what comes late`, async ({ store }) => {
      const order = { sequencer: '00AB', lastModified: at(1) };
      const absent = sampleResult({ outcome: absence, words: [], ...order });
      await store.save(absent);
      const error = { code: 'throttled', message: 'Slow down.' };
      const untimed = sampleResult({ worker: 'worker-2', finishedAt: at(99) });
      const late = sampleResult({ worker: 'worker-2', finishedAt: at(99), ...order });
      for (const result of [late, { ...late, outcome: 'failed:throttled' as const, error }, untimed]) {
        assert.deepEqual(await store.save(result), { saved: false, existing: absent });
      }
      const later = { sequencer: '00AB', lastModified: at(9), worker: 'worker-2', finishedAt: at(99) };
      const failed = sampleResult({ outcome: 'failed:throttled', error, words: [], ...later });
      assert.deepEqual(await store.save(failed), { saved: true });
      assert.deepEqual(await store.find(absent), failed);
    });

    test(`lets ${absence} give way to a later upload in the same second`, async ({ store }) => {
      await store.save(sampleResult({ outcome: absence, words: [], sequencer: '00AB', lastModified: at(1) }));
      const again = sampleResult({ sequencer: '00AC', lastModified: at(1) });
      assert.deepEqual(await store.save(again), { saved: true });
    });
  }

  test('lets exactly one of many simultaneous writers win', async ({ store }) => {
    const workers = Array.from({ length: 8 }, (_, index) => sampleResult({ worker: `worker-${index}` }));
    const outcomes = await Promise.all(workers.map((result) => store.save(result)));
    assert.equal(outcomes.filter(({ saved }) => saved).length, 1);
    const record = await store.find(sampleResult());
    for (const outcome of outcomes) if (!outcome.saved) assert.equal(outcome.existing.worker, record?.worker);
  });
}

function tellsJobsApart(test: Test): void {
  test('never mixes jobs, versions or keys up', async ({ store }) => {
    const results = [
      sampleResult(),
      sampleResult({ jobId: 'job-2' }),
      sampleResult({ object: { bucket: 'texts', key: 'a.txt', eTag: 'e2' } }),
      ...HOSTILE_KEYS.map((key) => sampleResult({ object: { bucket: 'texts', key, eTag: 'e1' } })),
      sampleResult({ object: { bucket: 'texts', key: 'a/b.txt', eTag: 'e1' } }),
      sampleResult({ object: { bucket: 'texts', key: 'v', versionId: 'x'.repeat(1024) } }),
    ];
    for (const result of results) assert.deepEqual(await store.save(result), { saved: true });
    for (const result of results) assert.deepEqual(await store.find(result), result);
    const listed: JobResult[] = [];
    for await (const result of store.list()) listed.push(result);
    assert.equal(listed.length, results.length);
  });

  test('notes once when a result was published, and nothing about jobs without a record', async ({
    store,
  }) => {
    await store.markPublished(sampleResult(), at(20));
    assert.equal(await store.find(sampleResult()), undefined);
    await store.save(sampleResult());
    await store.markPublished(sampleResult(), at(21));
    await store.markPublished(sampleResult(), at(22));
    assert.deepEqual((await store.find(sampleResult()))?.publishedAt, at(21));
    const again = await store.save(sampleResult({ worker: 'worker-2' }));
    assert.deepEqual(again.saved ? undefined : again.existing.publishedAt, at(21));
  });

  test('never takes a better outcome for published because a slower worker published the failure before it', async ({
    store,
  }) => {
    const error = { code: 'access-denied', message: 'The key is disabled.' };
    const failed = sampleResult({ outcome: 'failed:access-denied', error });
    const counted = sampleResult({ worker: 'worker-2', finishedAt: at(40) });
    await store.save(failed);
    await store.save(counted);
    await store.markPublished(failed, at(50));
    assert.deepEqual(await store.find(counted), counted);
    await store.markPublished(counted, at(60));
    await store.markPublished(failed, at(70));
    assert.deepEqual((await store.find(counted))?.publishedAt, at(60));
  });
}

function countsFailures(test: Test): void {
  const error = { code: 'unavailable', message: 'HTTP 500' };
  const failure = { ...sampleResult(), error, at: at(1) };

  test('counts failed tries of each job, and they are no record', async ({ store }) => {
    assert.equal(await store.recordFailure(failure), 1);
    assert.equal(await store.recordFailure(failure), 2);
    assert.equal(await store.recordFailure({ ...failure, jobId: 'job-2' }), 1);
    assert.equal(await store.find(failure), undefined);
    assert.deepEqual(await store.history('texts', 'a.txt'), []);
    for await (const result of store.list()) assert.fail(`listed ${result.jobId}`);
  });

  test('knows the last of them, until there is a record', async ({ store }) => {
    assert.equal(await store.failedTries(failure), undefined);
    await store.recordFailure(failure);
    const last = { code: 'throttled', message: 'SlowDown' };
    await store.recordFailure({ ...failure, error: last, at: at(2) });
    assert.deepEqual(await store.failedTries(failure), { failures: 2, lastError: last, lastFailedAt: at(2) });
    await store.save(sampleResult());
    assert.equal(await store.failedTries(failure), undefined);
  });

  test('takes a record after failures, and counts none after a record', async ({ store }) => {
    await store.recordFailure(failure);
    assert.deepEqual(await store.save(sampleResult({ attempt: 2 })), { saved: true });
    assert.equal(await store.recordFailure(failure), 0);
    assert.deepEqual(await store.find(failure), sampleResult({ attempt: 2 }));
  });
}
