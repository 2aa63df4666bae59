import assert from 'node:assert/strict';
import type { ResultStore, StoredResult } from '../ports/index.ts';
import { HOSTILE_KEYS, sampleResult } from './samples.ts';

type Test = (name: string, run: (fixture: { readonly store: ResultStore }) => Promise<void>) => void;

/** How a store is searched, page by page. */
export function searchesRecords(test: Test): void {
  test('finds every record, whatever its key is, and counts what it looked at', async ({ store }) => {
    for (const key of HOSTILE_KEYS) await saveAt(store, key);
    const tried = { bucket: 'texts', key: 'tried.txt', eTag: 'e1' };
    const error = { code: 'unavailable', message: '' };
    await store.recordFailure({ jobId: 'job-1', object: tried, error, at: new Date(0) });
    for (const key of HOSTILE_KEYS) {
      const { found, searched } = await searchAll(store, key);
      assert.ok(found.includes(key), `${JSON.stringify(key)} was not found`);
      assert.equal(searched, HOSTILE_KEYS.length);
    }
    assert.deepEqual((await searchAll(store, 'tried')).found, []);
  });

  test('finds parts of keys and outcomes in any case', async ({ store }) => {
    await saveAt(store, 'books/Moby-Dick.txt');
    await store.save(
      sampleResult({
        object: { bucket: 'texts', key: 'noise.bin', eTag: 'e1' },
        outcome: 'failed:not-text',
        words: [],
      }),
    );
    for (const text of ['moby', 'BOOKS/M', '-dick.TXT']) {
      assert.deepEqual((await searchAll(store, text)).found, ['books/Moby-Dick.txt']);
    }
    assert.deepEqual((await searchAll(store, 'Not-Text')).found, ['noise.bin']);
    assert.deepEqual((await searchAll(store, 'mobydick')).found, []);
  });

  test('goes on where a page ended, and finds each record once', async ({ store }) => {
    const keys = Array.from({ length: 23 }, (_, index) => `${index % 2 === 0 ? 'even' : 'odd'}-${index}.txt`);
    await Promise.all(keys.map((key) => saveAt(store, key)));
    const page = await store.search('even', { limit: 5 });
    assert.equal(page.results.length, 5);
    assert.notEqual(page.cursor, undefined);
    const { found, searched } = await searchAll(store, 'even', 5);
    assert.deepEqual([...found].sort(), keys.filter((key) => key.startsWith('even')).sort());
    assert.equal(searched, keys.length);
  });

  test('returns records with all that they have', async ({ store }) => {
    const result = sampleResult({ words: [{ word: 'whale', count: 3 }] });
    await store.save(result);
    assert.deepEqual((await store.search('a.txt')).results, [result]);
  });

  test('has nothing to search in an empty store', async ({ store }) => {
    assert.deepEqual(await store.search('a'), { results: [], searched: 0 });
  });

  test('refuses the cursor of something else as invalid', async ({ store }) => {
    await saveAt(store, 'a.txt');
    for (const cursor of ['x', '-1', 'W10', '{}']) {
      await assert.rejects(store.search('a', { cursor }), { code: 'invalid', retryable: false });
    }
  });
}

async function saveAt(store: ResultStore, key: string): Promise<void> {
  await store.save(sampleResult({ object: { bucket: 'texts', key, eTag: 'e1' } }));
}

async function searchAll(
  store: ResultStore,
  text: string,
  limit = 25,
): Promise<{ readonly found: readonly string[]; readonly searched: number }> {
  const found: StoredResult[] = [];
  let searched = 0;
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await store.search(text, { limit, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.results);
    searched += page.searched;
    cursor = page.cursor;
  }
  return { found: found.map(({ object }) => object.key), searched };
}
