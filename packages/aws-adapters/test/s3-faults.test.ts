import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../src/memory/index.ts';
import { createS3ObjectStore } from '../src/s3/index.ts';
import { readAll } from '../src/testing/index.ts';
import { BUCKET, OTHER_BUCKET, type SpoiltS3, startSpoiltS3 } from './support/embedded-s3.ts';
import type { Fault, SeenRequest } from './support/fault-proxy.ts';

const running: SpoiltS3[] = [];
afterEach(async () => {
  for (const s3 of running.splice(0)) await s3.stop();
});

async function start(...args: Parameters<typeof startSpoiltS3>): Promise<SpoiltS3> {
  const s3 = await startSpoiltS3(...args);
  running.push(s3);
  return s3;
}

/** Bytes of which no two stretches are alike. */
function text(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

const MIB = 1024 * 1024;
const LARGE = text(MIB);
const at = { bucket: BUCKET, key: 'a b+é.txt' };

describe('reading through broken connections', () => {
  it('resumes a body that is cut, at the next byte, pinned to the same version', async () => {
    const s3 = await start(() => ({ kind: 'cut', afterBytes: 300_000 }));
    const { eTag } = await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read({ ...at, eTag });
    expect((await readAll(bytes)).equals(LARGE)).toBe(true);
    const [first, ...resumed] = s3.proxy.seen.map(({ headers }) => headers);
    expect(first?.range).toBeUndefined();
    expect(resumed.length).toBeGreaterThanOrEqual(3);
    for (const headers of resumed) {
      expect(headers['range']).toMatch(/^bytes=[1-9]\d*-1048575$/);
      expect(headers['if-match']).toBe(`"${eTag}"`);
    }
  });

  it('reads a version by its id, and resumes that version, whatever is current meanwhile', async () => {
    const s3 = await start(() => ({ kind: 'cut', afterBytes: 300_000 }));
    await s3.direct.put(at, LARGE);
    // The server keeps no versions and answers with what it has; what counts is what it is asked for.
    const { bytes } = await s3.spoilt.read({ ...at, versionId: 'v/1+2', eTag: 'of another version' });
    expect((await readAll(bytes)).equals(LARGE)).toBe(true);
    const requests = s3.proxy.seen.filter(({ method }) => method === 'GET');
    expect(requests.length).toBeGreaterThanOrEqual(4);
    for (const { url } of requests) expect(url).toContain('versionId=v%2F1%2B2');
    expect(requests[0]?.headers['if-match']).toBeUndefined();
  });

  it('gives exactly the bytes asked for, wherever the connection is cut', async () => {
    let cuts: number[] = [];
    const s3 = await start(() => {
      const afterBytes = cuts.shift();
      return afterBytes === undefined ? undefined : { kind: 'cut', afterBytes };
    });
    const small = text(5000);
    await s3.direct.put(at, small);
    const place = fc.nat({ max: 5100 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(place, { maxLength: 4 }),
        place,
        fc.option(place),
        async (faults, offset, length) => {
          cuts = [...faults];
          const range = length === null ? { offset } : { offset, length };
          const { bytes } = await s3.spoilt.read(at, range).catch(async (error: { retryable: boolean }) => {
            // Cut before the headers: that is not resumed here but left to the SDK's retries, which this
            // client has not.
            expect(error.retryable).toBe(true);
            cuts = [];
            return s3.spoilt.read(at, range);
          });
          const expected = small.subarray(offset, length === null ? undefined : offset + length);
          expect((await readAll(bytes)).equals(expected)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes silence for a broken connection, closes it and resumes', async () => {
    const s3 = await start(
      (_seen, index) => (index === 0 ? { kind: 'stall', afterBytes: 1000 } : undefined),
      {
        idleTimeoutMs: 50,
      },
    );
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    expect((await readAll(bytes)).equals(LARGE)).toBe(true);
    await expect.poll(() => s3.proxy.seen[0]?.abandoned).toBe(true);
  });

  it('is not content with a body that ends well but too early', async () => {
    const s3 = await start((_seen, index): Fault | undefined => {
      if (index === 0) return { kind: 'cut', afterBytes: 1000 };
      return index === 1 ? { kind: 'shorten', afterBytes: 500_000 } : undefined;
    });
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    expect((await readAll(bytes)).equals(LARGE)).toBe(true);
    expect(s3.proxy.seen).toHaveLength(3);
  });

  it('waits out a server that is down for a moment', async () => {
    const s3 = await start((_seen, index): Fault | undefined => {
      if (index === 0) return { kind: 'cut', afterBytes: 1000 };
      return index < 4 ? { kind: 'answer', status: 503 } : undefined;
    });
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    expect((await readAll(bytes)).equals(LARGE)).toBe(true);
    expect(s3.proxy.seen).toHaveLength(5);
  });

  it('gives up when resumption after resumption brings nothing', async () => {
    const s3 = await start(
      (_seen, index) => (index === 0 ? { kind: 'cut', afterBytes: 1000 } : { kind: 'answer', status: 500 }),
      { maxResumptions: 3 },
    );
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'truncated',
      retryable: true,
      message: expect.stringContaining('1048576'),
    });
    // The resumption that brought nothing for the first time, and three more.
    expect(s3.proxy.seen.length).toBeLessThanOrEqual(5);
  });

  it('says changed, rather than mix two versions, when the object is overwritten meanwhile', async () => {
    const s3: SpoiltS3 = await start(async (_seen, index) => {
      if (index > 0) await s3.direct.put(at, text(MIB).reverse());
      return { kind: 'cut', afterBytes: 1000 };
    });
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'changed', retryable: false });
  });

  it('never passes a wrong byte off as read: the checksum is verified', async () => {
    const s3 = await start(() => ({ kind: 'corrupt', atByte: 700_000 }));
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('closes the connection when the reader stops early', async () => {
    const s3 = await start(() => ({ kind: 'stall', afterBytes: 100_000 }));
    await s3.direct.put(at, LARGE);
    const { bytes } = await s3.spoilt.read(at);
    for await (const chunk of bytes) if (chunk.length > 0) break;
    await expect.poll(() => s3.proxy.seen[0]?.abandoned).toBe(true);
  });

  it('closes the connection when the signal fires', async () => {
    const s3 = await start(() => ({ kind: 'stall', afterBytes: 100_000 }));
    await s3.direct.put(at, LARGE);
    const abort = new AbortController();
    const { bytes } = await s3.spoilt.read(at, { signal: abort.signal });
    const reading = readAll(bytes);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => s3.proxy.seen[0]?.abandoned).toBe(true);
  });
});

describe('answers that a test server never gives', () => {
  it.each([
    ['archived', { status: 200, headers: { 'x-amz-storage-class': 'GLACIER', 'content-length': '3' } }],
    [
      'archived',
      { status: 200, headers: { 'x-amz-archive-status': 'ARCHIVE_ACCESS', 'content-length': '3' } },
    ],
    ['access-denied', { status: 403 }],
    ['changed', { status: 412 }],
    ['not-found', { status: 405, headers: { 'x-amz-delete-marker': 'true' } }],
    ['unavailable', { status: 500 }],
  ])('says %s of a HEAD answered by %j', async (code, answer) => {
    const s3 = await start(() => ({ kind: 'answer', ...answer }));
    await expect(s3.spoilt.head(at)).rejects.toMatchObject({ code });
  });

  it('reads an archived object that has been restored', async () => {
    const headers = {
      'x-amz-storage-class': 'GLACIER',
      'x-amz-restore': 'ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"',
      'content-length': '3',
    };
    const s3 = await start(() => ({ kind: 'answer', status: 200, headers }));
    expect(await s3.spoilt.head(at)).toMatchObject({ storageClass: 'GLACIER', sizeBytes: 3 });
  });

  it.each([
    ['archived', 403, 'InvalidObjectState'],
    ['access-denied', 403, 'AccessDenied'],
    ['access-denied', 400, 'KMS.DisabledException'],
    ['throttled', 503, 'SlowDown'],
  ])('says %s of a GET answered by %i %s', async (code, status, name) => {
    const body = `<?xml version="1.0"?><Error><Code>${name}</Code><Message>m</Message></Error>`;
    const headers = { 'content-type': 'application/xml' };
    const s3 = await start(() => ({ kind: 'answer', status, headers, body }));
    await expect(s3.spoilt.read(at)).rejects.toMatchObject({ code });
  });

  it('does not take an exact byte count on trust from an error page that a proxy cut short', async () => {
    const s3 = await start(() => ({ kind: 'cut', afterBytes: 0 }), { maxResumptions: 1 });
    await s3.direct.put(at, LARGE);
    const reading = s3.spoilt.read(at).then(({ bytes }) => readAll(bytes));
    await expect(reading).rejects.toMatchObject({ retryable: true });
  });
});

describe(createS3ObjectStore, () => {
  const clock = createManualClock();

  it.each([
    ['idleTimeoutMs', 0],
    ['maxResumptions', -1],
    ['resumeDelayMs', Number.NaN],
    ['multipartThresholdBytes', 1.5],
    ['copyPartBytes', 0],
    ['copyConcurrency', 0],
  ])('refuses %s of %d when it is made', (option, value) => {
    const options = { client: new S3Client({}), clock, [option]: value };
    expect(() => createS3ObjectStore(options)).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(() => createS3ObjectStore(options)).toThrow(option);
  });
});

// Tens of megabytes, on a machine that is busy with the other tests.
describe('copying', () => {
  const source = { bucket: BUCKET, key: 'large/a b+é?versionId=x.txt' };
  const destination = { bucket: OTHER_BUCKET, key: 'copy.txt' };
  const parts = { multipartThresholdBytes: 5 * MIB, copyPartBytes: 5 * MIB, copyConcurrency: 2 };

  it('copies a large object in parts, each pinned to the same version', async () => {
    const s3 = await start(() => undefined, parts);
    const large = text(11 * MIB + 1);
    const { eTag } = await s3.direct.put(source, large, { contentType: 'text/plain' });
    const copied = await s3.spoilt.copy({ ...source, eTag }, destination);
    expect(copied).toMatchObject({ ...destination, sizeBytes: large.length, contentType: 'text/plain' });
    expect(copied.eTag).toMatch(/-3$/);
    const { bytes } = await s3.direct.read({ ...destination, eTag: copied.eTag });
    expect((await readAll(bytes)).equals(large)).toBe(true);
    const copyParts = s3.proxy.seen.filter(({ url }) => url.includes('partNumber'));
    expect(copyParts.map(({ headers }) => headers['x-amz-copy-source-range']).sort()).toEqual([
      'bytes=0-5242879',
      'bytes=10485760-11534336',
      'bytes=5242880-10485759',
    ]);
    for (const { headers } of copyParts) expect(headers['x-amz-copy-source-if-match']).toBe(`"${eTag}"`);
  });

  const refuse = (Code: string): Fault => ({
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${Code}</Code><Message>m</Message></Error>`,
  });
  const userMetadata = (headers: SeenRequest['headers']): [string, string][] =>
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)]] : [],
    );
  const METADATA = new Map([
    ['source-bucket', BUCKET],
    ['source-etag', 'e'.repeat(32)],
    ['source-version-id', 'v'.repeat(32)],
  ]);

  it.each([
    ['at once', {}],
    ['in parts', { multipartThresholdBytes: 1 }],
  ])('copies an upload with 1,950 bytes of user metadata where S3’s limit holds: %s', async (_, options) => {
    const s3 = await start(({ headers }) => {
      const bytes = Buffer.byteLength(userMetadata(headers).flat().join(''));
      return bytes > 2048 ? refuse('MetadataTooLarge') : undefined;
    }, options);
    const theirs = new Map([
      ['large', 'x'.repeat(1500)],
      ['rest', 'y'.repeat(441)],
    ]);
    await s3.direct.put(source, text(10), { metadata: theirs });
    const copied = await s3.spoilt.copy(source, destination, { metadata: METADATA });
    expect([...copied.metadata.keys()].sort()).toEqual(['large', ...METADATA.keys()].sort());
    expect((await s3.direct.head(destination)).metadata).toEqual(copied.metadata);
  });

  it.each(['MetadataTooLarge', 'RequestHeaderSectionTooLarge'])(
    'copies with our metadata alone where a server says %s all the same',
    async (code) => {
      const s3 = await start(({ headers }) =>
        userMetadata(headers).length > METADATA.size ? refuse(code) : undefined,
      );
      await s3.direct.put(source, text(10), { metadata: new Map([['author', 'a']]) });
      await s3.spoilt.copy(source, destination, { metadata: METADATA });
      expect((await s3.direct.head(destination)).metadata).toEqual(METADATA);
    },
  );

  it('keeps what the upload says of itself, but no header that clients cannot sign', async () => {
    const expires = 'Thu, 01 Dec 2033 16:00:00 GMT';
    const headers = {
      'content-length': '3',
      etag: '"e1"',
      'content-disposition': Buffer.from('attachment; filename="Zürich.txt"').toString('latin1'),
      'content-language': 'de',
      'cache-control': 'no-store',
      expires,
    };
    const body = '<CopyObjectResult><ETag>"e1"</ETag></CopyObjectResult>';
    const s3 = await start(({ method }): Fault => {
      if (method === 'HEAD') return { kind: 'answer', status: 200, headers };
      return { kind: 'answer', status: 200, headers: { 'content-type': 'application/xml' }, body };
    });
    await s3.spoilt.copy({ bucket: BUCKET, key: 'a.txt' }, destination);
    const { 'content-disposition': disposition, ...sent } = s3.proxy.seen.at(-1)?.headers ?? {};
    expect(disposition).toBeUndefined();
    expect(sent).toMatchObject({ 'content-language': 'de', 'cache-control': 'no-store', expires });
  });

  it('carries tags over, also in parts, where S3 does not by itself', async () => {
    const xml = (body: string): Fault => ({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body,
    });
    const tag = '<Tag><Key>cost center</Key><Value>ü&amp;1</Value></Tag>';
    const s3 = await start(
      ({ method, url }): Fault => {
        if (url.includes('tagging')) return xml(`<Tagging><TagSet>${tag}</TagSet></Tagging>`);
        if (url.includes('uploads'))
          return xml('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>');
        if (url.includes('partNumber')) return xml('<CopyPartResult><ETag>"p"</ETag></CopyPartResult>');
        if (method === 'POST')
          return xml('<CompleteMultipartUploadResult><ETag>"e-1"</ETag></CompleteMultipartUploadResult>');
        const headers = { 'content-length': '3', etag: '"e1"', 'x-amz-tagging-count': '1' };
        return { kind: 'answer', status: 200, headers };
      },
      { multipartThresholdBytes: 1 },
    );
    await s3.spoilt.copy({ bucket: BUCKET, key: 'a.txt', versionId: 'v1' }, destination);
    const asked = s3.proxy.seen.find(({ url }) => url.includes('tagging'));
    expect(asked?.url).toContain('versionId=v1');
    const created = s3.proxy.seen.find(({ url }) => url.includes('uploads'));
    expect(created?.headers['x-amz-tagging']).toBe('cost+center=%C3%BC%261');
  });

  it('aborts the upload when a part fails, so that nothing is left to pay for', async () => {
    const s3 = await start(
      ({ url }) => (url.includes('partNumber=2') ? { kind: 'answer', status: 500 } : undefined),
      parts,
    );
    await s3.direct.put(source, text(11 * MIB));
    await expect(s3.spoilt.copy(source, destination)).rejects.toMatchObject({ code: 'unavailable' });
    const [last] = s3.proxy.seen.slice(-1);
    expect(last).toMatchObject({ method: 'DELETE', url: expect.stringContaining('uploadId=') });
    await expect(s3.direct.head(destination)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('aborts the upload also when it is the caller who gives up', async () => {
    const abort = new AbortController();
    const s3 = await start(({ url }) => {
      if (url.includes('partNumber')) abort.abort();
      return undefined;
    }, parts);
    await s3.direct.put(source, text(11 * MIB));
    const copying = s3.spoilt.copy(source, destination, { signal: abort.signal });
    await expect(copying).rejects.toMatchObject({ code: 'aborted' });
    expect(s3.proxy.seen.at(-1)?.method).toBe('DELETE');
  });

  it('pins the version that it described, and names an odd key so that no part of it is taken for a query', async () => {
    const s3 = await start(() => undefined);
    const { eTag } = await s3.direct.put(source, text(10));
    await s3.spoilt.copy(source, destination);
    const headers = s3.proxy.seen.at(-1)?.headers;
    expect(headers?.['x-amz-copy-source']).toBe('texts/large/a%20b%2B%C3%A9%3FversionId%3Dx.txt');
    expect(headers?.['x-amz-copy-source-if-match']).toBe(`"${eTag}"`);
  });

  it('asks for a version by its id, also as the source of a copy', async () => {
    const headers = { 'content-length': '3', etag: '"e1"' };
    const body = '<CopyObjectResult><ETag>"e1"</ETag></CopyObjectResult>';
    const s3 = await start(({ method }): Fault => {
      if (method === 'HEAD') return { kind: 'answer', status: 200, headers };
      return { kind: 'answer', status: 200, headers: { 'content-type': 'application/xml' }, body };
    });
    await s3.spoilt.copy({ bucket: BUCKET, key: 'a.txt', versionId: 'v/1' }, destination);
    expect(s3.proxy.seen[0]?.url).toContain('versionId=v%2F1');
    expect(s3.proxy.seen[1]?.headers['x-amz-copy-source']).toBe('texts/a.txt?versionId=v%2F1');
  });

  it('demands the expected owner of both buckets in every request', async () => {
    const s3 = await start(() => undefined, { ...parts, expectedBucketOwner: '111122223333' });
    await s3.spoilt.put(source, text(6 * MIB));
    await s3.spoilt.copy(source, destination);
    await readAll((await s3.spoilt.read(destination)).bytes);
    for await (const { key } of s3.spoilt.list(OTHER_BUCKET)) expect(key).toBe('copy.txt');
    expect(s3.proxy.seen.length).toBeGreaterThan(6);
    for (const { headers, url } of s3.proxy.seen) {
      expect([url, headers['x-amz-expected-bucket-owner']]).toEqual([url, '111122223333']);
      if (headers['x-amz-copy-source'] === undefined) continue;
      expect(headers['x-amz-source-expected-bucket-owner']).toBe('111122223333');
    }
  });
});
