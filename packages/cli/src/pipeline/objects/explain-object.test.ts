import { AdapterError } from '@org/wordfreq-aws-adapters/errors';
import {
  createManualClock,
  createMemoryObjectStore,
  type MemoryObjectStore,
} from '@org/wordfreq-aws-adapters/memory';
import type { ObjectInfo } from '@org/wordfreq-aws-adapters/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { storedVersions } from './explain-object.ts';

const bucket = 'texts';
const place = { bucket, key: 'a b.txt' };
/** What is refused, by the names of the methods. */
let refused: Readonly<Record<string, AdapterError>>;
let objects: MemoryObjectStore;
beforeEach(() => {
  refused = {};
  objects = createMemoryObjectStore({
    clock: createManualClock(),
    buckets: [bucket],
    versioned: true,
    hooks: {
      before({ operation }) {
        const error = refused[operation];
        if (error !== undefined) throw error;
      },
    },
  });
});

const put = (body: string, key = place.key, metadata = new Map<string, string>()): Promise<ObjectInfo> =>
  objects.put({ bucket, key }, Buffer.from(body), { metadata });
const denied = (message = 'denied'): AdapterError => new AdapterError('access-denied', message);

describe(storedVersions, () => {
  it('puts the current version first, with its source, and leaves longer keys out', async () => {
    const first = await put('one');
    const metadata = new Map([
      ['source-bucket', 'uploads'],
      ['source-version-id', 'u7'],
    ]);
    const second = await put('two', place.key, metadata);
    await put('other', `${place.key}.gz`);
    expect(await storedVersions(objects, place)).toMatchObject([
      {
        versionId: second.versionId,
        eTag: second.eTag,
        current: true,
        source: { bucket: 'uploads', versionId: 'u7' },
      },
      { versionId: first.versionId, eTag: first.eTag, current: false, deleteMarker: false },
    ]);
  });

  it('shows that a key was deleted', async () => {
    await put('one');
    objects.remove(place);
    expect(await storedVersions(objects, place)).toMatchObject([
      { current: true, deleteMarker: true },
      { current: false, deleteMarker: false },
    ]);
  });

  it('shows the last thousand versions of a key that has more', async () => {
    for (let index = 0; index <= 1000; index += 1) await put(String(index));
    const versions = await storedVersions(objects, place);
    expect(versions).toHaveLength(1000);
    expect(versions[0]?.current).toBe(true);
  });

  it.each([denied(), new AdapterError('invalid', 'not implemented')])(
    'knows the current version alone where versions may not be listed: $code',
    async (error) => {
      const { versionId } = await put('one');
      refused = { 'object-store.listVersions': error };
      expect(await storedVersions(objects, place)).toMatchObject([{ versionId, current: true }]);
    },
  );

  it('throws the reason that only the listing gives', async () => {
    refused = {
      'object-store.listVersions': denied('ExpiredToken'),
      'object-store.head': new AdapterError('invalid', 'HTTP 400'),
    };
    await expect(storedVersions(objects, place)).rejects.toMatchObject({ message: 'ExpiredToken' });
  });

  it('distinguishes a missing key from a missing bucket, even if versions may not be listed', async () => {
    const missing = { bucket: 'none', key: 'a.txt' };
    for (const answers of [{}, { 'object-store.listVersions': denied() }]) {
      refused = answers;
      expect(await storedVersions(objects, place)).toEqual([]);
      await expect(storedVersions(objects, missing)).rejects.toMatchObject({ code: 'not-found' });
    }
    refused = { 'object-store.listVersions': denied(), 'object-store.list': denied() };
    expect(await storedVersions(objects, place)).toEqual([]);
  });
});
