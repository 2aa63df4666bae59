import assert from 'node:assert/strict';
import type { JobResult, ResultStore } from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';
import { sampleResult } from './samples.ts';

type Test = (name: string, run: (fixture: { readonly store: ResultStore }) => Promise<void>) => void;

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const ARRIVALS = ['012', '021', '102', '120', '201', '210'] as const;

/**
 * Three versions of one key, the oldest first, with what orders them. Counted the other way round, which must
 * not matter.
 */
function versions(facts: readonly (Partial<JobResult> & { readonly currentAt?: Date })[]): JobResult[] {
  return facts.map(({ currentAt, ...fact }, index) => {
    const object = { bucket: 'texts', key: 'a.txt', eTag: `e${index}`, ...fact.object };
    const order = versionOrder({ ...object, ...fact, currentAt });
    return sampleResult({ finishedAt: at(50 - index), ...fact, object, order });
  });
}

const versioned = (versionId: string): JobResult['object'] => ({ bucket: 'texts', key: 'a.txt', versionId });

const MIXES: readonly (readonly [name: string, ordered: readonly JobResult[]])[] = [
  [
    'the sequencer, whatever its length',
    versions([{ sequencer: '0A' }, { sequencer: '0a1' }, { sequencer: '0B' }]),
  ],
  [
    'the modification time, without sequencers',
    versions([{ lastModified: at(1) }, { lastModified: at(2) }, { lastModified: at(3) }]),
  ],
  [
    'the modification time, with sequencers of some, which would be a cycle if they decided where two have one',
    versions([
      { object: versioned('a'), sequencer: '05', lastModified: at(10) },
      { object: versioned('b'), lastModified: at(11) },
      { object: versioned('c'), sequencer: '04', lastModified: at(12) },
    ]),
  ],
  [
    'when it was known to be current, in a bucket without versions, whatever their uploads took',
    versions([
      { sequencer: '01', lastModified: at(9), currentAt: at(9) },
      { lastModified: at(9), currentAt: at(11) },
      { sequencer: '02', lastModified: at(1), currentAt: at(12) },
    ]),
  ],
  ['their names, when nothing else tells', versions([{}, {}, {}])],
];

const names = (results: readonly JobResult[]): (string | undefined)[] =>
  results.map(({ object }) => object.versionId ?? object.eTag);

/** Which version is the newest, and which came before which: the same in every store, whatever came first. */
export function ordersVersions(test: Test): void {
  for (const [criterion, ordered] of MIXES) {
    for (const arrival of ARRIVALS) {
      test(`knows latest and history by ${criterion}, in order ${arrival}`, async ({ store }) => {
        for (const index of arrival) await store.save(ordered[Number(index)] as JobResult);
        await store.save(sampleResult({ object: { bucket: 'texts', key: 'a.txt2', eTag: 'other' } }));
        assert.deepEqual(await store.latest('texts', 'a.txt'), ordered[2]);
        assert.deepEqual(names(await store.history('texts', 'a.txt')), names([...ordered].reverse()));
      });
    }
  }

  for (const arrival of ['01', '10']) {
    test(`takes the record that was counted last for the latest of one version, in order ${arrival}`, async ({
      store,
    }) => {
      const first = sampleResult({ jobId: 'job-z', finishedAt: at(1) });
      const second = sampleResult({ jobId: 'job-a', finishedAt: at(2) });
      for (const index of arrival) await store.save(index === '0' ? first : second);
      assert.deepEqual(await store.latest('texts', 'a.txt'), second);
      assert.deepEqual(await store.history('texts', 'a.txt'), [second, first]);
    });
  }

  test('moves a version up that is found to have been current later, and never down', async ({ store }) => {
    const [first, second] = versions([{ lastModified: at(1) }, { lastModified: at(2) }]);
    if (first === undefined || second === undefined) assert.fail('two versions');
    for (const result of [first, second]) await store.save(result);
    const [again] = versions([{ lastModified: at(9), worker: 'worker-2', finishedAt: at(60) }]);
    if (again === undefined) assert.fail('a version');
    const moved = { ...first, order: again.order };
    assert.deepEqual(await store.save(again), { saved: false, existing: moved });
    for (const late of [second, first]) {
      assert.deepEqual(await store.latest('texts', 'a.txt'), moved);
      assert.deepEqual(await store.history('texts', 'a.txt'), [moved, second]);
      await store.save({ ...late, worker: 'worker-3', finishedAt: at(70) });
    }
    assert.deepEqual(await store.latest('texts', 'a.txt'), moved);
  });

  test('lets a better outcome stand where the failure stood that it takes the place of', async ({
    store,
  }) => {
    const error = { code: 'throttled', message: 'Slow down.' };
    const failed = sampleResult({ outcome: 'failed:throttled', error, words: [], lastModified: at(5) });
    await store.save(failed);
    const counted = sampleResult({ lastModified: at(1), finishedAt: at(40) });
    assert.deepEqual(await store.save(counted), { saved: true });
    assert.deepEqual(await store.find(counted), { ...counted, order: failed.order });
  });

  test('knows no latest of a key that has only failures, and no history of one that it does not know', async ({
    store,
  }) => {
    await store.recordFailure({ ...sampleResult(), error: { code: 'c', message: 'm' }, at: at(1) });
    assert.equal(await store.latest('texts', 'a.txt'), undefined);
    assert.deepEqual(await store.history('texts', 'unknown'), []);
  });
}
