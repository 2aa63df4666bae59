import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeListedKey } from '../rules/index.ts';
import { correctS3 } from './correct-s3.ts';
import { createEmbeddedClients, type EmbeddedAws, type EmbeddedClients, startEmbeddedAws } from './index.ts';

/** Keys that XML cannot carry, or that parsers change; the first are for DeleteObject only. */
const UNSPEAKABLE = ['esc\u001b[31m.txt', 'nul\0.txt', 'bell\u0007.txt', 'noncharacter\uffff.txt'];
const SPEAKABLE = [
  'cr\rlf\n.txt',
  'a b+c%2B&amp;<.txt',
  'nel\u0085.txt',
  '\u202egnp.txt',
  '&#13;.txt',
  'tab\t.txt',
];
const KEYS = [...UNSPEAKABLE, ...SPEAKABLE];

let aws: EmbeddedAws;
let clients: EmbeddedClients;
let s3: S3Client;
let serial = 0;
let Bucket: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createEmbeddedClients(aws);
  s3 = clients.s3;
});
afterAll(async () => {
  clients.destroy();
  await aws.stop();
});
beforeEach(async () => {
  serial += 1;
  Bucket = `bucket-${serial}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
});

const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }));

type Listed = readonly { readonly Key?: string | undefined }[] | undefined;
const decoded = (listed: Listed, encoding: string | undefined): string[] =>
  (listed ?? []).map(({ Key = '' }) => decodeListedKey(Key, encoding));

/** Each way to list a bucket, as the SDK does it, page by page. */
const LISTINGS: readonly (readonly [string, (options: Paging) => Promise<string[]>])[] = [
  [
    'ListObjectsV2',
    (options) =>
      allPages(options, async ({ after, ...input }) => {
        const token = after === undefined ? {} : { ContinuationToken: after };
        const page = await s3.send(new ListObjectsV2Command({ ...input, ...token }));
        return [decoded(page.Contents, page.EncodingType), page.NextContinuationToken, page.EncodingType];
      }),
  ],
  [
    'ListObjects',
    (options) =>
      allPages(options, async ({ after, ...input }) => {
        const marker = after === undefined ? {} : { Marker: after };
        const page = await s3.send(new ListObjectsCommand({ ...input, ...marker }));
        const next = page.NextMarker && decodeListedKey(page.NextMarker, page.EncodingType);
        return [decoded(page.Contents, page.EncodingType), next, page.EncodingType];
      }),
  ],
  [
    'ListObjectVersions',
    (options) =>
      allPages(options, async ({ after, ...input }) => {
        const marker = after === undefined ? {} : { KeyMarker: after };
        const page = await s3.send(new ListObjectVersionsCommand({ ...input, ...marker }));
        const next = page.NextKeyMarker && decodeListedKey(page.NextKeyMarker, page.EncodingType);
        return [decoded(page.Versions, page.EncodingType), next, page.EncodingType];
      }),
  ],
];

interface Paging {
  readonly MaxKeys?: number;
  readonly EncodingType?: 'url';
}

async function allPages(
  options: Paging,
  list: (
    input: Paging & { Bucket: string; after: string | undefined },
  ) => Promise<readonly [keys: string[], next: string | undefined, encoding: string | undefined]>,
): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const [keys, next, encoding] = await list({ ...options, Bucket, after });
    expect(encoding).toBe(options.EncodingType);
    found.push(...keys);
    after = next;
  } while (after !== undefined && after !== '');
  return found;
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe(correctS3, () => {
  it.each(LISTINGS)('%s carries every key that there can be, when it is asked to encode', async (_, list) => {
    for (const key of KEYS) await put(key);
    expect(await list({ EncodingType: 'url' })).toEqual([...KEYS].sort(byBytes));
  });

  it.each(LISTINGS)('%s loses no key between pages, and sorts by bytes', async (_, list) => {
    const keys = ['a', 'B', 'c', 'D', 'é', 'Z', '～', '😀', 'a/b', 'a-b', 'É', ...KEYS];
    for (const key of keys) await put(key);
    expect(await list({ MaxKeys: 2, EncodingType: 'url' })).toEqual([...keys].sort(byBytes));
  });

  it('folds keys at a delimiter, also across pages', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'c/2', 'd']) await put(key);
    const found: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket, Delimiter: '/', MaxKeys: 1, ...(ContinuationToken && { ContinuationToken }) };
      const page = await s3.send(new ListObjectsV2Command(input));
      expect(page.KeyCount).toBe(1);
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(found).toEqual(['a/', 'b', 'c/', 'd']);
  });

  it('lists unfinished uploads, and completes one, under every key that there can be', async () => {
    for (const Key of KEYS) {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const part = { Bucket, Key, UploadId, PartNumber: 1 };
      const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'part' }));
      const { Uploads, EncodingType } = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, EncodingType: 'url' }),
      );
      expect(decoded(Uploads, EncodingType)).toEqual([Key]);
      expect(Uploads?.[0]?.UploadId).toBe(UploadId);
      const parts = { MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } };
      await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, ...parts }));
    }
  });

  it('deletes many keys at once, and says which', async () => {
    for (const key of SPEAKABLE) await put(key);
    const Objects = SPEAKABLE.map((Key) => ({ Key }));
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(SPEAKABLE);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  it('refuses, as S3 does, to delete many where XML cannot carry a key; DeleteObject can', async () => {
    for (const Key of UNSPEAKABLE) {
      await put(Key);
      const Delete = { Objects: [{ Key: 'other' }, { Key }] };
      await expect(s3.send(new DeleteObjectsCommand({ Bucket, Delete }))).rejects.toMatchObject({
        name: 'MalformedXML',
      });
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    }
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  it('refuses an encoding that S3 does not know, and tells of buckets that are not there', async () => {
    const unknown = new ListObjectsV2Command({ Bucket, EncodingType: 'base64' as 'url' });
    await expect(s3.send(unknown)).rejects.toMatchObject({ name: 'InvalidArgument' });
    const missing = new ListObjectsV2Command({ Bucket: 'missing' });
    await expect(s3.send(missing)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
