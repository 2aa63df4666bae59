import assert from 'node:assert/strict';
import type { StoredVersion } from '../ports/index.ts';
import {
  type ObjectStoreAbilities,
  type ObjectStoreFixture,
  type ObjectStoreTest,
  TEXT,
} from './object-store-fixture.ts';

/** Listings of objects, and of their versions. */
export function listsObjects(test: ObjectStoreTest, abilities: ObjectStoreAbilities): void {
  lists(test);
  listsVersions(test, abilities);
  saysWhyNot(test);
}

function lists(test: ObjectStoreTest): void {
  test('lists what starts with a prefix, in order, each key once', async ({ store, bucket }) => {
    for (const key of ['b/2.txt', 'a/1.txt', 'b/1.txt', 'b.txt']) await store.put({ bucket, key }, TEXT);
    await store.put({ bucket, key: 'b/1.txt' }, Buffer.from('newer'));
    const found = [];
    for await (const object of store.list(bucket, { prefix: 'b/' })) found.push(object);
    assert.deepEqual(
      found.map(({ key, sizeBytes }) => [key, sizeBytes]),
      [
        ['b/1.txt', 5],
        ['b/2.txt', 11],
      ],
    );
    const { eTag } = await store.head({ bucket, key: 'b/2.txt' });
    assert.equal(found[1]?.eTag, eTag);
  });

  test('continues a listing after a key, which need not exist', async ({ store, bucket }) => {
    for (const key of ['a.txt', 'b+c d.txt', 'ü.txt']) await store.put({ bucket, key }, TEXT);
    const keysAfter = async (startAfter: string): Promise<string[]> => {
      const keys = [];
      for await (const { key } of store.list(bucket, { startAfter })) keys.push(key);
      return keys;
    };
    assert.deepEqual(await keysAfter('a.txt'), ['b+c d.txt', 'ü.txt']);
    assert.deepEqual(await keysAfter('b+c d.txt'), ['ü.txt']);
    assert.deepEqual(await keysAfter('b'), ['b+c d.txt', 'ü.txt']);
    assert.deepEqual(await keysAfter('ü.txt'), []);
  });
}

async function versionsIn(
  { store, bucket }: ObjectStoreFixture,
  prefix?: string,
): Promise<readonly StoredVersion[]> {
  const found: StoredVersion[] = [];
  for await (const version of store.listVersions(bucket, prefix === undefined ? {} : { prefix })) {
    found.push(version);
  }
  return found;
}

function listsVersions(test: ObjectStoreTest, { versions }: ObjectStoreAbilities): void {
  test('lists the versions of what starts with a prefix, in the order of keys', async (fixture) => {
    const { store, bucket } = fixture;
    const keys = ['b+c d.txt', 'a.txt', 'b.txt', 'b/é.txt'];
    for (const key of keys) await store.put({ bucket, key }, TEXT);
    const found = await versionsIn(fixture, 'b');
    assert.deepEqual(
      found.map(({ key }) => key),
      ['b+c d.txt', 'b.txt', 'b/é.txt'],
    );
    for (const { key, ...version } of found) {
      const { eTag, versionId } = await store.head({ bucket, key });
      const { bucket: at, lastModified, ...facts } = version;
      const expected = { eTag, sizeBytes: TEXT.length, current: true, deleteMarker: false };
      assert.deepEqual(facts, versionId === undefined ? expected : { ...expected, versionId });
      assert.equal(at, bucket);
      assert.ok(lastModified.getTime() > 0);
    }
    assert.equal((await versionsIn(fixture)).length, keys.length);
  });

  test('lists the newest version first, which alone is current', async (fixture) => {
    const { store, bucket } = fixture;
    const bodies = ['first', 'second one', 'the third of them'];
    for (const body of bodies) await store.put({ bucket, key: 'a.txt' }, Buffer.from(body));
    const found = await versionsIn(fixture);
    const expected = (versions ? bodies.toReversed() : bodies.slice(-1)).map(({ length }) => length);
    assert.deepEqual(
      found.map(({ sizeBytes }) => sizeBytes),
      expected,
    );
    assert.deepEqual(
      found.map(({ current }) => current),
      expected.map((_, index) => index === 0),
    );
    assert.equal(new Set(found.map(({ versionId }) => versionId)).size, found.length);
    for (const { key, versionId, sizeBytes } of versions ? found : []) {
      assert.ok(versionId !== undefined);
      assert.equal((await store.head({ bucket, key, versionId })).sizeBytes, sizeBytes);
    }
  });
}

function saysWhyNot(test: ObjectStoreTest): void {
  test('says not-found when it is to list a bucket that is missing, and aborted when the signal has fired', async ({
    store,
    bucket,
  }) => {
    await store.put({ bucket, key: 'a.txt' }, TEXT);
    const signal = AbortSignal.abort();
    for (const listing of ['list', 'listVersions'] as const) {
      const missing = store[listing](`${bucket}-missing`)[Symbol.asyncIterator]();
      await assert.rejects(missing.next(), { code: 'not-found', retryable: false });
      const aborted = store[listing](bucket, { signal })[Symbol.asyncIterator]();
      await assert.rejects(aborted.next(), { code: 'aborted', retryable: true });
    }
  });
}
