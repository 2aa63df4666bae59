import assert from 'node:assert/strict';
import type { ObjectStore } from '../ports/index.ts';
import { HOSTILE_KEYS, readAll } from './samples.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of an object store works on. */
export interface ObjectStoreFixture extends Disposable {
  /** The store under test. */
  readonly store: ObjectStore;
  /** Two empty buckets. */
  readonly bucket: string;
  /** A second bucket, empty. */
  readonly otherBucket: string;
}

/** What an object store can do beyond the minimum. */
export interface ObjectStoreAbilities {
  /** Whether the fixture's buckets keep old versions. */
  readonly versions: boolean;
}

const TEXT = Buffer.from('one two two');

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
    replacesOnlyIfAsked(test);
    readsRanges(test);
    keepsKeys(test);
    refusesKeys(test);
    missesNothing(test);
    pinsVersions(test, abilities);
    copies(test);
    copiesMuchMetadata(test);
    refusesToCopy(test);
    lists(test);
    aborts(test);
  });
}

type Test = (name: string, run: (fixture: ObjectStoreFixture) => Promise<void>) => void;

function describesAndReads(test: Test): void {
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

function replacesOnlyIfAsked(test: Test): void {
  for (const [name, size] of [
    ['a small object', 1],
    ['one that is put in parts', 9 * 1024 * 1024],
  ] as const) {
    test(`lets one of many put ${name} that is not to replace another`, async ({ store, bucket }) => {
      const bodies = ['a', 'b', 'c'].map((letter) => Buffer.alloc(size, letter));
      const puts = bodies.map((body) => store.put({ bucket, key: 'a.txt' }, body, { onlyIfAbsent: true }));
      const ends = await Promise.allSettled(puts);
      const winner = ends.findIndex(({ status }) => status === 'fulfilled');
      for (const [index, end] of ends.entries()) {
        if (index === winner) continue;
        assert.equal(end.status, 'rejected');
        assert.equal(end.reason.code, 'changed');
      }
      const { bytes } = await store.read({ bucket, key: 'a.txt' });
      assert.ok((await readAll(bytes)).equals(bodies[winner] as Buffer));
      await store.put({ bucket, key: 'a.txt' }, TEXT);
      assert.equal((await store.head({ bucket, key: 'a.txt' })).sizeBytes, TEXT.length);
    });
  }
}

function readsRanges(test: Test): void {
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

function refusesKeys(test: Test): void {
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

function keepsKeys(test: Test): void {
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
      assert.deepEqual(keys, [key]);
    });
  }
}

function missesNothing(test: Test): void {
  test('says not-found of what is not there', async ({ store, bucket, otherBucket }) => {
    const missing = { bucket, key: 'missing.txt' };
    await assert.rejects(store.head(missing), { code: 'not-found', retryable: false });
    await assert.rejects(store.read(missing), { code: 'not-found' });
    await assert.rejects(store.copy(missing, { bucket: otherBucket, key: 'x' }), { code: 'not-found' });
    await assert.rejects(store.put({ bucket: `${bucket}-missing`, key: 'x' }, TEXT), { code: 'not-found' });
  });
}

function pinsVersions(test: Test, abilities: ObjectStoreAbilities): void {
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

function copies(test: Test): void {
  test('carries type, encoding and metadata over, and adds to the metadata', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    const source = await store.put({ bucket, key: 'a.txt' }, TEXT, {
      contentType: 'text/plain',
      contentEncoding: 'gzip',
      metadata: new Map([
        ['author', 'Zoë'],
        ['kept', 'yes'],
      ]),
    });
    const metadata = new Map([['source-etag', source.eTag]]);
    const made = await store.copy(source, { bucket: otherBucket, key: 'b.txt' }, { metadata });
    const { info, bytes } = await store.read({ bucket: otherBucket, key: 'b.txt', eTag: made.eTag });
    assert.deepEqual(await readAll(bytes), TEXT);
    assert.equal(info.contentType, 'text/plain');
    assert.equal(info.contentEncoding, 'gzip');
    const expected = new Map([
      ['author', 'Zoë'],
      ['kept', 'yes'],
      ['source-etag', source.eTag],
    ]);
    for (const { metadata: found } of [info, made]) {
      assert.deepEqual(new Map([...found].sort()), expected);
    }
  });
}

function copiesMuchMetadata(test: Test): void {
  test('copies an object with as much metadata as S3 allows: what is added, and what fits beside it', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    const theirs = new Map([
      ['first', 'x'.repeat(943)],
      ['second', 'é'.repeat(500)],
    ]); // 948 + 1,006 bytes
    const source = await store.put({ bucket, key: 'a.txt' }, TEXT, { metadata: theirs });
    const metadata = new Map([['source-etag', 'e'.repeat(100)]]); // 111 bytes
    const made = await store.copy(source, { bucket: otherBucket, key: 'a.txt' }, { metadata });
    const { info } = await store.read({ bucket: otherBucket, key: 'a.txt', eTag: made.eTag });
    for (const { metadata: found } of [info, made]) {
      assert.deepEqual([...found.keys()].sort(), ['first', 'source-etag']);
    }
  });
}

function refusesToCopy(test: Test): void {
  test('refuses to copy an object onto itself', async ({ store, bucket }) => {
    const source = await store.put({ bucket, key: 'a.txt' }, TEXT);
    await assert.rejects(store.copy(source, { bucket, key: 'a.txt' }), { code: 'invalid', retryable: false });
  });

  test('does not call the source missing when it is the destination’s bucket', async ({ store, bucket }) => {
    const source = await store.put({ bucket, key: 'a.txt' }, TEXT);
    await assert.rejects(store.copy(source, { bucket: `${bucket}-missing`, key: 'a.txt' }), {
      code: 'invalid',
    });
  });
}

function lists(test: Test): void {
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

function aborts(test: Test): void {
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
