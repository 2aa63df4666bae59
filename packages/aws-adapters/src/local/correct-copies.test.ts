import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { correctCopies } from './correct-copies.ts';
import { createEmbeddedClients, type EmbeddedAws, type EmbeddedClients, startEmbeddedAws } from './index.ts';
import { refuseReplacing } from './refuse-replacing.ts';

/* What S3's API reference documents of CopyObject, so that adapters and tests can rely on it here, too. */

let aws: EmbeddedAws;
let clients: EmbeddedClients;
let serial = 0;
let Bucket: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createEmbeddedClients(aws);
});
afterAll(async () => {
  clients.destroy();
  await aws.stop();
});
beforeEach(async () => {
  serial += 1;
  Bucket = `copies-${serial}`;
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});

const put = async (Key: string, Body: string) =>
  (await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).ETag;
const copy = (from: string, Key: string, options: object) =>
  clients.s3.send(
    new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: `${Bucket}/${encodeURIComponent(from)}`,
      MetadataDirective: 'REPLACE',
      ...options,
    }),
  );
async function read(Key: string) {
  const response = await clients.s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  return { text: await response.Body?.transformToString(), checksum: response.ChecksumCRC32 };
}
const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };

describe(correctCopies, () => {
  it('copies only the version whose ETag is asked for', async () => {
    const old = await put('ä b.txt', 'old');
    const current = await put('ä b.txt', 'current');
    await expect(copy('ä b.txt', 'copy.txt', { CopySourceIfMatch: old })).rejects.toMatchObject(refused);
    await expect(read('copy.txt')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await copy('ä b.txt', 'copy.txt', { CopySourceIfMatch: current });
    expect((await read('copy.txt')).text).toBe('current');
  });

  it('gives the copy the checksum that it is asked for', async () => {
    await put('a.txt', '123456789');
    await copy('a.txt', 'copy.txt', { ChecksumAlgorithm: 'CRC32' });
    // The check value of CRC-32/ISO-HDLC is CBF43926.
    expect(await read('copy.txt')).toEqual({ text: '123456789', checksum: 'y/Q5Jg==' });
  });
});

describe(refuseReplacing, () => {
  it('copies only where there is no object, if that is asked for', async () => {
    await put('a.txt', 'new');
    await put('there.txt', 'there');
    await expect(copy('a.txt', 'there.txt', { IfNoneMatch: '*' })).rejects.toMatchObject(refused);
    expect((await read('there.txt')).text).toBe('there');
    await copy('a.txt', 'free.txt', { IfNoneMatch: '*' });
    expect((await read('free.txt')).text).toBe('new');
    const races = ['x', 'y', 'z'].map((letter) => put(letter, letter));
    await Promise.all(races);
    const ends = await Promise.allSettled(
      ['x', 'y', 'z'].map((from) => copy(from, 'one.txt', { IfNoneMatch: '*' })),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
