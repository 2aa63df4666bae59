import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTED } from '../../constructs/tools/counted-requests.ts';
import { createDynamoResultStore } from '../src/dynamodb/index.ts';
import { NEWEST_INDEX, TABLE_KEY } from '../src/dynamodb/table.ts';
import type { JobResult } from '../src/ports/index.ts';
import { NO_COST } from '../src/rules/index.ts';
import { sampleResult } from '../src/testing/samples.ts';

/* What DynamoDB bills for a record, by the rules of "DynamoDB item sizes and formats" in its developer guide. */

type Item = Readonly<Record<string, AttributeValue>>;

let server: Server;
let client: DynamoDBClient;
let items: Item[];
beforeEach(async () => {
  items = [];
  // Takes every write: what matters is what is sent.
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { Item } = JSON.parse(Buffer.concat(chunks).toString()) as { Item?: Item };
    if (Item?.['outcome'] !== undefined) items.push(Item);
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replaceAll(/[-.]/g, '').length / 2) + 1;
  if (value.B !== undefined) return Buffer.from(String(value.B), 'base64').length;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

const unitsOf = (item: Item): number => Math.ceil(itemBytes(item) / 1024);

/** The result of 50 kB of a novel, with names as they are in a deployment. */
function typicalResult(): JobResult {
  const novel = new URL('../../../samples/texts/en-pride-and-prejudice.txt', import.meta.url);
  const text = readFileSync(novel, 'utf8').slice(0, 50_000).toLowerCase();
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[a-z]+(?:'[a-z]+)?/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([word, count]) => ({ word, count }));
  const object = {
    bucket: 'wordfreq-processing-123456789012-eu-central-1',
    key: 'letters/2026/11/letter-000123.txt',
    eTag: 'd41d8cd98f00b204e9800998ecf8427e',
  };
  return sampleResult({
    jobId: '3f2a9c0b1d4e5f60718293a4b5c6d7e8',
    object,
    options: { fingerprint: '0123456789abcdef', tokenizer: 'unicode', top: 100 },
    words: words.slice(0, 100),
    totals: { bytes: 50_000, words: 8_951, distinctWords: counts.size },
    warnings: [],
    worker: 'ip-10-0-1-23.eu-central-1.compute.internal-7',
    sequencer: '0065A1B2C3D4E5F607',
    lastModified: new Date('2026-11-28T10:00:00Z'),
    cost: { ...NO_COST, s3Reads: 1, queueRequests: 0.32, tableWrites: 1, processorMs: 13.27 },
  });
}

it('writes a record in as many units as the costs say', async () => {
  const results = createDynamoResultStore({
    client: DynamoDBDocumentClient.from(client),
    tableName: 'results',
  });
  await results.save(typicalResult());
  expect(items).toHaveLength(1);
  const [item = {}] = items;
  const indexed: readonly string[] = [
    ...Object.values(TABLE_KEY),
    NEWEST_INDEX.partition,
    NEWEST_INDEX.sort,
    ...NEWEST_INDEX.projected,
  ];
  const entry = Object.fromEntries(Object.entries(item).filter(([name]) => indexed.includes(name)));
  expect(Object.keys(entry)).toHaveLength(indexed.length);
  const units = { record: unitsOf(item), index: unitsOf(entry) };
  expect(units, `${itemBytes(item)} and ${itemBytes(entry)} bytes`).toEqual(COUNTED.writeUnits);
});
