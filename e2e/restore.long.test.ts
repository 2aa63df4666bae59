import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { createDynamoResultStore, createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EmbeddedPipeline,
  startEmbeddedPipeline,
} from '../packages/worker/test/support/embedded-pipeline.ts';
import { runWorkerProcess } from '../packages/worker/test/support/worker-process.ts';
import { runProgram } from './support/run-program.ts';
import { until } from './support/until.ts';

const RESTORED = 'wordfreq-restored';

let pipeline: EmbeddedPipeline;
let dynamodb: DynamoDBDocumentClient;
beforeAll(async () => {
  pipeline = await startEmbeddedPipeline();
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL_DYNAMODB: endpoint = '' } = pipeline.environment;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({ region, endpoint, credentials }));
});
afterAll(async () => {
  dynamodb?.destroy();
  await pipeline?.stop();
});

/** Lets a worker do what waits, until the table holds so many results. */
async function work(RESULTS_TABLE: string, results: number): Promise<void> {
  const run = runWorkerProcess({ ...pipeline.environment, RESULTS_TABLE, VISIBILITY_SECONDS: '5' });
  await until('all have their results', async () => (await seenIn(RESULTS_TABLE)).length >= results);
  await pipeline.drained();
  run.child.kill('SIGTERM');
  expect(await run.ended, run.stderr()).toBe(0);
}

/** Every item as it is: what a backup holds. */
async function itemsOf(TableName: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client: dynamodb }, { TableName }))
    items.push(...(page.Items ?? []));
  return items;
}

/** What people see of results, in the order of the keys. */
async function seenIn(tableName: string): Promise<unknown[]> {
  const seen: StoredResult[] = [];
  for await (const result of createDynamoResultStore({ client: dynamodb, tableName }).list())
    seen.push(result);
  return seen
    .map(({ object, outcome, words, totals }) => [object.key, outcome, words, totals.words])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** Runs the command line with the restored table. */
async function wordfreq(...args: string[]): Promise<{ code: number | string; output: string }> {
  const run = runProgram(args, { ...pipeline.environment, RESULTS_TABLE: RESTORED });
  const code = await run.ended;
  return { code, output: run.stdout() + run.stderr() };
}

describe('restoring a backup, as packages/constructs/docs/operations.md says', () => {
  it('brings back what the backup holds, names what it lacks, and counts that again, once', async () => {
    const { RESULTS_TABLE: table = '' } = pipeline.environment;
    const early = ['a.txt', 'b c.txt', 'd.txt', 'noise.txt'];
    for (const key of early)
      await pipeline.put(key, key === 'noise.txt' ? new Uint8Array(500) : `early ${key}`);
    await work(table, 4);
    const backup = await itemsOf(table);
    for (const key of ['late 1.txt', 'late 2.txt']) await pipeline.put(key, `late ${key} ${key}`);
    await work(table, 6);
    const before = await seenIn(table);
    expect(before).toHaveLength(6);

    // On AWS a restore makes the table and its items; here they are put as the backup has them.
    await dynamodb.send(new CreateTableCommand(createTableInput(RESTORED)));
    const puts = backup.map((Item) => ({ PutRequest: { Item } }));
    await dynamodb.send(new BatchWriteCommand({ RequestItems: { [RESTORED]: puts } }));

    const found = await wordfreq('reconcile');
    expect(found.code, found.output).toBe(1);
    for (const key of ['late 1.txt', 'late 2.txt']) expect(found.output).toContain(key);
    for (const key of early) expect(found.output).not.toContain(key);

    const filled = await wordfreq('backfill');
    expect(filled.code, filled.output).toBe(0);
    // A receive that a stopped worker had begun may have got them; they come back.
    const { visible, inFlight } = await pipeline.depth();
    expect(visible + inFlight, filled.output).toBe(2);
    await work(RESTORED, 6);
    expect(await seenIn(RESTORED)).toEqual(before);

    // Everything once more: results are idempotent.
    const again = await wordfreq('backfill', '--all');
    expect(again.code, again.output).toBe(0);
    await work(RESTORED, 6);
    expect(await seenIn(RESTORED)).toEqual(before);
    const settled = await wordfreq('reconcile');
    expect(settled.code, settled.output).toBe(0);
  });
});
