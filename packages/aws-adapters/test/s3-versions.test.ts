import { afterEach, expect, it } from 'vitest';
import type { StoredVersion } from '../src/ports/index.ts';
import { BUCKET, type SpoiltS3, startSpoiltS3 } from './support/embedded-s3.ts';

/*
 * Pages of versions as S3 sends them: the embedded S3 keeps no versions.
 */

let s3: SpoiltS3 | undefined;
afterEach(() => s3?.stop());

/** What the store makes of pages; each request gets the next one. */
async function versionsFrom(...pages: readonly string[]): Promise<readonly StoredVersion[]> {
  s3 = await startSpoiltS3((_, index) => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<ListVersionsResult><EncodingType>url</EncodingType>${pages[index]}</ListVersionsResult>`,
  }));
  const found: StoredVersion[] = [];
  for await (const version of s3.spoilt.listVersions(BUCKET, { prefix: 'a b' })) found.push(version);
  return found;
}

const common = (key: string, id: string, latest: boolean, day: number): string =>
  `<Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest>` +
  `<LastModified>2026-01-0${day}T00:00:00.000Z</LastModified>`;
const version = (key: string, id: string, latest: boolean, day: number): string =>
  `<Version>${common(key, id, latest, day)}<ETag>&quot;e-${id}&quot;</ETag><Size>3</Size></Version>`;
const marker = (key: string, id: string, latest: boolean, day: number): string =>
  `<DeleteMarker>${common(key, id, latest, day)}</DeleteMarker>`;

it('puts delete markers among the versions, from the newest to the oldest of each key', async () => {
  const found = await versionsFrom(
    version('a+b%2B', 'v3', true, 4) +
      marker('a+b%2B', 'd2', false, 3) +
      version('a+b%2B', 'v1', false, 2) +
      marker('a+bc', 'd9', true, 1) +
      version('a+bc', 'null', false, 1),
  );
  expect(found).toEqual([
    {
      bucket: BUCKET,
      key: 'a b+',
      versionId: 'v3',
      eTag: 'e-v3',
      sizeBytes: 3,
      lastModified: new Date('2026-01-04T00:00:00Z'),
      current: true,
      deleteMarker: false,
    },
    {
      bucket: BUCKET,
      key: 'a b+',
      versionId: 'd2',
      sizeBytes: 0,
      lastModified: new Date('2026-01-03T00:00:00Z'),
      current: false,
      deleteMarker: true,
    },
    expect.objectContaining({ key: 'a b+', versionId: 'v1', current: false }),
    expect.objectContaining({ key: 'a bc', versionId: 'd9', current: true, deleteMarker: true }),
    expect.not.objectContaining({ versionId: expect.anything() }),
  ]);
});

it('continues with the next page where the page before ended', async () => {
  const next = '<NextKeyMarker>a+b%2B</NextKeyMarker><NextVersionIdMarker>v3</NextVersionIdMarker>';
  const found = await versionsFrom(
    `<IsTruncated>true</IsTruncated>${next}${version('a+b%2B', 'v3', true, 3)}`,
    version('a+b%2B', 'v2', false, 2),
  );
  expect(found.map(({ versionId }) => versionId)).toEqual(['v3', 'v2']);
  const [first, second] = s3?.proxy.seen.map(({ url }) => new URL(url, 'http://s3').searchParams) ?? [];
  expect([first?.get('prefix'), first?.get('key-marker')]).toEqual(['a b', null]);
  expect([second?.get('key-marker'), second?.get('version-id-marker')]).toEqual(['a b+', 'v3']);
});
