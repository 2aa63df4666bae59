import assert from 'node:assert/strict';
import type { JobResult, ResultStore, StoredResult } from '../ports/index.ts';
import { NO_COST } from '../rules/index.ts';
import { sampleResult } from './samples.ts';

type Test = (name: string, run: (fixture: { readonly store: ResultStore }) => Promise<void>) => void;

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const error = { code: 'too-large', message: 'Expected less.' };
const order = { sequencer: '00AB', lastModified: at(1) };

/** A record in each state that a worker can meet. */
const STATES: readonly (readonly [state: string, result: JobResult])[] = [
  ['counted', sampleResult(order)],
  ['counted, of a version with an id', sampleResult({ object: { bucket: 'b', key: 'k', versionId: 'v' } })],
  [
    'counted, with what it cost',
    sampleResult({
      cost: { ...NO_COST, s3Reads: 1, queueRequests: 0.33, tableWrites: 1, processorMs: 3.14 },
    }),
  ],
  [
    'counted, of a text in another encoding',
    sampleResult({ encoding: { name: 'koi8-u', foundBy: 'detected' } }),
  ],
  [
    'counted, of a text that may be in another encoding',
    sampleResult({ encoding: { name: 'utf-8', foundBy: 'default', likely: 'windows-1252' } }),
  ],
  ['empty', sampleResult({ outcome: 'empty', words: [], warnings: [] })],
  ['failed', sampleResult({ outcome: 'failed:too-large', error, words: [], ...order })],
  ['gone', sampleResult({ outcome: 'gone', words: [] })],
  ['skipped', sampleResult({ outcome: 'skipped:overwritten', words: [], ...order })],
];

/**
 * A store takes what it returns, and returns exactly what it was given, member by member: also the one in
 * memory.
 */
export function takesWhatItReturns(test: Test): void {
  for (const [state, result] of STATES) {
    for (const published of [false, true]) {
      const about = `a record that is ${state} and ${published ? 'published' : 'not yet published'}`;
      test(`takes back what it returned of ${about}, and nothing changes`, async ({ store }) => {
        assert.deepEqual(await store.save(result), { saved: true });
        if (published) await store.markPublished(result, at(20));
        const expected: StoredResult = published ? { ...result, publishedAt: at(20) } : result;
        const found = await store.find(result);
        assert.deepEqual(found, expected);
        assert.deepEqual(
          await store.save(found),
          published ? { saved: false, existing: expected } : { saved: true },
        );
        const { bucket, key } = result.object;
        const listed: StoredResult[] = [];
        for await (const each of store.list()) listed.push(each);
        assert.deepEqual(
          [await store.find(result), await store.latest(bucket, key), ...listed],
          [expected, expected, expected],
        );
        assert.deepEqual(await store.history(bucket, key), [expected]);
      });
    }
  }

  test('keeps the members of a result only, and never takes a new record for published', async ({
    store,
  }) => {
    const odd = {
      ...sampleResult(),
      publishedAt: at(20),
      error: undefined,
      sequencer: undefined,
      more: at(1),
    };
    assert.deepEqual(await store.save(odd as unknown as JobResult), { saved: true });
    assert.deepEqual(await store.find(odd), sampleResult());
  });

  for (const [what, result] of [
    ['a number that is none', sampleResult({ durationMs: Number.NaN })],
    ['an endless number', sampleResult({ totals: { bytes: Infinity, words: 0, distinctWords: 0 } })],
    ['a count that is not exact', sampleResult({ words: [{ word: 'x', count: 2 ** 60 }] })],
    ['a time that is none', sampleResult({ lastModified: new Date(Number.NaN) })],
  ] as const) {
    test(`refuses a result with ${what} as invalid, and keeps nothing of it`, async ({ store }) => {
      await assert.rejects(store.save(result), { code: 'invalid', retryable: false });
      assert.equal(await store.find(result), undefined);
    });
  }

  test('keeps of a failed try its code and at most 2,000 characters of its message', async ({ store }) => {
    const long = { code: 'unavailable', message: `${'x'.repeat(1999)}😀`, retryable: true };
    await store.recordFailure({ ...sampleResult(), error: long, at: at(3) });
    assert.deepEqual(await store.failedTries(sampleResult()), {
      failures: 1,
      lastError: { code: 'unavailable', message: 'x'.repeat(1999) },
      lastFailedAt: at(3),
    });
  });
}
