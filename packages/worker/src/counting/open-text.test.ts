import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openText, type TextLimits } from './open-text.ts';

const COMPRESS = { gzip: gzipSync, zstd: zstdCompressSync } as const;

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

describe(openText, () => {
  it.each(['gzip', 'zstd'] as const)('stops a %s bomb before it has unfolded', async (kind) => {
    const bomb = COMPRESS[kind](Buffer.alloc(50_000_000, 'a'));
    const info = {
      bucket: 'texts',
      key: 'a.txt',
      eTag: 'e',
      sizeBytes: bomb.length,
      lastModified: new Date(0),
      metadata: new Map<string, string>(),
    };
    const both: readonly TextLimits[] = [
      { maxBytes: 1_000_000 },
      { maxBytes: 1e9, maxRatio: 100, freeBytes: 1_000_000 },
    ];
    for (const limits of both) {
      let came = 0;
      const reading = (async () => {
        for await (const part of openText(info, chunked(bomb), limits)) came += part.length;
      })();
      await expect(reading).rejects.toMatchObject({ code: 'decompressed-too-large', retryable: false });
      expect(came).toBeLessThanOrEqual(1_000_000);
    }
  });
});
