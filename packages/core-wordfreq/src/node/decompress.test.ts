import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecompressOptions, decompress, isCompressed } from './decompress.ts';

const COMPRESS = {
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
} satisfies Record<string, (bytes: Uint8Array) => Uint8Array>;
const KINDS = ['gzip', 'zstd'] as const;
const NAMES = { gzip: 'a.txt.gz', zstd: 'a.txt.zst' } as const;

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(chunks: AsyncIterable<Uint8Array>, options: DecompressOptions = {}): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of decompress(chunks, options)) parts.push(part.slice());
  return Buffer.concat(parts);
}

/** As a file reader that has one buffer gives them: each chunk is good until the next one. */
async function* inOneBuffer(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for await (const chunk of chunked(bytes, size)) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
    buffer.fill(0xff);
  }
}

/** A zstd frame that decoders skip (RFC 8878 §3.1.2). */
function skippable(content: Uint8Array, kind: number): Buffer {
  const header = Buffer.from([0x50 + kind, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

describe(decompress, () => {
  it.each(KINDS)('gives the text back, however many %s frames it has and however it is cut', async (kind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 100 }),
        async (texts, size) => {
          const stored = Buffer.concat(texts.map(COMPRESS[kind]));
          expect(await collect(inOneBuffer(stored, size))).toEqual(Buffer.concat(texts));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('skips zstd frames that are to be skipped, wherever they are and however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 50 }), fc.nat(15)), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 100 }),
        async (frames, size) => {
          const stored = frames.map(([skip, content, kind]) =>
            skip ? skippable(content, kind) : zstdCompressSync(content),
          );
          const texts = frames.map(([skip, content]) => (skip ? Buffer.alloc(0) : content));
          expect(await collect(chunked(Buffer.concat(stored), size))).toEqual(Buffer.concat(texts));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes zeros after a gzip member for padding, however they are cut', async () => {
    for (const zeros of [1, 511, 5000]) {
      for (const size of [1, 7, 100_000]) {
        const stored = Buffer.concat([gzipSync('one '), gzipSync('two'), Buffer.alloc(zeros)]);
        expect((await collect(chunked(stored, size))).toString()).toBe('one two');
        const dirty = Buffer.concat([stored, Buffer.from('x')]);
        await expect(collect(chunked(dirty, size))).rejects.toMatchObject({ code: 'corrupt-compression' });
      }
    }
  });

  it('passes other bytes as they are, whatever their first chunks are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 5 }), async (text, size) => {
        expect((await collect(inOneBuffer(Buffer.from(text), size), { name: 'a.txt' })).toString()).toBe(
          Buffer.from(text).toString(),
        );
      }),
    );
  });

  it.each([
    ['a.txt.gz', undefined],
    ['A.TXT.GZ', undefined],
    ['a.txt', 'gzip'],
    ['a.txt', 'aws-chunked, X-GZIP'],
    ['a.zst', undefined],
    ['a.zst', 'zstd'],
  ])('refuses text under the name %s with the content encoding %s', async (name, contentEncoding) => {
    for (const text of ['', 'p', 'plain text, not compressed at all']) {
      await expect(collect(chunked(Buffer.from(text), 3), { name, contentEncoding })).rejects.toMatchObject({
        code: 'corrupt-compression',
        retryable: false,
      });
    }
  });

  it.each(['br', 'gzip, gzip', 'gzip,zstd', 'deflate'])(
    'refuses the content encoding %s',
    async (contentEncoding) => {
      await expect(collect(chunked(gzipSync('a'), 99), { contentEncoding })).rejects.toMatchObject({
        code: 'unsupported-encoding',
        message: expect.stringContaining(JSON.stringify(contentEncoding)),
      });
    },
  );

  it('refuses what was compressed twice', async () => {
    for (const outer of KINDS) {
      for (const inner of KINDS) {
        const stored = COMPRESS[outer](COMPRESS[inner](Buffer.from('words')));
        await expect(collect(chunked(stored, 3))).rejects.toMatchObject({ code: 'unsupported-encoding' });
      }
    }
  });

  it.each(KINDS)('refuses a %s stream that ends early, wherever it is cut', async (kind) => {
    const stored = COMPRESS[kind](Buffer.from('the quick brown fox '.repeat(20)));
    for (let length = 0; length < stored.length; length += 1) {
      await expect(
        collect(chunked(stored.subarray(0, length), 7), { name: NAMES[kind] }),
      ).rejects.toMatchObject({ code: 'corrupt-compression', retryable: false });
    }
  });

  it.each(KINDS)('refuses other bytes after a %s stream', async (kind) => {
    const junk = Buffer.from('plain text, not compressed at all');
    for (let length = 1; length < junk.length; length += 1) {
      const body = Buffer.concat([COMPRESS[kind](Buffer.from('words')), junk.subarray(0, length)]);
      for (const size of [1, 5, 1000]) {
        await expect(collect(chunked(body, size))).rejects.toMatchObject({ code: 'corrupt-compression' });
      }
    }
  });

  it.each(KINDS)(
    'tells of %s data before it gives them, and ends when a listener has enough',
    async (kind) => {
      const bomb = COMPRESS[kind](Buffer.alloc(50_000_000, 'a'));
      let came = 0;
      const enough = new Error('enough');
      const onProgress: DecompressOptions['onProgress'] = ({ compressedBytes, textBytes }) => {
        expect(compressedBytes).toBeLessThanOrEqual(bomb.length);
        if (textBytes > 1_000_000) throw enough;
      };
      const reading = (async () => {
        for await (const part of decompress(chunked(bomb, 1000), { onProgress })) came += part.length;
      })();
      await expect(reading).rejects.toBe(enough);
      expect(came).toBeLessThanOrEqual(1_000_000);
    },
  );

  it('passes on what the source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync('words').subarray(0, 12);
      throw Object.assign(new Error('cut'), { code: 'truncated', retryable: true });
    }
    await expect(collect(broken())).rejects.toMatchObject({ code: 'truncated', retryable: true });
  });

  it.each([
    ['compressed', gzipSync('a'.repeat(100_000)), {}],
    ['plain', Buffer.from('text'), {}],
    ['refused', Buffer.from('text'), { contentEncoding: 'br' }],
  ])('closes a %s source when its reader stops', async (_, chunk, options) => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield chunk;
      } finally {
        closed = true;
      }
    }
    const reading = (async () => {
      for await (const _ of decompress(source(), options)) break;
    })();
    await reading.catch(() => undefined);
    expect(closed).toBe(true);
  });
});

describe(isCompressed, () => {
  it('decides by the bytes, or else by what is promised', () => {
    expect(isCompressed(gzipSync('a'))).toBe(true);
    expect(isCompressed(skippable(Buffer.from('a'), 3))).toBe(true);
    expect(isCompressed(Buffer.from('a'), { name: 'a.txt' })).toBe(false);
    expect(isCompressed(Buffer.from('a'), { name: 'a.txt.gz' })).toBe(true);
  });
});
