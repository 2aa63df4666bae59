import { readFileSync } from 'node:fs';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoResultStore } from '../src/dynamodb/index.ts';
import { itemBytes } from '../src/dynamodb/item-bytes.ts';
import type { JobResult, StoredResult } from '../src/ports/index.ts';
import { versionOrder } from '../src/rules/index.ts';
import { sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();
const ETAG = '9b2cf535f27731c974343645a3985328';

/** The hundred most frequent words of 50 kB (Russian: 22 kB) of the samples, with their counts. */
const TYPICAL = JSON.parse(
  readFileSync(new URL('fixtures/typical-words.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** A result as a deployed worker writes it, with names as long as CDK and Fargate make them. */
function typicalResult(language: string, change: Partial<JobResult> = {}): JobResult {
  const parts = TYPICAL[language]?.split(' ') ?? [];
  const words = parts.flatMap((word, index) =>
    index % 2 === 0 ? [{ word, count: Number(parts[index + 1]) }] : [],
  );
  const bucket = 'reference-wordfreqprocessing77961-1kq7dv0cg3xk';
  const object = change.object ?? { bucket, key: 'texts/northanger-abbey.txt', eTag: ETAG };
  const facts = {
    object,
    sequencer: '0055AED6DCD90281E5',
    lastModified: new Date('2026-11-28T23:59:58.000Z'),
  };
  return sampleResult({
    jobId: 'b5bb9d8014a0f9b1d61e21e796d78dcc',
    options: { fingerprint: 'unicode-1024-u17.0.0-visible1', tokenizer: 'unicode', top: 100 },
    words,
    totals: { bytes: 50_000, words: 8675, distinctWords: 1932 },
    warnings: [],
    durationMs: 31.407,
    worker: 'ip-10-0-167-34.eu-central-1.compute.internal-1',
    finishedAt: new Date('2026-11-28T23:59:59.123Z'),
    ...facts,
    order: versionOrder({ ...object, ...facts, currentAt: new Date('2026-11-28T23:59:58.771Z') }),
    ...change,
  });
}

async function itemOf(result: JobResult): Promise<Record<string, unknown>> {
  const tableName = await aws.newTable();
  const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
  await store.save(result);
  expect(await store.find(result)).toEqual(result);
  const { Items = [] } = await aws.clients.dynamodb.send(new ScanCommand({ TableName: tableName }));
  return Items.find(({ outcome }) => outcome !== undefined) ?? {};
}

describe('a typical record, in bytes as DynamoDB bills them', () => {
  const versioned = (): JobResult =>
    typicalResult('english', {
      object: {
        bucket: 'reference-wordfreqprocessing77961-1kq7dv0cg3xk',
        key: 'texts/northanger-abbey.txt',
        versionId: 'Pw5Jc3cQ9ZlN2xE8hV1uTf4RbYk7mD0s',
        eTag: ETAG,
      },
      order: '2026-11-28T23:59:58.000Z 0055AED6DCD90281E5 Pw5Jc3cQ9ZlN2xE8hV1uTf4RbYk7mD0s',
    });

  it.each([
    ['English', typicalResult('english'), 1],
    ['English, of a bucket with versions', versioned(), 1],
    ['Chinese', typicalResult('chinese'), 1],
    ['Russian', typicalResult('russian'), 2],
  ])('takes as few write units as it can: %s', async (name, result, units) => {
    const bytes = itemBytes(await itemOf(result));
    expect(Math.ceil(bytes / 1024), `${name}: ${bytes} bytes`).toBe(units);
  });

  it('shows the top words to anyone who opens the table', async () => {
    expect((await itemOf(typicalResult('english')))['words']).toMatch(/^\d+ the\n\d+ \S+\n/);
  });
});

/** Records as the first release wrote them. Tables hold them for years. */
const FIRST_RELEASE = {
  counted: {
    object: 'texts/a.txt',
    version: 'e1#job-1',
    schemaVersion: 1,
    jobId: 'job-1',
    bucket: 'texts',
    key: 'a.txt',
    eTag: 'e1',
    outcome: 'counted',
    options: { fingerprint: 'f1', tokenizer: 'unicode', top: 10 },
    words: [
      { word: 'two', count: 2 },
      { word: 'one', count: 1 },
    ],
    totals: { bytes: 11, words: 3, distinctWords: 2 },
    warnings: [{ code: 'invalid-utf8', count: 1, firstOffset: 7 }],
    durationMs: 12,
    attempt: 1,
    worker: 'worker-1',
    finishedAt: '2026-01-01T00:00:10.000Z',
    order: '2026-01-01T00:00:00.500Z 0A e1',
    sequencer: '0a',
    lastModified: '2026-01-01T00:00:00.000Z',
    publishedAt: '2026-01-01T00:00:11.000Z',
  },
  failed: {
    object: 'texts/b.txt',
    version: 'v1#job-2',
    schemaVersion: 1,
    jobId: 'job-2',
    bucket: 'texts',
    key: 'b.txt',
    versionId: 'v1',
    eTag: 'e2',
    outcome: 'failed:throttled',
    options: { fingerprint: 'f1', tokenizer: 'unicode', top: 10 },
    words: [],
    totals: { bytes: 11, words: 0, distinctWords: 0 },
    warnings: [],
    error: { code: 'throttled', message: 'Slow down.' },
    durationMs: 12,
    attempt: 3,
    worker: 'worker-1',
    finishedAt: '2026-01-01T00:00:10.000Z',
    order: '2026-01-01T00:00:00.000Z  v1',
    lastModified: '2026-01-01T00:00:00.000Z',
  },
};
const OLD_COUNTED: StoredResult = sampleResult({
  warnings: [{ code: 'invalid-utf8', count: 1, firstOffset: 7 }],
  sequencer: '0a',
  lastModified: new Date('2026-01-01T00:00:00.000Z'),
  order: FIRST_RELEASE.counted.order,
});
const OLD_FAILED = sampleResult({
  jobId: 'job-2',
  object: { bucket: 'texts', key: 'b.txt', versionId: 'v1', eTag: 'e2' },
  outcome: 'failed:throttled',
  words: [],
  totals: { bytes: 11, words: 0, distinctWords: 0 },
  warnings: [],
  error: { code: 'throttled', message: 'Slow down.' },
  attempt: 3,
  lastModified: new Date('2026-01-01T00:00:00.000Z'),
  order: FIRST_RELEASE.failed.order,
});
const published = { ...OLD_COUNTED, publishedAt: new Date('2026-01-01T00:00:11.000Z') };

describe('a table with records of the first release', () => {
  async function mixedTable() {
    const tableName = await aws.newTable();
    for (const Item of Object.values(FIRST_RELEASE))
      await aws.clients.dynamodb.send(new PutCommand({ TableName: tableName, Item }));
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName });
    const newer = sampleResult({
      jobId: 'job-3',
      object: { bucket: 'texts', key: 'a.txt', eTag: 'e3' },
      lastModified: new Date('2026-01-02T00:00:00Z'),
    });
    await store.save(newer);
    return { store, newer };
  }
  async function taken<T>(values: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const value of values) all.push(value);
    return all;
  }

  it('shows them in every view beside those of this release', async () => {
    const { store, newer } = await mixedTable();
    expect(await store.find(OLD_COUNTED)).toEqual(published);
    expect(await store.find(OLD_FAILED)).toEqual(OLD_FAILED);
    expect(await store.history('texts', 'a.txt')).toEqual([newer, published]);
    expect(await store.latest('texts', 'a.txt')).toEqual(newer);
    expect(await store.latest('texts', 'b.txt')).toEqual(OLD_FAILED);
    const versions = await store.versions('texts', 'a.txt');
    expect(versions.map(({ jobId, version, attempt }) => [jobId, version, attempt])).toEqual([
      ['job-3', 'e3', 1],
      ['job-1', 'e1', 1],
    ]);
    const byJob = (a: StoredResult, b: StoredResult): number => (a.jobId < b.jobId ? -1 : 1);
    expect((await taken(store.list())).sort(byJob)).toEqual([published, OLD_FAILED, newer]);
    expect((await taken(store.keys('texts'))).sort()).toEqual(['a.txt', 'b.txt']);
    expect([...(await store.search('two')).results].sort(byJob)).toEqual([published, newer]);
    expect((await store.search('throttled')).results).toEqual([OLD_FAILED]);
  });

  it('keeps the counted one, and replaces the failed one, by the same rules', async () => {
    const { store } = await mixedTable();
    const again = { ...OLD_COUNTED, worker: 'worker-2', finishedAt: new Date('2026-02-01T00:00:00Z') };
    expect(await store.save(again)).toEqual({ saved: false, existing: published });
    const { error: _, ...fixed } = OLD_FAILED;
    const counted = { ...fixed, outcome: 'counted', words: OLD_COUNTED.words, attempt: 1 } as const;
    expect(await store.save(counted)).toEqual({ saved: true });
    expect(await store.find(counted)).toEqual(counted);
  });

  it('raises the order of an old record whose version came back', async () => {
    const { store, newer } = await mixedTable();
    const back = {
      ...OLD_COUNTED,
      finishedAt: new Date('2026-03-01T00:00:00Z'),
      order: '2026-03-01T00:00:00.000Z 0C e1',
    };
    const moved = { ...published, order: back.order };
    expect(await store.save(back)).toEqual({ saved: false, existing: moved });
    expect(await store.history('texts', 'a.txt')).toEqual([moved, newer]);
  });
});
