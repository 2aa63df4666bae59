import { afterEach, describe, expect, it } from 'vitest';
import type { PutBody } from '../src/ports/index.ts';
import { BUCKET, type SpoiltS3, startSpoiltS3 } from './support/embedded-s3.ts';
import type { Fault } from './support/fault-proxy.ts';

const running: SpoiltS3[] = [];
afterEach(async () => {
  for (const s3 of running.splice(0)) await s3.stop();
});

async function start(...args: Parameters<typeof startSpoiltS3>): Promise<SpoiltS3> {
  const s3 = await startSpoiltS3(...args);
  running.push(s3);
  return s3;
}

const MIB = 1024 * 1024;
const at = { bucket: BUCKET, key: 'a.txt' };

async function* chunks(count: number): AsyncIterable<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(MIB, index);
}

const BODIES: readonly (readonly [name: string, body: () => PutBody])[] = [
  ['a body that is at hand', () => new Uint8Array(20 * MIB)],
  ['a body that comes chunk by chunk', () => chunks(20)],
];

/** The requests of an upload in parts, each by what it is for. */
function kindsOf({ proxy }: SpoiltS3): readonly string[] {
  return proxy.seen.map(({ method, url }) => {
    if (method === 'PUT') return `part ${/partNumber=(\d+)/.exec(url)?.[1]}`;
    if (method === 'POST') return url.includes('uploadId') ? 'complete' : 'create';
    return method === 'DELETE' ? 'abort' : method;
  });
}

describe.each(BODIES)('putting %s in parts', (_, body) => {
  it('removes the parts when one of them fails, before it says so', async () => {
    const s3 = await start(({ url }): Fault | undefined =>
      url.includes('partNumber=2') ? { kind: 'answer', status: 500 } : undefined,
    );
    await expect(s3.spoilt.put(at, body())).rejects.toMatchObject({ code: 'unavailable' });
    expect(kindsOf(s3).at(-1)).toBe('abort');
    expect(kindsOf(s3)).not.toContain('complete');
  });

  it('ends the requests under way when the signal fires, then removes the parts, then rejects', async () => {
    const abort = new AbortController();
    const s3 = await start(({ url }) => {
      if (!url.includes('partNumber')) return undefined;
      abort.abort();
      // No part is ever acknowledged.
      return new Promise(() => undefined);
    });
    await expect(s3.spoilt.put(at, body(), { signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(kindsOf(s3)).toContain('abort');
  });

  it('removes the upload also when the signal fires while S3 creates it', async () => {
    const abort = new AbortController();
    const s3 = await start(({ method }) => {
      if (method === 'POST') abort.abort();
      return undefined;
    });
    await expect(s3.spoilt.put(at, body(), { signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(kindsOf(s3)).toEqual(['create', 'abort']);
  });

  it('removes the parts when S3 does not complete the upload', async () => {
    const s3 = await start(({ method, url }): Fault | undefined =>
      method === 'POST' && url.includes('uploadId') ? { kind: 'answer', status: 412 } : undefined,
    );
    await expect(s3.spoilt.put(at, body(), { onlyIfAbsent: true })).rejects.toMatchObject({
      code: 'changed',
    });
    expect(kindsOf(s3).at(-1)).toBe('abort');
  });

  it('reports progress part by part', async () => {
    const s3 = await start(() => undefined);
    const progress: number[] = [];
    await s3.spoilt.put(at, body(), { onProgress: (sent) => progress.push(sent) });
    expect(progress).toHaveLength(3);
    expect(progress.at(-1)).toBe(20 * MIB);
  });
});

it('chooses larger parts for a body that would not fit into 10,000 of the usual size', async () => {
  const s3 = await start(() => undefined);
  await s3.spoilt.put(at, chunks(20), { expectedBytes: 10_000 * 10 * MIB });
  expect(kindsOf(s3).toSorted()).toEqual(['complete', 'create', 'part 1', 'part 2']);
});
