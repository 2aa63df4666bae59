import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { ObjectReader, PutOptions } from '@org/wordfreq-aws-adapters/ports';
import { fingerprintOptions } from '@org/wordfreq-core';
import { dictionariesFor } from '@org/wordfreq-core/dictionaries';
import { describe, expect, it } from 'vitest';
import { encodeAs } from '../../../core-wordfreq/test/encode-as.ts';
import { BUCKET, createMemoryWorld } from '../../test/support/memory-world.ts';
import { type CountingPolicy, processJob } from './process-job.ts';

const never = new AbortController().signal;
const TEXT = 'to be or not to be';

async function processStored(
  key: string,
  body: Uint8Array,
  options: PutOptions = {},
  policy: Partial<CountingPolicy> = {},
) {
  const { objects, dependencies } = createMemoryWorld();
  const object = await objects.put({ bucket: BUCKET, key }, body, options);
  const dependencies2 = { ...dependencies, policy: { ...dependencies.policy, ...policy } };
  return processJob({ object, attempt: 1 }, dependencies2, never);
}

describe(processJob, () => {
  it.each([
    ['gzip by its encoding', 'a.txt', gzipSync(TEXT), { contentEncoding: 'gzip' }],
    ['zstd by its encoding', 'a.txt', zstdCompressSync(TEXT), { contentEncoding: 'zstd' }],
    ['gzip behind aws-chunked', 'a.txt', gzipSync(TEXT), { contentEncoding: 'aws-chunked, GZIP' }],
    ['gzip by its name', 'a.txt.gz', gzipSync(TEXT), {}],
    ['zstd by its name', 'a.txt.zst', zstdCompressSync(TEXT), {}],
    ['no compression', 'a.txt', Buffer.from(TEXT), { contentEncoding: 'identity' }],
    ['UTF-16 with a byte order mark', 'a.txt', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), {}],
  ])('counts %s', async (_, key, body, options) => {
    expect(await processStored(key, body, options)).toMatchObject({
      outcome: 'counted',
      words: [
        { word: 'be', count: 2 },
        { word: 'to', count: 2 },
        { word: 'not', count: 1 },
        { word: 'or', count: 1 },
      ],
    });
  });

  it('composes words if the policy says so, and names that in the fingerprint', async () => {
    const body = Buffer.from('cafe\u0301 caf\u00e9');
    const composed = await processStored('a.txt', body, {}, { normalize: 'NFC' });
    expect(composed.words).toEqual([{ word: 'caf\u00e9', count: 2 }]);
    const asTheyAre = await processStored('a.txt', body);
    expect(asTheyAre.words).toHaveLength(2);
    const dictionary = dictionariesFor();
    expect(composed.options.fingerprint).toBe(fingerprintOptions({ normalize: 'NFC', dictionary }));
    expect(composed.jobId).not.toBe(asTheyAre.jobId);
  });

  describe('of a text in another encoding', () => {
    const RUSSIAN = 'Все люди рождаются свободными и равными в своём достоинстве и правах. '.repeat(5);
    const koi8 = Buffer.from(encodeAs('koi8-r', RUSSIAN));
    const top = [{ word: 'и', count: 10 }];

    it('detects the encoding, and names it in the record', async () => {
      const { words, encoding, warnings } = await processStored('a.txt', koi8);
      expect(words.slice(0, 1)).toEqual(top);
      expect([encoding, warnings]).toEqual([{ name: 'koi8-u', foundBy: 'detected' }, []]);
    });

    it('detects UTF-16 without a byte order mark', async () => {
      const { words, encoding } = await processStored('a.txt', Buffer.from(RUSSIAN, 'utf16le'));
      expect(words.slice(0, 1)).toEqual(top);
      expect(encoding).toEqual({ name: 'utf-16le', foundBy: 'detected' });
    });

    it.each([
      ['text/plain; charset=KOI8-R', {}, 'koi8-r'],
      ['text/plain;charset="koi8-r"', { encoding: 'gbk' }, 'koi8-r'],
      ['text/plain', { encoding: 'koi8-r' }, 'koi8-r'],
      ['text/plain; charset=unknown', { encoding: 'koi8-r' }, 'koi8-r'],
    ])('believes the content type %s before the policy %j', async (contentType, policy, name) => {
      const { words, encoding } = await processStored('a.txt', koi8, { contentType }, policy);
      expect(words.slice(0, 1)).toEqual(top);
      expect(encoding).toEqual({ name, foundBy: 'declared' });
    });

    it('says nothing of UTF-8', async () => {
      expect(await processStored('a.txt', Buffer.from(RUSSIAN))).not.toHaveProperty('encoding');
    });

    it('names the likely encoding, and what to do, where it is not sure', async () => {
      const short = Buffer.from(encodeAs('koi8-r', 'Война и мир'));
      await expect(processStored('a.txt', short)).rejects.toMatchObject({
        code: 'not-text',
        message: expect.stringMatching(
          /^Expected a text in UTF-8, but it is perhaps koi8-u\. .*--overwrite --encoding koi8-u converts it\.$/,
        ),
      });
    });
  });

  it('folds words as the policy says, and names that in the fingerprint', async () => {
    const body = Buffer.from('_IŞIK_ ışık');
    const turkish = await processStored('a.txt', body, {}, { locale: 'tr' });
    expect(turkish.words).toEqual([{ word: 'ışık', count: 2 }]);
    const apart = await processStored('a.txt', body, {}, { fold: 'none' });
    expect(apart.words).toHaveLength(2);
    const plain = await processStored('a.txt', body);
    const dictionary = dictionariesFor();
    const prints = [turkish, apart, plain].map(({ options }) => options.fingerprint);
    expect(prints).toEqual([
      fingerprintOptions({ locale: 'tr', dictionary }),
      fingerprintOptions({ fold: 'none', dictionary }),
      fingerprintOptions({ dictionary }),
    ]);
    expect(new Set([turkish, apart, plain].map(({ jobId }) => jobId)).size).toBe(3);
  });

  it('counts each ideograph if the policy says so, and names that in the fingerprint', async () => {
    const each = await processStored('a.txt', Buffer.from('我爱北京'), {}, { cjk: 'character' });
    const words = await processStored('a.txt', Buffer.from('我爱北京'));
    expect([each.totals.words, words.totals.words]).toEqual([4, 3]);
    const dictionary = dictionariesFor({ cjk: 'character' });
    expect(each.options.fingerprint).toBe(fingerprintOptions({ cjk: 'character', dictionary }));
    expect(each.jobId).not.toBe(words.jobId);
  });

  it('joins words that hyphens divide at line ends if the policy says so, and names that in the fingerprint', async () => {
    const body = Buffer.from('representatives, represen-\ntatives');
    const joined = await processStored('a.txt', body, {}, { dehyphenate: true });
    expect(joined.words).toEqual([{ word: 'representatives', count: 2 }]);
    const apart = await processStored('a.txt', body);
    expect(apart.totals.words).toBe(3);
    expect(joined.options.fingerprint).toContain('dehyphenate');
    expect(joined.jobId).not.toBe(apart.jobId);
  });

  it.each([
    ['an unknown encoding', 'a.txt', 'x', { contentEncoding: 'br' }, {}, 'unsupported-encoding'],
    ['two encodings', 'a.txt', 'x', { contentEncoding: 'gzip, gzip' }, {}, 'unsupported-encoding'],
    [
      'text that says it is gzip',
      'a.txt',
      'plain text',
      { contentEncoding: 'gzip' },
      {},
      'corrupt-compression',
    ],
    ['too large an object', 'a.txt', 'x'.repeat(101), {}, { maxObjectBytes: 100 }, 'object-too-large'],
  ])('refuses %s, and closes its body', async (_, key, body, options, policy, code) => {
    await expect(processStored(key, Buffer.from(body), options, policy)).rejects.toMatchObject({
      code,
      retryable: false,
    });
  });

  it('refuses a text that is too large once it is decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000, 'a '));
    const counting = processStored('a.txt.gz', bomb, {}, { maxObjectBytes: 10_000 });
    await expect(counting).rejects.toMatchObject({ code: 'decompressed-too-large' });
  });

  it('names the setting that an operator has when a text has too many different words', async () => {
    const counting = processStored('a.txt', Buffer.from('one two three'), {}, { maxDistinctWords: 2 });
    await expect(counting).rejects.toMatchObject({
      code: 'too-many-distinct-words',
      message: expect.stringMatching(
        /^Expected no more different words than MAX_DISTINCT_WORDS \(2\) allows/,
      ),
    });
    // Not the options of the core, which a program has.
    await expect(counting).rejects.not.toThrow(/maxDistinctWords|overflow/);
  });

  it('closes the body of an object that it does not want', async () => {
    const world = createMemoryWorld();
    const object = await world.objects.put({ bucket: BUCKET, key: 'a.txt' }, Buffer.alloc(2_000_000));
    let closed = false;
    const objects: ObjectReader = {
      head: world.objects.head,
      async read(...asked) {
        const { info, bytes } = await world.objects.read(...asked);
        async function* watched(): AsyncGenerator<Uint8Array> {
          try {
            yield* bytes;
          } finally {
            closed = true;
          }
        }
        return { info, bytes: watched() };
      },
    };
    const counting = processJob({ object, attempt: 1 }, { ...world.dependencies, objects }, never);
    await expect(counting).rejects.toMatchObject({ code: 'object-too-large' });
    expect(closed).toBe(true);
  });

  it('skips keys outside the prefix', async () => {
    expect(await processStored('b/a.txt', Buffer.from('x'), {}, { keyPrefix: 'a/' })).toMatchObject({
      outcome: 'skipped:prefix',
    });
  });

  it('names the version that it read when the event named none', async () => {
    const { objects, dependencies } = createMemoryWorld();
    const ids = new Set<string>();
    for (const body of ['old', 'new']) {
      const { eTag } = await objects.put({ bucket: BUCKET, key: 'a.txt' }, Buffer.from(body));
      const job = { object: { bucket: BUCKET, key: 'a.txt' }, attempt: 1 };
      const result = await processJob(job, dependencies, never);
      expect(result.object.eTag).toBe(eTag);
      ids.add(result.jobId);
    }
    expect(ids.size).toBe(2);
  });

  it('dates a version that is gone by its event, so that it is not taken for the latest', async () => {
    const { dependencies } = createMemoryWorld();
    const createdAt = new Date('2025-12-31T00:00:00Z');
    const object = { bucket: BUCKET, key: 'gone.txt', eTag: 'e1' };
    expect(await processJob({ object, attempt: 1, createdAt }, dependencies, never)).toMatchObject({
      outcome: 'gone',
      lastModified: createdAt,
    });
    expect(await processJob({ object, attempt: 1 }, dependencies, never)).not.toHaveProperty('lastModified');
  });

  it('gives up between two chunks when its signal fires', async () => {
    const { objects, dependencies } = createMemoryWorld();
    const stop = new AbortController();
    const object = await objects.put({ bucket: BUCKET, key: 'a.txt' }, Buffer.from('words'));
    const endless: ObjectReader = {
      head: objects.head,
      async read(...asked) {
        const { info } = await objects.read(...asked);
        async function* bytes(): AsyncGenerator<Uint8Array> {
          for (let chunk = 0; ; chunk += 1) {
            if (chunk === 3) stop.abort(new Error('enough'));
            if (chunk > 100) throw new Error('it did not give up');
            yield Buffer.from('word ');
          }
        }
        return { info, bytes: bytes() };
      },
    };
    const counting = processJob({ object, attempt: 1 }, { ...dependencies, objects: endless }, stop.signal);
    await expect(counting).rejects.toThrow('enough');
  });
});
