import { parseAnnouncement, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  type CallHooks,
  createManualClock,
  createMemoryObjectStore,
  type MemoryObjectStore,
} from '@org/wordfreq-aws-adapters/memory';
import type { ObjectInfo, ObjectLocation, ObjectVersion, PutOptions } from '@org/wordfreq-aws-adapters/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyAnnouncedUploads } from './copy-announced-uploads.ts';
import type { CopyPolicy } from './copy-upload.ts';
import consoleTestEvent from './fixtures/console-test-event.json' with { type: 'json' };

const UPLOADS = 'yhb-wordfreq-uploading';
const PROCESSING = 'yhb-wordfreq-processing';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function setUp(policy: Partial<CopyPolicy> = {}, hooks: CallHooks = {}) {
  const objects = createMemoryObjectStore({
    clock: createManualClock(),
    buckets: [UPLOADS, PROCESSING, 'elsewhere'],
    hooks,
  });
  const dependencies = {
    objects,
    parse: parseAnnouncement,
    policy: {
      destinationBucket: PROCESSING,
      allowedBuckets: new Set([UPLOADS]),
      keyPrefix: '',
      keySuffix: '.txt',
      ...policy,
    },
  };
  const announce = async (...uploaded: ObjectVersion[]): Promise<string[]> => {
    const event = s3EventFor(
      ...uploaded.map((object) => ({ object, sizeBytes: 1, at: new Date(0), sequencer: '01' })),
    );
    const handled = await copyAnnouncedUploads(JSON.stringify(event), dependencies);
    return handled.map(({ result }) => result.outcome);
  };
  return { objects, dependencies, announce };
}

async function textOf(objects: MemoryObjectStore, key: string): Promise<string> {
  const { bytes } = await objects.read({ bucket: PROCESSING, key });
  let text = '';
  for await (const chunk of bytes) text += new TextDecoder().decode(chunk);
  return text;
}

describe(copyAnnouncedUploads, () => {
  it('takes the console’s test event unchanged', async () => {
    const { objects, dependencies } = setUp();
    await objects.put({ bucket: UPLOADS, key: '1.txt' }, encode('one'));
    const handled = await copyAnnouncedUploads(JSON.stringify(consoleTestEvent), dependencies);
    expect(handled.map(({ result }) => result.outcome)).toEqual(['copied']);
    expect(await textOf(objects, '1.txt')).toBe('one');
  });

  it('copies under the same key, whatever is in it, and marks the copy with its source', async () => {
    const { objects, announce } = setUp();
    const key = 'a b+c%2B//é🐳.txt';
    const upload = await objects.put({ bucket: UPLOADS, key }, encode('words'), {
      metadata: new Map([['owner', 'ann']]),
    });
    expect(await announce(upload)).toEqual(['copied']);
    const copy = await objects.head({ bucket: PROCESSING, key });
    expect(Object.fromEntries(copy.metadata)).toEqual({
      owner: 'ann',
      'source-bucket': UPLOADS,
      'source-etag': upload.eTag,
      'source-sequencer': '01',
    });
  });

  it('copies once, however often the event comes', async () => {
    const { objects, announce } = setUp();
    const upload = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('words'));
    expect(await announce(upload)).toEqual(['copied']);
    expect(await announce(upload, upload)).toEqual(['already-copied', 'already-copied']);
  });

  it('copies again after an overwrite', async () => {
    const { objects, announce } = setUp();
    await announce(await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('old')));
    expect(await announce(await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('new')))).toEqual([
      'copied',
    ]);
    expect(await textOf(objects, 'a.txt')).toBe('new');
  });

  it('never brings an older version back when an event was overtaken', async () => {
    const { objects, dependencies } = setUp();
    const upload = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('words'));
    const copyAt = async (version: string, sequencer: string): Promise<string | undefined> => {
      const object = { ...upload, eTag: version };
      const pinned = { ...dependencies.objects, head: headOf(object), copy: copyOf(object) };
      const event = s3EventFor({ object, sizeBytes: 5, at: new Date(0), sequencer });
      const [handled] = await copyAnnouncedUploads(JSON.stringify(event), {
        ...dependencies,
        objects: pinned,
      });
      return handled?.result.outcome;
    };
    // The store keeps one version only, so the upload's versions are played.
    const headOf = (object: typeof upload) => async (asked: ObjectVersion) =>
      asked.bucket === UPLOADS ? object : objects.head(asked);
    const copyOf =
      (object: typeof upload) =>
      async (_source: ObjectVersion, to: ObjectLocation, options: PutOptions = {}): Promise<ObjectInfo> =>
        objects.put(to, encode(object.eTag), options);
    expect(await copyAt('v2', '0B')).toBe('copied');
    expect(await copyAt('v1', '0A')).toBe('skipped:superseded');
    expect(await textOf(objects, 'a.txt')).toBe('v2');
    // Right-padded with zeros, 0B1 comes after 0B.
    expect(await copyAt('v3', '0B1')).toBe('copied');
  });

  describe.each([true, false])('when two invocations overlap, in buckets with versions: %s', (versioned) => {
    /** The invocation for an older version is overtaken by one for a newer version while S3 copies. */
    async function overtaken({ isFirst }: { isFirst: boolean }) {
      const objects = createMemoryObjectStore({
        clock: createManualClock(),
        buckets: [UPLOADS, PROCESSING],
        versioned,
      });
      const { dependencies } = setUp();
      const announce = async (object: ObjectVersion, sequencer: string, copy = objects.copy) => {
        const body = JSON.stringify(s3EventFor({ object, sizeBytes: 1, at: new Date(0), sequencer }));
        const [handled] = await copyAnnouncedUploads(body, {
          ...dependencies,
          objects: { ...objects, copy },
        });
        return handled?.result.outcome;
      };
      const put = (text: string) => objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode(text));
      if (!isFirst) expect(await announce(await put('oldest'), '09')).toBe('copied');
      const older = await put('older');
      let copies = 0;
      const outcome = await announce(older, '0A', async (source, destination, options) => {
        copies += 1;
        // The first copy is refused where there is one already.
        if (copies !== (isFirst ? 1 : 2)) return objects.copy(source, destination, options);
        // S3 has read the older version, and not yet written it.
        expect(await announce(await put('newer'), '0B')).toBe('copied');
        return objects.put(destination, encode('older'), options);
      });
      expect(await textOf(objects, 'a.txt')).toBe('newer');
      // Whatever is delivered again changes nothing for long.
      await announce(older, '0A');
      expect(await textOf(objects, 'a.txt')).toBe('newer');
      return outcome;
    }

    it('does not create the copy of the older version', async () => {
      expect(await overtaken({ isFirst: true })).toBe('skipped:superseded');
    });

    it('puts the newer version back over the older one', async () => {
      expect(await overtaken({ isFirst: false })).toBe('copied');
    });
  });

  it.each([true, false])(
    'ends with the newest version copied however invocations interleave, in buckets with versions: %s',
    async (versioned) => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 1, max: 2 }),
          async (scheduler, uploads, deliveries) => {
            const clock = createManualClock();
            const objects = createMemoryObjectStore({ clock, buckets: [UPLOADS, PROCESSING], versioned });
            const { dependencies } = setUp();
            const step = (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
            // As S3 does it: reads one version, and decides about the condition when it writes.
            const slow = {
              async head(...asked: Parameters<typeof objects.head>) {
                await step('head');
                return objects.head(...asked);
              },
              async copy(source: ObjectVersion, destination: ObjectLocation, options: PutOptions = {}) {
                await step('copy reads');
                const { bytes } = await objects.read(source);
                let text = '';
                for await (const chunk of bytes) text += new TextDecoder().decode(chunk);
                await step('copy writes');
                return objects.put(destination, encode(text), options);
              },
            };
            const running: Promise<unknown>[] = [];
            const upload = async (): Promise<void> => {
              for (let version = 1; version <= uploads; version += 1) {
                await step('upload');
                const object = await objects.put(
                  { bucket: UPLOADS, key: 'a.txt' },
                  encode(`version ${version}`),
                );
                const event = s3EventFor({ object, sizeBytes: 1, at: new Date(0), sequencer: `0${version}` });
                for (let delivery = 0; delivery < deliveries; delivery += 1) {
                  const handled = async (): Promise<void> => {
                    await step('delivery');
                    await copyAnnouncedUploads(JSON.stringify(event), { ...dependencies, objects: slow });
                  };
                  running.push(handled());
                }
              }
            };
            running.push(upload());
            await scheduler.waitIdle();
            await Promise.all(running);
            expect(await textOf(objects, 'a.txt')).toBe(`version ${uploads}`);
          },
        ),
        { numRuns: 500 },
      );
    },
  );

  it('copies a version that was removed or replaced before its event came, where versions are kept', async () => {
    const objects = createMemoryObjectStore({
      clock: createManualClock(),
      buckets: [UPLOADS, PROCESSING],
      versioned: true,
    });
    const { dependencies } = setUp();
    const older = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('older'));
    objects.remove({ bucket: UPLOADS, key: 'a.txt' });
    const event = s3EventFor({ object: older, sizeBytes: 1, at: new Date(0), sequencer: '0A' });
    const [handled] = await copyAnnouncedUploads(JSON.stringify(event), { ...dependencies, objects });
    expect(handled?.result.outcome).toBe('copied');
    expect(await textOf(objects, 'a.txt')).toBe('older');
  });

  it('mends what a crash between the copy and the look after it left', async () => {
    const objects = createMemoryObjectStore({
      clock: createManualClock(),
      buckets: [UPLOADS, PROCESSING],
      versioned: true,
    });
    const { dependencies } = setUp();
    const older = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('older'));
    const body = JSON.stringify(
      s3EventFor({ object: older, sizeBytes: 1, at: new Date(0), sequencer: '0A' }),
    );
    await copyAnnouncedUploads(body, { ...dependencies, objects });
    await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('newer'));
    const [again] = await copyAnnouncedUploads(body, { ...dependencies, objects });
    expect(again?.result.outcome).toBe('already-copied');
    expect(await textOf(objects, 'a.txt')).toBe('newer');
  });

  it('ends with the newest version copied, whatever fails and however events repeat and overtake', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('put', 'announce', 'announce-oldest'), { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        fc.boolean(),
        async (steps, failing, late) => {
          let calls = 0;
          const fault = (): void => {
            if (failing.includes(calls)) {
              throw Object.assign(new Error('no network'), { code: 'unavailable', retryable: true });
            }
          };
          const faulty: CallHooks = {
            before: ({ operation }) => {
              if (operation === 'object-store.put') return;
              calls += 1;
              if (!late) fault();
            },
            after: ({ operation }) => {
              if (operation !== 'object-store.put' && late) fault();
            },
          };
          const { objects, announce } = setUp({}, faulty);
          const queue: ObjectVersion[] = [];
          const handle = async (upload: ObjectVersion): Promise<void> => {
            // What fails is delivered again, as SQS does.
            await announce(upload).catch(() => queue.push(upload));
          };
          for (const [index, step] of steps.entries()) {
            const next =
              step === 'announce' ? queue.pop() : step === 'announce-oldest' ? queue.shift() : undefined;
            if (next !== undefined) await handle(next);
            if (step !== 'put') continue;
            const put = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode(`version ${index}`));
            queue.push(put, put);
          }
          while (queue.length > 0) await handle(queue.shift() as ObjectVersion);
          const last = steps.lastIndexOf('put');
          if (last < 0) return;
          calls = 1000;
          expect(await textOf(objects, 'a.txt')).toBe(`version ${last}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('copies an upload with much metadata, and says what found no room beside ours', async () => {
    const { objects, dependencies } = setUp();
    const metadata = new Map([
      ['author', 'a'],
      ['abstract', 'x'.repeat(1950)],
    ]);
    const upload = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('words'), { metadata });
    const event = s3EventFor({ object: upload, sizeBytes: 5, at: new Date(0), sequencer: '01' });
    const [handled] = await copyAnnouncedUploads(JSON.stringify(event), dependencies);
    expect(handled?.result).toMatchObject({ outcome: 'copied', droppedMetadata: ['abstract'] });
    const copy = await objects.head({ bucket: PROCESSING, key: 'a.txt' });
    expect(copy.metadata.get('author')).toBe('a');
    expect(copy.metadata.get('source-etag')).toBe(upload.eTag);
  });

  it('copies once what brings the metadata of another copy along', async () => {
    const { objects, announce } = setUp();
    const metadata = new Map([['source-version-id', 'of another pipeline']]);
    const upload = await objects.put({ bucket: UPLOADS, key: 'a.txt' }, encode('words'), { metadata });
    expect([await announce(upload), await announce(upload)]).toEqual([['copied'], ['already-copied']]);
  });

  it.each(['a.txt.gz', 'a.txt.zst'])('copies %s, which workers open', async (key) => {
    const { objects, announce } = setUp();
    const upload = await objects.put({ bucket: UPLOADS, key }, encode('compressed'));
    expect(await announce(upload)).toEqual(['copied']);
    expect(await textOf(objects, key)).toBe('compressed');
  });

  it.each([
    ['another bucket', 'elsewhere', 'a.txt', {}, 'skipped:bucket-not-allowed'],
    [
      'its own destination',
      PROCESSING,
      'a.txt',
      { allowedBuckets: new Set<string>() },
      'skipped:bucket-not-allowed',
    ],
    ['another suffix', UPLOADS, 'a.md', {}, 'skipped:suffix'],
    ['another prefix', UPLOADS, 'a.txt', { keyPrefix: 'in/' }, 'skipped:prefix'],
    ['a folder marker', UPLOADS, 'in/', {}, 'skipped:folder-marker'],
  ])('leaves %s alone without a call to the store', async (_, bucket, key, policy, outcome) => {
    const calls: string[] = [];
    const { announce } = setUp(policy, { before: ({ operation }) => void calls.push(operation) });
    expect(await announce({ bucket, key, eTag: 'e' })).toEqual([outcome]);
    expect(calls).toEqual([]);
  });

  it('is done with an upload that is gone', async () => {
    expect(await setUp().announce({ bucket: UPLOADS, key: 'a.txt', eTag: 'e' })).toEqual(['gone']);
  });

  it('copies the good ones of an announcement, and then reports the bad one', async () => {
    const { objects, dependencies } = setUp();
    const upload = await objects.put({ bucket: UPLOADS, key: 'good.txt' }, encode('words'));
    const event = s3EventFor({ object: upload, sizeBytes: 5, at: new Date(0) });
    const bad = structuredClone(event.Records[0]) as { s3: { object: { key: string } } };
    bad.s3.object.key = '%zz.txt';
    const body = JSON.stringify({ Records: [bad, ...event.Records] });
    await expect(copyAnnouncedUploads(body, dependencies)).rejects.toMatchObject({ code: 'bad-key' });
    expect(await textOf(objects, 'good.txt')).toBe('words');
  });

  it('refuses what is no announcement, with code and excerpt', async () => {
    await expect(copyAnnouncedUploads('hello', setUp().dependencies)).rejects.toMatchObject({
      code: 'not-json',
      message: expect.stringContaining('hello'),
    });
  });
});
