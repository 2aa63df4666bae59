import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import { awsProblem } from '@org/wordfreq-aws-adapters/errors';
import { CliError, EXIT_CODES } from '../errors.ts';
import { formatBytes, formatCount } from '../terminal/format.ts';

/** What became of a table. */
export interface MadeTable {
  readonly table: string;
  readonly created: boolean;
  /** Whether the index of the newest results was added to a table that lacked it. */
  readonly indexAdded: boolean;
  readonly pointInTimeRecovery: 'on' | 'off' | 'not-supported';
}

const WAIT_SECONDS = 300;

/**
 * Creates the table, or finds that it already exists and adds the index if it lacks it, and waits until both can
 * be used.
 */
export async function makeTable(
  client: DynamoDBClient,
  table: string,
  backups: boolean,
  signal: AbortSignal,
): Promise<MadeTable> {
  const options = { abortSignal: signal };
  const created = await client.send(new CreateTableCommand(createTableInput(table)), options).then(
    () => true,
    (error: Error) => {
      if (error.name === 'ResourceInUseException') return false;
      throw error;
    },
  );
  const waiter = { client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 5, abortSignal: signal };
  await waitUntilTableExists(waiter, { TableName: table });
  await requireKey(client, table);
  const indexAdded = await addIndex(client, table, signal);
  const pointInTimeRecovery = backups ? await switchBackupsOn(client, table) : 'off';
  return { table, created, indexAdded, pointInTimeRecovery };
}

/** The index that the table should have, as far as it has it. */
export function indexOf(
  table: TableDescription | undefined,
): NonNullable<TableDescription['GlobalSecondaryIndexes']>[number] | undefined {
  const expected = createTableInput('').GlobalSecondaryIndexes?.[0]?.IndexName;
  return table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === expected);
}

/** How large a table is, and what reading all of it takes. DynamoDB counts its items every six hours. */
export async function sizeOf(client: Pick<DynamoDBClient, 'send'>, table: string): Promise<string> {
  return client.send(new DescribeTableCommand({ TableName: table })).then(
    ({ Table: { ItemCount = 0, TableSizeBytes = 0 } = {} }) =>
      ItemCount === 0
        ? 'DynamoDB has not counted its items yet'
        : `${formatCount(ItemCount)} items, ${formatBytes(TableSizeBytes)}, about ${formatCount(Math.ceil(TableSizeBytes / 4096))} read units when they were last counted`,
    // Not everybody who may read a table may describe it.
    () => 'its size is not known here: that needs dynamodb:DescribeTable',
  );
}

const INDEX_POLL_MS = 2000;

/** Returns whether the index had to be added. DynamoDB then reads the whole table, which takes its time. */
async function addIndex(client: DynamoDBClient, table: string, signal: AbortSignal): Promise<boolean> {
  const describe = async (): Promise<TableDescription | undefined> =>
    (await client.send(new DescribeTableCommand({ TableName: table }), { abortSignal: signal })).Table;
  if (indexOf(await describe()) !== undefined) return false;
  const { GlobalSecondaryIndexes: [index] = [], AttributeDefinitions } = createTableInput(table);
  await client.send(
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    }),
    { abortSignal: signal },
  );
  while (indexOf(await describe())?.IndexStatus !== 'ACTIVE') {
    await systemClock.sleep(INDEX_POLL_MS, signal);
    signal.throwIfAborted();
  }
  return true;
}

/** A table with another key would take every result for the same. */
async function requireKey(client: DynamoDBClient, table: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const key = JSON.stringify(Table?.KeySchema);
  const expected = JSON.stringify(createTableInput(table).KeySchema);
  if (key === expected) return;
  throw new CliError(`the table ${table} is there, but with another key: ${key}`, {
    exitCode: EXIT_CODES.environment,
    code: 'other-key',
    hint: `Choose another name; the key must be ${expected}.`,
  });
}

async function switchBackupsOn(
  client: DynamoDBClient,
  table: string,
): Promise<MadeTable['pointInTimeRecovery']> {
  try {
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    return 'on';
  } catch (error) {
    // What stands in for AWS on one machine has none.
    if (awsProblem(error) === 'wrong-service') return 'not-supported';
    throw error;
  }
}
