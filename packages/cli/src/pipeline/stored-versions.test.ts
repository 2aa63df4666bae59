import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { afterEach, describe, expect, it } from 'vitest';
import { storedVersions } from './stored-versions.ts';

/** What S3 would answer; the embedded S3 has no versions. */
interface Answers {
  readonly versions: { readonly status: number; readonly body: string };
  readonly head: { readonly status: number; readonly headers?: Record<string, string> };
}

let server: Server | undefined;
afterEach(() => server?.close());

async function versionsOf(key: string, { versions, head }: Answers) {
  server = createServer((request, response) => {
    if (request.method === 'HEAD') response.writeHead(head.status, head.headers).end();
    else response.writeHead(versions.status, { 'content-type': 'application/xml' }).end(versions.body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const s3 = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    const objects = createS3ObjectStore({ client: s3, clock: systemClock });
    return await storedVersions({ s3, objects }, { bucket: 'texts', key });
  } finally {
    s3.destroy();
  }
}

const version = (key: string, id: string, latest: boolean, at: string): string =>
  `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest>` +
  `<LastModified>${at}</LastModified><ETag>&quot;e-${id}&quot;</ETag><Size>3</Size></Version>`;
const marker = (key: string, id: string, latest: boolean, at: string): string =>
  `<DeleteMarker><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest><LastModified>${at}</LastModified></DeleteMarker>`;
const list = (...entries: string[]) => ({
  status: 200,
  body: `<ListVersionsResult><EncodingType>url</EncodingType>${entries.join('')}</ListVersionsResult>`,
});
const refusal = (status: number, code: string) => ({
  status,
  body: `<Error><Code>${code}</Code><Message>no</Message></Error>`,
});
const HEAD = {
  status: 200,
  headers: {
    etag: '"e-v2"',
    'content-length': '3',
    'last-modified': 'Fri, 02 Jan 2026 00:00:00 GMT',
    'x-amz-version-id': 'v2',
    'x-amz-meta-source-bucket': 'uploads',
    'x-amz-meta-source-version-id': 'u7',
  },
};

describe(storedVersions, () => {
  it('puts the current version first, and leaves longer keys out', async () => {
    const found = await versionsOf('a b.txt', {
      versions: list(
        version('a+b.txt', 'v1', false, '2026-01-01T00:00:00.000Z'),
        version('a+b.txt', 'v2', true, '2026-01-02T00:00:00.000Z'),
        version('a+b.txt.gz', 'x', true, '2026-01-03T00:00:00.000Z'),
      ),
      head: HEAD,
    });
    expect(found).toMatchObject([
      { versionId: 'v2', eTag: 'e-v2', current: true, source: { bucket: 'uploads', versionId: 'u7' } },
      { versionId: 'v1', eTag: 'e-v1', current: false, deleteMarker: false },
    ]);
  });

  it('shows that a key was deleted', async () => {
    const found = await versionsOf('a.txt', {
      versions: list(
        version('a.txt', 'v1', false, '2026-01-01T00:00:00.000Z'),
        marker('a.txt', 'd1', true, '2026-01-02T00:00:00.000Z'),
      ),
      head: { status: 404 },
    });
    expect(found).toMatchObject([
      { versionId: 'd1', current: true, deleteMarker: true },
      { versionId: 'v1', current: false },
    ]);
  });

  it('knows the current version alone where versions may not be listed', async () => {
    const found = await versionsOf('a.txt', { versions: refusal(403, 'AccessDenied'), head: HEAD });
    expect(found).toMatchObject([{ versionId: 'v2', current: true }]);
  });

  it('tells the reason that only the listing gives', async () => {
    const answers = { versions: refusal(400, 'ExpiredToken'), head: { status: 400 } };
    await expect(versionsOf('a.txt', answers)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('ExpiredToken'),
    });
  });
});
