import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { ScanCommand as TypedScan } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import {
  createDynamoDigestOutbox,
  createDynamoResultStore,
  createTableInput,
} from '../src/dynamodb/index.ts';
import type { StoredResult } from '../src/ports/index.ts';
import { createS3ObjectStore } from '../src/s3/index.ts';
import { readAll, sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();
const finishedAt = '2026-01-01T00:00:10.000Z';
const complete = sampleResult({
  object: { bucket: 'texts', key: 'a/b.txt', versionId: 'v1', eTag: 'e1' },
  outcome: 'failed:too-large',
  error: { code: 'too-large', message: 'Expected less.' },
  sequencer: '00ab',
  lastModified: new Date('2026-01-01T00:00:00Z'),
});
/** Too many even when they are deflated. */
const manyWords = Array.from({ length: 20_000 }, (_, index) => ({
  word: createHash('sha256').update(`word-${index}`).digest('hex'),
  count: 20_000 - index,
}));

async function itemsOf(tableName: string): Promise<Record<string, unknown>[]> {
  return (await aws.clients.dynamodb.send(new ScanCommand({ TableName: tableName }))).Items ?? [];
}

describe(createTableInput, () => {
  it('describes the table that deployed stacks have: a change of this is a migration', () => {
    expect(createTableInput('t')).toEqual({
      TableName: 't',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'object', AttributeType: 'S' },
        { AttributeName: 'version', AttributeType: 'S' },
        { AttributeName: 'day', AttributeType: 'S' },
        { AttributeName: 'committedAt', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'object', KeyType: 'HASH' },
        { AttributeName: 'version', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'newest',
          KeySchema: [
            { AttributeName: 'day', KeyType: 'HASH' },
            { AttributeName: 'committedAt', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['outcome', 'totals', 'durationMs', 'cost'],
          },
        },
      ],
    });
  });
});

describe(createDynamoResultStore, () => {
  it('writes items that other programs read: their attributes are public', async () => {
    const tableName = await aws.newTable();
    const clock = { now: () => new Date('2026-01-01T00:00:15Z') };
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    await store.save(complete);
    await store.markPublished(complete, new Date('2026-01-01T00:00:20Z'));
    const byObject = (a: { object?: unknown }, b: { object?: unknown }): number =>
      String(a.object) < String(b.object) ? -1 : 1;
    expect((await itemsOf(tableName)).sort(byObject)).toEqual([
      {
        object: 'texts/a/b.txt',
        version: 'v1#job-1',
        schemaVersion: 2,
        eTag: 'e1',
        outcome: 'failed:too-large',
        options: ['f1', 'unicode', 10],
        words: '2 two\n1 one',
        totals: { bytes: 11, words: 3, distinctWords: 2 },
        warnings: [{ code: 'nul', count: 1, firstOffset: 7 }],
        error: { code: 'too-large', message: 'Expected less.' },
        durationMs: 12,
        worker: 'worker-1',
        finishedAt,
        lastModified: '2026-01-01T00:00:00.000Z',
        publishedAt: '2026-01-01T00:00:20.000Z',
        sequencer: '00ab',
        day: '2026-01-01#0',
        committedAt: '2026-01-01T00:00:15.000Z',
      },
      { object: 'totals', version: '2026-01-01' },
    ]);
  });

  it('stores the words after the first ten as bytes', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
    await store.save({ ...complete, words: manyWords.slice(0, 100) });
    const { Items = [] } = await aws.clients.dynamodb.send(new TypedScan({ TableName: tableName }));
    const [{ moreWords } = {}] = Items.filter((item) => 'outcome' in item);
    expect(
      inflateRawSync(moreWords?.B ?? '')
        .toString()
        .split('\n'),
    ).toHaveLength(90);
  });

  it('keeps the digest apart from results in the same table', async () => {
    const tableName = await aws.newTable();
    const { dynamodb: client } = aws.clients;
    const outbox = createDynamoDigestOutbox({ client, tableName, clock: systemClock });
    const object = { bucket: 'texts', key: 'a.txt' };
    await outbox.add({
      id: 'job-1',
      outcome: 'failed:x',
      at: new Date(finishedAt),
      object,
      detail: 'd'.repeat(900),
    });
    await outbox.claim({ at: new Date(finishedAt), notSince: new Date(0) });
    const version = '026ab639c21df8aa80e5789370a9db1b8b524b776fd8a0c2ba71efb377ecc7d9';
    expect(
      (await itemsOf(tableName)).sort((a, b) => String(a['object']).length - String(b['object']).length),
    ).toEqual([
      { object: 'digest', version: 'claim', claimedAt: finishedAt },
      {
        object: `digest#${version[0]}`,
        version,
        entryId: 'job-1',
        entryOutcome: 'failed:x',
        at: finishedAt,
        ...object,
        detail: 'd'.repeat(500),
      },
    ]);
    const store = createDynamoResultStore({ client, tableName });
    for await (const { jobId } of store.list()) expect.fail(`listed ${jobId}`);
  });

  it('counts failures on the item that the record will have', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
    const error = { code: 'unavailable', message: 'x'.repeat(5000) };
    await store.recordFailure({ ...complete, error, at: new Date(finishedAt) });
    expect(await itemsOf(tableName)).toEqual([
      {
        object: 'texts/a/b.txt',
        version: 'v1#job-1',
        jobId: 'job-1',
        failures: 1,
        lastError: { code: 'unavailable', message: 'x'.repeat(2000) },
        lastFailedAt: finishedAt,
      },
    ]);
  });

  it('moves words that do not fit into an object, and brings them back', async () => {
    const tableName = await aws.newTable();
    const bucket = await aws.newBucket();
    const s3 = createS3ObjectStore({ client: aws.clients.s3, clock: systemClock });
    const client = aws.clients.dynamodb;
    const store = createDynamoResultStore({ client, tableName, spill: { store: s3, bucket } });
    const result = { ...complete, words: manyWords };
    expect(await store.save(result)).toEqual({ saved: true });
    expect(await store.find(result)).toEqual(result);
    expect(await store.latest('texts', 'a/b.txt')).toEqual(result);

    const item = (await itemsOf(tableName)).find(({ wordsAt }) => wordsAt !== undefined);
    const wordsAt = item?.['wordsAt'] as { bucket: string; key: string };
    expect(item).not.toHaveProperty('words');
    expect(wordsAt).toEqual({ bucket, key: expect.stringMatching(/^words\/[0-9a-f]{64}\.json$/) });
    const { bytes } = await s3.read(wordsAt);
    expect(JSON.parse(String(await readAll(bytes)))).toEqual(manyWords);

    const without = createDynamoResultStore({ client, tableName });
    await expect(without.find(result)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(wordsAt.key),
    });
  });

  it('lists a record whose words are lost, says so, and hides no other record', async () => {
    const tableName = await aws.newTable();
    const bucket = await aws.newBucket();
    const s3 = createS3ObjectStore({ client: aws.clients.s3, clock: systemClock });
    const client = aws.clients.dynamodb;
    const store = createDynamoResultStore({ client, tableName, spill: { store: s3, bucket } });
    const large = { ...complete, words: manyWords };
    const small = sampleResult({ jobId: 'job-2', object: { bucket: 'texts', key: 'small.txt', eTag: 'e' } });
    await store.save(large);
    await store.save(small);
    const spilled = (await itemsOf(tableName)).flatMap(({ wordsAt }) => (wordsAt ? [wordsAt] : []));
    const wordsAt = spilled[0] as { bucket: string; key: string };
    const listed = async (options = {}): Promise<unknown[]> => {
      const found: StoredResult[] = [];
      for await (const result of store.list(options)) found.push(result);
      return found.sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
    };

    const kept = { ...large, words: [], missingWords: expect.stringMatching(/not asked for/) };
    expect(await listed({ wordsKeptApart: false })).toEqual([kept, small]);
    await s3.put(wordsAt, Buffer.from('no JSON'));
    const other = { ...kept, missingWords: expect.stringMatching(/^The words cannot be read\. Expected/) };
    expect(await listed()).toEqual([other, small]);
    await aws.clients.s3.send(new DeleteObjectCommand({ Bucket: wordsAt.bucket, Key: wordsAt.key }));
    const lost = { ...kept, missingWords: expect.stringContaining(wordsAt.key) };
    expect(await listed()).toEqual([lost, small]);
    expect(await store.history('texts', 'a/b.txt')).toEqual([lost]);
    expect((await store.search('a/b')).results).toEqual([lost]);
    // To publish a record without its words would be worse than an error.
    await expect(store.find(large)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says what to do when words do not fit and have nowhere to go', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
    await expect(store.save({ ...complete, words: manyWords })).rejects.toMatchObject({
      code: 'invalid',
      retryable: false,
      message: expect.stringMatching(/ has \d+\. Configure "spill"\.$/),
    });
    const spillAdvice = 'Set SPILL_BUCKET.';
    const advising = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, spillAdvice });
    await expect(advising.save({ ...complete, words: manyWords })).rejects.toThrow(
      / has \d+\. Set SPILL_BUCKET\.$/,
    );
    expect(await itemsOf(tableName)).toEqual([]);
  });

  it('names the table that is missing', async () => {
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName: 'no-such-table' });
    await expect(store.save(complete)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.history('a', 'b')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says aborted when the caller gave up', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
    const signal = AbortSignal.abort();
    await expect(store.save(complete, { signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(store.find(complete, { signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(store.latest('a', 'b', { signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
