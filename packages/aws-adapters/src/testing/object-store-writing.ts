import assert from 'node:assert/strict';
import { type ObjectStoreFixture, type ObjectStoreTest, TEXT } from './object-store-fixture.ts';
import { readAll } from './samples.ts';

/** Puts: bodies that are at hand, and bodies that come chunk by chunk. */
export function putsObjects(test: ObjectStoreTest): void {
  replacesOnlyIfAsked(test);
  putsChunks(test);
  storesAllOrNothing(test);
}

const MIB = 1024 * 1024;
const SIZES = [
  ['a small object', 1],
  ['one that is put in parts', 9 * MIB],
] as const;

/** Yields the bytes in chunks of a given size, and notes whether its iterator was closed. */
class Chunks implements AsyncIterable<Uint8Array> {
  closed = false;
  readonly #bytes: Uint8Array;
  readonly #size: number;
  readonly #before: (offset: number) => void;

  constructor(bytes: Uint8Array, size: number, before: (offset: number) => void = () => undefined) {
    this.#bytes = bytes;
    this.#size = size;
    this.#before = before;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let offset = 0; offset < this.#bytes.length; offset += this.#size) {
        this.#before(offset);
        yield this.#bytes.subarray(offset, offset + this.#size);
        yield new Uint8Array();
      }
    } finally {
      this.closed = true;
    }
  }
}

function replacesOnlyIfAsked(test: ObjectStoreTest): void {
  for (const [name, size] of SIZES) {
    test(`lets one of many put ${name} that is not to replace another`, async ({ store, bucket }) => {
      const bodies = ['a', 'b', 'c'].map((letter) => Buffer.alloc(size, letter));
      const puts = bodies.map((body, index) =>
        store.put({ bucket, key: 'a.txt' }, index === 1 ? new Chunks(body, MIB) : body, {
          onlyIfAbsent: true,
        }),
      );
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

function putsChunks(test: ObjectStoreTest): void {
  for (const [name, size, chunkBytes] of [
    ['an empty body', 0, 1],
    ['a small body of single bytes', 11, 1],
    ['a body of one chunk that is larger than a part', 9 * MIB, 9 * MIB],
    ['a body of many chunks that fit no part', 17 * MIB + 1, 1_000_003],
  ] as const) {
    test(`stores ${name} that comes chunk by chunk, and reports its progress`, async ({ store, bucket }) => {
      const body = Buffer.alloc(size, 'eleven byte');
      const chunks = new Chunks(body, chunkBytes);
      const progress: number[] = [];
      const put = await store.put({ bucket, key: 'a.txt' }, chunks, {
        contentType: 'text/plain',
        metadata: new Map([['source', 'pipe']]),
        expectedBytes: size,
        onProgress: (sent) => progress.push(sent),
      });
      const { info, bytes } = await store.read({ bucket, key: 'a.txt', eTag: put.eTag });
      assert.ok((await readAll(bytes)).equals(body));
      assert.deepEqual([put.sizeBytes, info.sizeBytes], [size, size]);
      assert.deepEqual([info.contentType, info.metadata.get('source')], ['text/plain', 'pipe']);
      assert.deepEqual(
        progress,
        [...new Set(progress)].sort((a, b) => a - b),
      );
      assert.deepEqual(progress.slice(-1), size === 0 ? [] : [size]);
      assert.ok(chunks.closed);
    });
  }

  test('reports the progress of a body that is at hand', async ({ store, bucket }) => {
    const progress: number[] = [];
    await store.put({ bucket, key: 'a.txt' }, TEXT, { onProgress: (sent) => progress.push(sent) });
    assert.deepEqual(progress, [TEXT.length]);
  });
}

function storesAllOrNothing(test: ObjectStoreTest): void {
  for (const [name, size] of SIZES) {
    const middle = size > MIB ? 8.5 * MIB : 0;

    test(`stores nothing of ${name} whose body fails, and throws its error`, async (fixture) => {
      const { store, bucket } = fixture;
      const failure = new Error('the disk is gone');
      const chunks = new Chunks(new Uint8Array(size), MIB / 2, (offset) => {
        if (offset >= middle) throw failure;
      });
      const put = store.put({ bucket, key: 'a.txt' }, chunks);
      await assert.rejects(put, (error) => error === failure);
      await hasNothing(fixture);
    });

    test(`stores nothing of ${name} when the signal fires, and closes its body`, async (fixture) => {
      const { store, bucket } = fixture;
      const abort = new AbortController();
      const chunks = new Chunks(new Uint8Array(size), MIB / 2, (offset) => {
        if (offset >= middle) abort.abort();
      });
      const put = store.put({ bucket, key: 'a.txt' }, chunks, { signal: abort.signal });
      await assert.rejects(put, { code: 'aborted', retryable: true });
      assert.ok(chunks.closed);
      await hasNothing(fixture);
    });

    test(`leaves the object that is there, and closes the body of ${name} that must not replace it`, async (fixture) => {
      const { store, bucket } = fixture;
      await store.put({ bucket, key: 'a.txt' }, TEXT);
      const chunks = new Chunks(Buffer.alloc(size, 'x'), MIB / 2);
      await assert.rejects(store.put({ bucket, key: 'a.txt' }, chunks, { onlyIfAbsent: true }), {
        code: 'changed',
      });
      assert.ok(chunks.closed);
      assert.equal((await store.head({ bucket, key: 'a.txt' })).sizeBytes, TEXT.length);
      assert.equal((await fixture.unfinishedUploads?.()) ?? 0, 0);
    });
  }

  test('says not-found of a bucket that is missing, and closes the body', async ({ store, bucket }) => {
    const chunks = new Chunks(new Uint8Array(9 * MIB), MIB);
    await assert.rejects(store.put({ bucket: `${bucket}-missing`, key: 'x' }, chunks), { code: 'not-found' });
    assert.ok(chunks.closed);
  });
}

async function hasNothing({ store, bucket, unfinishedUploads }: ObjectStoreFixture): Promise<void> {
  await assert.rejects(store.head({ bucket, key: 'a.txt' }), { code: 'not-found' });
  assert.equal((await unfinishedUploads?.()) ?? 0, 0);
}
