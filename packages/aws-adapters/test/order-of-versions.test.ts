import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoResultStore } from '../src/dynamodb/index.ts';
import { createMemoryResultStore } from '../src/memory/index.ts';
import type { JobResult, ResultStore } from '../src/ports/index.ts';
import { recordOrder, versionOrder } from '../src/rules/index.ts';
import { sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();
const BUCKET = 'texts';
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, 0, seconds * 1000));

/** One version of a key, and what one door says of it: each may leave out what others know. */
const version = fc.record({
  id: fc.nat(4),
  isVersioned: fc.boolean(),
  seconds: fc.constantFrom(1, 2, 2.5, 3),
  sequencer: fc.constantFrom('0A', '0a00', '0A1', '0B'),
});
const arrival = fc.record({
  which: fc.nat(3),
  job: fc.constantFrom('job-1', 'job-2'),
  saysSequencer: fc.boolean(),
  saysModified: fc.boolean(),
  eventSeconds: fc.constantFrom(undefined, 2, 2.2, 3, 900),
});

type Version = typeof version extends fc.Arbitrary<infer T> ? T : never;
type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

function resultOf(key: string, { id, isVersioned, seconds, sequencer }: Version, door: Arrival): JobResult {
  const object = { bucket: BUCKET, key, eTag: `e${id % 3}`, ...(isVersioned ? { versionId: `v${id}` } : {}) };
  const facts = {
    ...(door.saysSequencer ? { sequencer } : {}),
    ...(door.saysModified ? { lastModified: at(seconds) } : {}),
  };
  const currentAt = door.eventSeconds === undefined ? undefined : at(door.eventSeconds);
  return sampleResult({
    object,
    jobId: door.job,
    // Of the record, whoever writes it.
    finishedAt: at(50 + (id % 3)),
    ...facts,
    order: versionOrder({ ...object, ...facts, currentAt }),
  });
}

const nameOf = ({ object, jobId }: JobResult): string => `${object.versionId ?? object.eTag}#${jobId}`;

/**
 * The records that there must be, the newest first: each stands where the latest that was said of it stands.
 */
function expectedHistory(results: readonly JobResult[]): string[] {
  const records = new Map<string, JobResult>();
  for (const result of results) {
    const other = records.get(nameOf(result));
    if (other === undefined || other.order < result.order) records.set(nameOf(result), result);
  }
  return [...records.values()]
    .sort((a, b) => (recordOrder(a) < recordOrder(b) ? 1 : -1))
    .map((record) => `${nameOf(record)} ${record.order}`);
}

async function seen(store: ResultStore, key: string): Promise<{ latest: string; history: string[] }> {
  const latest = await store.latest(BUCKET, key);
  const history = await store.history(BUCKET, key);
  const text = (record: JobResult): string => `${nameOf(record)} ${record.order}`;
  return { latest: latest === undefined ? '' : text(latest), history: history.map(text) };
}

async function newDynamoStore(): Promise<ResultStore> {
  return createDynamoResultStore({ client: aws.clients.dynamodb, tableName: await aws.newTable() });
}

describe.each([
  ['in memory', async () => createMemoryResultStore(), 300],
  ['on DynamoDB', newDynamoStore, 40],
] as const)('versions of a key %s', (_, newStore, numRuns) => {
  it('have the same latest and the same history in whatever order the messages of all doors arrive', async () => {
    const store = await newStore();
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(version, { minLength: 4, maxLength: 4 }),
        fc.array(arrival, { minLength: 2, maxLength: 7 }),
        fc.infiniteStream(fc.nat()),
        async (versions, arrivals, chance) => {
          for (let order = 0; order < 2; order += 1) {
            serial += 1;
            const key = `key-${serial}`;
            const results = arrivals.map((door) => resultOf(key, versions[door.which] as Version, door));
            const expected = expectedHistory(results);
            const shuffled = results.map((result) => ({ result, at: chance.next().value ?? 0 }));
            for (const { result } of shuffled.sort((a, b) => a.at - b.at)) await store.save(result);
            expect(await seen(store, key)).toEqual({ latest: expected[0], history: expected });
          }
        },
      ),
      { numRuns },
    );
  });
});

describe('records and pointers of an earlier release, which say nothing of their order', () => {
  const object = (eTag: string): JobResult['object'] => ({ bucket: BUCKET, key: 'a.txt', eTag });

  /** As that release wrote them. */
  async function storeWithOld(): Promise<{ store: ResultStore; old: JobResult; tableName: string }> {
    const tableName = await aws.newTable();
    const { dynamodb: client } = aws.clients;
    const store = createDynamoResultStore({ client, tableName });
    const old = sampleResult({ object: object('old'), sequencer: '0A', lastModified: at(5) });
    await store.save(old);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    for (const { order: _, ...item } of Items)
      await client.send(new PutCommand({ TableName: tableName, Item: item }));
    return { store, old, tableName };
  }

  it('stand where their facts say', async () => {
    const { store, old } = await storeWithOld();
    expect([await store.find(old), await store.latest(BUCKET, 'a.txt')]).toEqual([old, old]);
    expect(await store.history(BUCKET, 'a.txt')).toEqual([old]);
  });

  it.each([
    ['an older version', 4, 'old'],
    ['a newer version', 6, 'new'],
  ])('are still right when %s comes', async (_, seconds, latest) => {
    const { store } = await storeWithOld();
    await store.save(sampleResult({ object: object('new'), lastModified: at(seconds) }));
    expect((await store.latest(BUCKET, 'a.txt'))?.object.eTag).toBe(latest);
    const others = sampleResult({ object: object('newest'), lastModified: at(7) });
    await store.save(others);
    expect(await store.latest(BUCKET, 'a.txt')).toEqual(others);
  });

  it('move up when the version comes again', async () => {
    const { store, old } = await storeWithOld();
    const newer = sampleResult({ object: object('new'), lastModified: at(6) });
    await store.save(newer);
    const again = sampleResult({ object: object('old'), worker: 'worker-2', lastModified: at(9) });
    const moved = { ...old, order: again.order };
    expect(await store.save(again)).toEqual({ saved: false, existing: moved });
    expect(await store.history(BUCKET, 'a.txt')).toEqual([moved, newer]);
    expect(await store.latest(BUCKET, 'a.txt')).toEqual(moved);
  });

  it('give way to a better outcome', async () => {
    const { store, old } = await storeWithOld();
    const failed = sampleResult({
      object: object('f'),
      outcome: 'failed:throttled',
      error: { code: 'throttled', message: 'Slow down.' },
      lastModified: at(6),
    });
    await store.save(failed);
    const counted = sampleResult({ object: object('f'), lastModified: at(6) });
    expect(await store.save(counted)).toEqual({ saved: true });
    expect(await store.history(BUCKET, 'a.txt')).toEqual([counted, old]);
  });
});
