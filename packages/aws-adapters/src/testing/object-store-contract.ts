import assert from 'node:assert/strict';
import { copiesObjects } from './object-store-copying.ts';
import {
  type ObjectStoreAbilities,
  type ObjectStoreFixture,
  type ObjectStoreTest,
  TEXT,
} from './object-store-fixture.ts';
import { listsObjects } from './object-store-listing.ts';
import { putsObjects } from './object-store-writing.ts';
import { HOSTILE_KEYS, readAll } from './samples.ts';
import { type Setup, type TestApi, testsWith } from './test-api.ts';

/**
 * The contract of `ObjectStore`.
 *
 * @example
 * objectStoreContract({ describe, it }, () => ({ store, bucket: 'a', otherBucket: 'b' }), { versions: false });
 */
export function objectStoreContract(
  api: TestApi,
  setup: Setup<ObjectStoreFixture>,
  abilities: ObjectStoreAbilities,
): void {
  api.describe('ObjectStore contract', () => {
    const test = testsWith(api, setup);
    describesAndReads(test);
    readsRanges(test);
    keepsKeys(test);
    refusesKeys(test);
    missesNothing(test);
    pinsVersions(test, abilities);
    putsObjects(test);
    copiesObjects(test);
    listsObjects(test, abilities);
    aborts(test);
  });
}

function describesAndReads(test: ObjectStoreTest): void {
  test('describes and reads back what was put', async ({ store, bucket }) => {
    const metadata = new Map([['source', 'café 😀']]);
    const put = { contentType: 'text/plain', contentEncoding: 'gzip', metadata };
    const { eTag } = await store.put({ bucket, key: 'a.txt' }, TEXT, put);
    const { info, bytes } = await store.read({ bucket, key: 'a.txt', eTag });
    assert.deepEqual(await readAll(bytes), TEXT);
    for (const found of [info, await store.head({ bucket, key: 'a.txt' })]) {
      assert.equal(found.bucket, bucket);
      assert.equal(found.key, 'a.txt');
      assert.equal(found.eTag, eTag);
      assert.doesNotMatch(found.eTag, /"/);
      assert.equal(found.sizeBytes, TEXT.length);
      assert.equal(found.contentType, 'text/plain');
      assert.equal(found.contentEncoding, 'gzip');
      assert.deepEqual(found.metadata, metadata);
      assert.ok(found.lastModified.getTime() > 0);
    }
  });
}

function readsRanges(test: ObjectStoreTest): void {
  for (const [offset, length, expected] of [
    [0, undefined, 'one two two'],
    [4, undefined, 'two two'],
    [4, 3, 'two'],
    [0, 11, 'one two two'],
    [8, 100, 'two'],
    [3, 0, ''],
    [11, undefined, ''],
    [99, 5, ''],
  ] as const) {
    test(`reads ${length ?? 'all'} bytes from offset ${offset}`, async ({ store, bucket }) => {
      await store.put({ bucket, key: 'a.txt' }, TEXT);
      const range = length === undefined ? { offset } : { offset, length };
      const { info, bytes } = await store.read({ bucket, key: 'a.txt' }, range);
      assert.equal(String(await readAll(bytes)), expected);
      assert.equal(info.sizeBytes, TEXT.length, 'the size is the whole object’s, whatever was read');
    });
  }

  test('reads an empty object', async ({ store, bucket }) => {
    await store.put({ bucket, key: 'empty.txt' }, new Uint8Array());
    const { info, bytes } = await store.read({ bucket, key: 'empty.txt' });
    assert.equal(info.sizeBytes, 0);
    assert.equal((await readAll(bytes)).length, 0);
  });

  test('keeps a body of many megabytes', async ({ store, bucket }) => {
    const large = Buffer.alloc(20 * 1024 * 1024 + 1, 'ten bytes.');
    const { eTag, sizeBytes } = await store.put({ bucket, key: 'large.txt' }, large);
    const { bytes } = await store.read({ bucket, key: 'large.txt', eTag });
    assert.equal(sizeBytes, large.length);
    assert.ok((await readAll(bytes)).equals(large));
  });
}

function refusesKeys(test: ObjectStoreTest): void {
  for (const key of ['', 'x'.repeat(1025), 'é'.repeat(513), 'a\0b', 'half \uD800']) {
    test(`refuses the key ${JSON.stringify(key.slice(0, 20))} as invalid, whatever is asked`, async ({
      store,
      bucket,
      otherBucket,
    }) => {
      const expected = { code: 'invalid', retryable: false };
      await store.put({ bucket, key: 'a.txt' }, TEXT);
      await assert.rejects(store.put({ bucket, key }, TEXT), expected);
      await assert.rejects(store.head({ bucket, key }), expected);
      await assert.rejects(store.read({ bucket, key }), expected);
      await assert.rejects(store.copy({ bucket, key: 'a.txt' }, { bucket: otherBucket, key }), expected);
      await assert.rejects(store.copy({ bucket, key }, { bucket: otherBucket, key: 'b.txt' }), expected);
      for await (const object of store.list(otherBucket)) assert.fail(`copied to ${object.key}`);
    });
  }
}

function keepsKeys(test: ObjectStoreTest): void {
  // Of these, XML can carry the first not at all, and parsers change the second.
  for (const key of [...HOSTILE_KEYS, 'esc\u001B[31m.txt', 'cr\rlf\n.txt']) {
    test(`keeps the key ${JSON.stringify(key.slice(0, 40))} as it is`, async ({
      store,
      bucket,
      otherBucket,
    }) => {
      const { eTag } = await store.put({ bucket, key }, TEXT);
      const { bytes } = await store.read({ bucket, key, eTag });
      assert.deepEqual(await readAll(bytes), TEXT);
      await store.copy({ bucket, key, eTag }, { bucket: otherBucket, key });
      assert.equal((await store.head({ bucket: otherBucket, key })).sizeBytes, TEXT.length);
      const keys = [];
      for await (const object of store.list(bucket)) keys.push(object.key);
      for await (const version of store.listVersions(bucket)) keys.push(version.key);
      assert.deepEqual(keys, [key, key]);
    });
  }
}

function missesNothing(test: ObjectStoreTest): void {
  test('says not-found of what is not there', async ({ store, bucket, otherBucket }) => {
    const missing = { bucket, key: 'missing.txt' };
    await assert.rejects(store.head(missing), { code: 'not-found', retryable: false });
    await assert.rejects(store.read(missing), { code: 'not-found' });
    await assert.rejects(store.copy(missing, { bucket: otherBucket, key: 'x' }), { code: 'not-found' });
    await assert.rejects(store.put({ bucket: `${bucket}-missing`, key: 'x' }, TEXT), { code: 'not-found' });
  });
}

function pinsVersions(test: ObjectStoreTest, abilities: ObjectStoreAbilities): void {
  test('says changed when the ETag asked for is no longer current', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    const old = await store.put({ bucket, key: 'a.txt' }, TEXT);
    await store.put({ bucket, key: 'a.txt' }, Buffer.from('another text'));
    const pinned = { bucket, key: 'a.txt', eTag: old.eTag };
    await assert.rejects(store.head(pinned), { code: 'changed', retryable: false });
    await assert.rejects(store.read(pinned), { code: 'changed' });
    await assert.rejects(store.copy(pinned, { bucket: otherBucket, key: 'a.txt' }), { code: 'changed' });
    await assert.rejects(store.head({ bucket: otherBucket, key: 'a.txt' }), { code: 'not-found' });
  });

  if (!abilities.versions) return;
  test('reads and copies an old version by its id', async ({ store, bucket, otherBucket }) => {
    const { versionId, eTag } = await store.put({ bucket, key: 'a.txt' }, TEXT);
    await store.put({ bucket, key: 'a.txt' }, Buffer.from('another text'));
    assert.ok(versionId !== undefined);
    const old = { bucket, key: 'a.txt', versionId };
    const { info, bytes } = await store.read(old);
    assert.deepEqual([info.versionId, info.eTag], [versionId, eTag]);
    assert.deepEqual(await readAll(bytes), TEXT);
    const copied = await store.copy(old, { bucket: otherBucket, key: 'a.txt' });
    assert.equal(copied.sizeBytes, TEXT.length);
  });
}

function aborts(test: ObjectStoreTest): void {
  test('says aborted, and does nothing, when the signal has fired', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    const source = await store.put({ bucket, key: 'a.txt' }, TEXT);
    const signal = AbortSignal.abort();
    const expected = { code: 'aborted', retryable: true };
    await assert.rejects(store.head(source, { signal }), expected);
    await assert.rejects(store.read(source, { signal }), expected);
    await assert.rejects(store.put({ bucket, key: 'b.txt' }, TEXT, { signal }), expected);
    await assert.rejects(store.copy(source, { bucket: otherBucket, key: 'b.txt' }, { signal }), expected);
    await assert.rejects(store.head({ bucket, key: 'b.txt' }), { code: 'not-found' });
  });

  test('ends a body when the signal fires', async ({ store, bucket }) => {
    await store.put({ bucket, key: 'large.txt' }, Buffer.alloc(4 * 1024 * 1024, 'x'));
    const abort = new AbortController();
    const { bytes } = await store.read({ bucket, key: 'large.txt' }, { signal: abort.signal });
    const reading = async (): Promise<void> => {
      for await (const chunk of bytes) if (chunk.length > 0) abort.abort();
    };
    await assert.rejects(reading(), { code: 'aborted' });
  });
}
