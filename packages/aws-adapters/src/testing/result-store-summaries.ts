import assert from 'node:assert/strict';
import type { ResultStore } from '../ports/index.ts';
import { NO_COST } from '../rules/index.ts';
import { HOSTILE_KEYS, sampleResult } from './samples.ts';

type Test = (name: string, run: (fixture: { readonly store: ResultStore }) => Promise<void>) => void;

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** What a store returns about versions and keys without reading any words. */
export function summarizesVersions(test: Test): void {
  test('summarizes each version of a key without its words, the newest first', async ({ store }) => {
    const old = sampleResult({
      object: { bucket: 'texts', key: 'a.txt', versionId: 'v1', eTag: 'e1' },
      outcome: 'failed:not-text',
      error: { code: 'not-text', message: 'Too many NUL bytes.' },
      words: [],
      lastModified: at(1),
      finishedAt: at(50),
    });
    const object = { bucket: 'texts', key: 'a.txt', versionId: 'v2', eTag: 'e2' };
    const encoding = { name: 'utf-8', foundBy: 'default', likely: 'koi8-r' } as const;
    const cost = { ...NO_COST, s3Reads: 1, queueRequests: 0.5, tableWrites: 1, processorMs: 2 };
    const current = sampleResult({ object, encoding, cost, lastModified: at(2), finishedAt: at(40) });
    for (const result of [current, old]) await store.save(result);
    await store.markPublished(current, at(41));
    await store.save(sampleResult({ object: { bucket: 'texts', key: 'a.txt2', eTag: 'other' } }));
    const [first, second, ...more] = await store.versions('texts', 'a.txt');
    assert.deepEqual(first, {
      jobId: 'job-1',
      version: 'v2',
      versionId: 'v2',
      eTag: 'e2',
      outcome: 'counted',
      totals: current.totals,
      warnings: current.warnings,
      encoding,
      cost,
      tokenizer: 'unicode',
      durationMs: 12,
      attempt: 1,
      worker: 'worker-1',
      finishedAt: at(40),
      publishedAt: at(41),
    });
    assert.deepEqual([second?.version, second?.outcome, second?.error], ['v1', old.outcome, old.error]);
    assert.deepEqual(more, []);
  });

  test('summarizes failed tries before everything that has a record', async ({ store }) => {
    const error = { code: 'unavailable', message: 'HTTP 500' };
    const object = { bucket: 'texts', key: 'a.txt', eTag: 'e2' };
    await store.save(sampleResult({ finishedAt: at(50) }));
    await store.recordFailure({ jobId: 'job-2', object, error, at: at(1) });
    await store.recordFailure({ jobId: 'job-2', object, error, at: at(2) });
    const [first, second] = await store.versions('texts', 'a.txt');
    assert.deepEqual(first, {
      jobId: 'job-2',
      version: 'e2',
      failures: 2,
      lastError: error,
      lastFailedAt: at(2),
    });
    assert.equal(second?.outcome, 'counted');
    await store.save(sampleResult({ jobId: 'job-2', object }));
    for (const { failures } of await store.versions('texts', 'a.txt')) assert.equal(failures, undefined);
  });

  test('knows nothing of a key that no job was about', async ({ store }) => {
    await store.save(sampleResult());
    assert.deepEqual(await store.versions('texts', 'b.txt'), []);
    assert.deepEqual(await store.versions('text', 's/a.txt'), []);
  });

  test('lists each key of a bucket once, of those that have a record', async ({ store }) => {
    for (const key of HOSTILE_KEYS)
      await store.save(sampleResult({ object: { bucket: 'texts', key, eTag: 'e1' } }));
    await store.save(sampleResult({ object: { bucket: 'texts', key: '100%.txt', eTag: 'e2' } }));
    await store.save(sampleResult({ object: { bucket: 'texts2', key: 'other.txt', eTag: 'e1' } }));
    const tried = { bucket: 'texts', key: 'tried.txt', eTag: 'e1' };
    await store.recordFailure({
      jobId: 'job-1',
      object: tried,
      error: { code: 'x', message: '' },
      at: at(1),
    });
    assert.deepEqual((await keysOf(store)).sort(), [...HOSTILE_KEYS].sort());
    assert.deepEqual(
      (await keysOf(store, 'a/')).sort(),
      HOSTILE_KEYS.filter((key) => key.startsWith('a/')).sort(),
    );
  });
}

async function keysOf(store: ResultStore, prefix?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.keys('texts', prefix === undefined ? {} : { prefix })) found.push(key);
  return found;
}
