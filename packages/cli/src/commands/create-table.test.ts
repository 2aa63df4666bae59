import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { runCreateTable } from './create-table.ts';

let aws: EmbeddedAws;
let clients: EmbeddedClients;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createEmbeddedClients(aws);
});
afterAll(async () => {
  clients.destroy();
  await aws.stop();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_PROFILE', undefined);
});
afterEach(() => vi.unstubAllEnvs());

async function* never(): AsyncIterable<Uint8Array> {}

async function run(name: string | undefined, environment = {}, json = true): Promise<string> {
  const terminal = memoryTerminal();
  const options = {
    json,
    region: 'us-east-1',
    endpointUrl: aws.endpoints.dynamodb,
    profile: undefined,
    resultsTable: undefined,
    pointInTimeRecovery: true,
  };
  const context = {
    terminal,
    signal: new AbortController().signal,
    stdin: never(),
    environment,
    version: () => '1.2.3',
  };
  expect(await runCreateTable(name, options, context)).toBe(0);
  return terminal.lines.join('\n');
}

describe(runCreateTable, () => {
  it('makes the table that workers expect, and finds it the second time', async () => {
    const made = { table: 'mine', created: true, indexAdded: false, pointInTimeRecovery: 'not-supported' };
    expect(JSON.parse(await run('mine'))).toEqual(made);
    expect(JSON.parse(await run('mine'))).toEqual({ ...made, created: false });
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'mine' }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.KeySchema).toEqual(createTableInput('mine').KeySchema);
  });

  it('takes its name from RESULTS_TABLE, or the usual one', async () => {
    const made = 'was created and is active; point-in-time recovery: not supported there.';
    expect(await run(undefined, { RESULTS_TABLE: 'named' }, false)).toBe(`The table named ${made}`);
    expect(await run(undefined, {}, false)).toBe(`The table wordfreq-results ${made}`);
  });

  it('refuses a table with another key', async () => {
    await clients.dynamodb.send(
      new CreateTableCommand({
        TableName: 'other',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await expect(run('other')).rejects.toMatchObject({ code: 'other-key', exitCode: 3 });
  });
});
