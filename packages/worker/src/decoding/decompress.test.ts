import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compression } from './compression.ts';
import { type DecompressionLimits, decompress } from './decompress.ts';

const COMPRESS: Record<Compression, (bytes: Uint8Array) => Uint8Array> = {
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
const KINDS: readonly Compression[] = ['gzip', 'zstd'];
const LIMITS: DecompressionLimits = { maxBytes: 1_000_000 };

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  limits = LIMITS,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of decompress(chunks, compression, limits)) parts.push(part);
  return Buffer.concat(parts);
}

describe(decompress, () => {
  it.each(KINDS)('gives the text back, however many %s frames it has and however it is cut', async (kind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 100 }),
        async (texts, size) => {
          const stored = Buffer.concat(texts.map(COMPRESS[kind]));
          expect(await collect(chunked(stored, size), kind)).toEqual(Buffer.concat(texts));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(KINDS)('refuses a %s stream that ends early, wherever it is cut', async (kind) => {
    const stored = COMPRESS[kind](Buffer.from('the quick brown fox '.repeat(20)));
    for (let length = 0; length < stored.length; length += 1) {
      await expect(collect(chunked(stored.subarray(0, length), 7), kind)).rejects.toMatchObject({
        code: 'corrupt-compression',
        retryable: false,
      });
    }
  });

  it.each(KINDS)('refuses what is no %s stream, also behind one', async (kind) => {
    const junk = Buffer.from('plain text, not compressed at all');
    const stored = COMPRESS[kind](Buffer.from('words'));
    for (const body of [junk, Buffer.concat([stored, junk])]) {
      for (const size of [1, 5, 1000]) {
        await expect(collect(chunked(body, size), kind)).rejects.toMatchObject({
          code: 'corrupt-compression',
        });
      }
    }
  });

  it.each(KINDS)('stops a %s bomb before it has unfolded', async (kind) => {
    const bomb = COMPRESS[kind](Buffer.alloc(50_000_000, 'a'));
    for (const limits of [{ maxBytes: 1_000_000 }, { maxBytes: 1e9, maxRatio: 100, freeBytes: 1_000_000 }]) {
      let came = 0;
      const reading = (async () => {
        for await (const part of decompress(chunked(bomb, 1000), kind, limits)) came += part.length;
      })();
      await expect(reading).rejects.toMatchObject({ code: 'decompressed-too-large' });
      expect(came).toBeLessThanOrEqual(1_000_000);
    }
  });

  it('passes on what the source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync('words').subarray(0, 12);
      throw Object.assign(new Error('cut'), { code: 'truncated', retryable: true });
    }
    await expect(collect(broken(), 'gzip')).rejects.toMatchObject({ code: 'truncated', retryable: true });
  });

  it('closes the source when its reader stops', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield gzipSync('a'.repeat(100_000));
      } finally {
        closed = true;
      }
    }
    for await (const _ of decompress(source(), 'gzip', { maxBytes: 1e12 })) break;
    expect(closed).toBe(true);
  });
});
