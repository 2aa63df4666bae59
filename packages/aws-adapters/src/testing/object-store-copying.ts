import assert from 'node:assert/strict';
import type { ObjectStoreTest } from './object-store-fixture.ts';
import { TEXT } from './object-store-fixture.ts';
import { readAll } from './samples.ts';

/** Copies inside the store, and what they carry over. */
export function copiesObjects(test: ObjectStoreTest): void {
  carriesOver(test);
  copiesOnlyIfAbsent(test);
  copiesMuchMetadata(test);
  refusesToCopy(test);
}

function carriesOver(test: ObjectStoreTest): void {
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

function copiesOnlyIfAbsent(test: ObjectStoreTest): void {
  test('lets only one of several copies create an object that must not be replaced', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    const place = { bucket: otherBucket, key: 'copy.txt' };
    const texts = ['one', 'two', 'three'];
    for (const text of texts) await store.put({ bucket, key: text }, Buffer.from(text));
    const ends = await Promise.allSettled(
      texts.map((key) => store.copy({ bucket, key }, place, { onlyIfAbsent: true })),
    );
    const winner = ends.findIndex(({ status }) => status === 'fulfilled');
    for (const [index, end] of ends.entries()) {
      if (index === winner) continue;
      assert.equal(end.status, 'rejected');
      assert.equal(end.reason.code, 'changed');
    }
    const { bytes } = await store.read(place);
    assert.equal(String(await readAll(bytes)), texts[winner]);
    await store.copy({ bucket, key: 'one' }, place);
    assert.equal((await store.head(place)).sizeBytes, 3);
  });

  test('copies a source that was looked up before exactly as it was then, or not at all', async ({
    store,
    bucket,
    otherBucket,
  }) => {
    await store.put({ bucket, key: 'a.txt' }, TEXT, { contentType: 'text/plain' });
    const described = await store.head({ bucket, key: 'a.txt' });
    const copied = await store.copy(described, { bucket: otherBucket, key: 'a.txt' });
    assert.equal(copied.contentType, 'text/plain');
    if (described.versionId !== undefined) return;
    await store.put({ bucket, key: 'a.txt' }, Buffer.from('another text'));
    await assert.rejects(store.copy(described, { bucket: otherBucket, key: 'b.txt' }), { code: 'changed' });
    await assert.rejects(store.head({ bucket: otherBucket, key: 'b.txt' }), { code: 'not-found' });
  });
}

function copiesMuchMetadata(test: ObjectStoreTest): void {
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

function refusesToCopy(test: ObjectStoreTest): void {
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
