import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDynamoResultStore, createTableInput } from '../src/dynamodb/index.ts';
import { itemBytes } from '../src/dynamodb/item-bytes.ts';
import type { ResultEntry } from '../src/ports/index.ts';
import { sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();
const NOON = new Date('2026-11-28T12:00:00.000Z');
const clock = { now: () => NOON };

/** A clock that is a millisecond later each time. */
function ticking(): { now(): Date } {
  let ms = NOON.getTime();
  return { now: () => new Date(ms++) };
}

/** What the client has requested since it was last emptied: each request's kind, and the units that it read. */
const requests: { readonly kind: string; readonly units: number }[] = [];

// Before the first call, because the store prepares the client's middleware once.
beforeAll(() => {
  aws.clients.dynamodb.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity } = result.output as { ConsumedCapacity?: unknown };
      const capacities = [ConsumedCapacity ?? []].flat() as { CapacityUnits?: number }[];
      // DynamoDB charges half a unit at least; what stands in for it here charges nothing for an empty page.
      const units = capacities.reduce((sum, { CapacityUnits = 0 }) => sum + Math.max(CapacityUnits, 0.5), 0);
      requests.push({ kind: String(context.commandName).replace('Command', ''), units });
      return result;
    },
    { step: 'initialize', name: 'counted' },
  );
});

/** Counts requests by kind, and the units that DynamoDB says they read. */
async function counted<T>(run: () => Promise<T>): Promise<{ value: T; requests: string; units: number }> {
  requests.length = 0;
  const value = await run();
  const count = new Map<string, number>();
  for (const { kind } of requests) count.set(kind, (count.get(kind) ?? 0) + 1);
  return {
    value,
    requests: [...count].map(([kind, times]) => `${times} ${kind}`).join(', '),
    units: requests.reduce((sum, { units }) => sum + units, 0),
  };
}

async function take(entries: AsyncIterable<ResultEntry>, count: number): Promise<readonly ResultEntry[]> {
  const taken: ResultEntry[] = [];
  for await (const entry of entries) if (taken.push(entry) >= count) break;
  return taken;
}

const resultOf = (index: number): ReturnType<typeof sampleResult> =>
  sampleResult({
    jobId: index.toString(16).padStart(2, '0').split('').reverse().join('').padEnd(32, 'f'),
    object: { bucket: 'texts', key: `folder/file-${index}.txt`, eTag: 'd41d8cd98f00b204e9800998ecf8427e' },
  });

describe('the index by time of commit', () => {
  it('costs one write unit, and one request for the first record of a day', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    const first = await counted(() => store.save(resultOf(0)));
    expect(first.requests).toBe('2 PutItem');
    const second = await counted(() => store.save(resultOf(1)));
    expect(second.requests).toBe('1 PutItem');

    const { Items = [] } = await aws.clients.dynamodb.send(new ScanCommand({ TableName: tableName }));
    const item = Items.find(({ object: place }) => place === 'texts/folder/file-1.txt') ?? {};
    const { day, committedAt, object, version, outcome, totals, durationMs } = item;
    expect({ day, committedAt }).toEqual({ day: '2026-11-28#1', committedAt: NOON.toISOString() });
    // What the index adds to the record, and what its entry has.
    expect(itemBytes({ day, committedAt })).toBe(50);
    const entry = itemBytes({ day, committedAt, object, version, outcome, totals, durationMs });
    expect(entry).toBeLessThan(300);
    expect(Math.ceil(entry / 1024)).toBe(1);
  });

  it('reads the newest in nine requests, whatever the table holds', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock: ticking() });
    const reading = (): ReturnType<typeof counted<readonly ResultEntry[]>> =>
      counted(() => take(store.newest({ expected: 20 }), 20));
    await Promise.all(Array.from({ length: 60 }, (_, index) => store.save(resultOf(index))));
    const few = await reading();
    await Promise.all(Array.from({ length: 180 }, (_, index) => store.save(resultOf(60 + index))));
    const more = await reading();
    for (const { value, requests, units } of [few, more]) {
      expect(value).toHaveLength(20);
      expect(requests).toBe('9 Query');
      // Half a unit for each 4 kB of each.
      expect(units).toBe(4.5);
    }
  });

  it('reads what came since a moment in one request for each shard', async () => {
    const tableName = await aws.newTable();
    const moment = { time: NOON };
    const store = createDynamoResultStore({
      client: aws.clients.dynamodb,
      tableName,
      clock: { now: () => moment.time },
    });
    await Promise.all(Array.from({ length: 100 }, (_, index) => store.save(resultOf(index))));
    moment.time = new Date(NOON.getTime() + 1000);
    await store.save(resultOf(100));
    const { value, requests, units } = await counted(() => take(store.between(moment.time), 10));
    expect(value.map(({ key }) => key)).toEqual(['folder/file-100.txt']);
    expect({ requests, units }).toEqual({ requests: '8 Query', units: 4 });
  });

  it('reads records in requests of a hundred', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    await Promise.all(Array.from({ length: 120 }, (_, index) => store.save(resultOf(index))));
    const entries = await take(store.newest({ expected: 120 }), 120);
    const { value, requests, units } = await counted(() => store.records(entries));
    expect(value.map((record) => record?.object.key)).toEqual(entries.map(({ key }) => key));
    expect({ requests, units }).toEqual({ requests: '2 BatchGetItem', units: 120 });
  });

  it('keeps records of an earlier release readable, which are not in the index', async () => {
    const tableName = await aws.newTable();
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    const old = resultOf(0);
    await store.save(old);
    const { Items = [] } = await aws.clients.dynamodb.send(new ScanCommand({ TableName: tableName }));
    const {
      day: _,
      committedAt: __,
      ...item
    } = Items.find(({ object }) => object === `texts/${old.object.key}`) ?? {};
    await aws.clients.dynamodb.send(new PutCommand({ TableName: tableName, Item: item }));
    expect(await take(store.newest(), 10)).toEqual([]);
    expect(await store.history('texts', old.object.key)).toEqual([old]);
    const listed: unknown[] = [];
    for await (const result of store.list()) listed.push(result);
    expect(listed).toEqual([old]);
  });

  it('says what to do with a table that has no index', async () => {
    const tableName = 'without-index';
    const { GlobalSecondaryIndexes: _, AttributeDefinitions = [], ...rest } = createTableInput(tableName);
    await aws.clients.dynamodb.send(
      new CreateTableCommand({ ...rest, AttributeDefinitions: AttributeDefinitions.slice(0, 2) }),
    );
    const client = aws.clients.dynamodb as unknown as DynamoDBClient;
    await waitUntilTableExists(
      { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 },
      { TableName: tableName },
    );
    const store = createDynamoResultStore({ client: aws.clients.dynamodb, tableName, clock });
    // Workers need no index.
    expect(await store.save(resultOf(0))).toEqual({ saved: true });
    const problem = {
      code: 'invalid',
      retryable: false,
      message:
        'Expected the index "newest" of the table without-index, but it has none: it was made for an earlier release. ' +
        'Add the index: run wordfreq create-table without-index, or deploy the stack again.',
    };
    await expect(take(store.newest(), 1)).rejects.toMatchObject(problem);
    await expect(take(store.between(NOON), 1)).rejects.toMatchObject(problem);
  });
});
