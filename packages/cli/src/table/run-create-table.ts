import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import { createCloudClients } from '../cloud/cloud-clients.ts';
import { cloudError } from '../cloud/cloud-error.ts';
import { resourceNames } from '../cloud/resource-names.ts';
import type { CommandContext, CommonValues } from '../command-line/command.ts';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { harmlessJson, harmlessText } from '../render/harmless-text.ts';

/** The options of `wordfreq create-table`, as the command line gives them. */
export interface CreateTableOptions
  extends Pick<CommonValues, 'json' | 'region' | 'endpointUrl' | 'profile'> {
  readonly resultsTable: string | undefined;
  /** Continuous backups, with recovery to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
}

/** What became of a table. */
interface MadeTable {
  readonly table: string;
  readonly created: boolean;
  readonly pointInTimeRecovery: 'on' | 'off' | 'not-supported';
}

const WAIT_SECONDS = 300;

/**
 * `wordfreq create-table`: makes the table of results, or finds that it is there already, and waits until it can be used. Answers the
 * exit code.
 *
 * @throws CliError, exit code 3: it is there with another key; AWS refuses
 */
export async function runCreateTable(
  name: string | undefined,
  options: CreateTableOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const names = resourceNames({ resultsTable: name ?? options.resultsTable }, environment);
  const table = names.find('resultsTable') ?? 'wordfreq-results';
  const clients = createCloudClients(options, environment);
  try {
    const made = await makeTable(clients.dynamodb, table, options.pointInTimeRecovery, signal);
    terminal.line(options.json ? harmlessJson(made) : sentence(made));
    return EXIT_CODES.ok;
  } catch (error) {
    signal.throwIfAborted();
    throw cloudError(error, resourceNames({ resultsTable: table }, {}));
  } finally {
    clients.destroy();
  }
}

async function makeTable(
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
  const pointInTimeRecovery = backups ? await switchBackupsOn(client, table) : 'off';
  return { table, created, pointInTimeRecovery };
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
    if (/UnknownOperation/.test((error as Error).name)) return 'not-supported';
    throw error;
  }
}

function sentence({ table, created, pointInTimeRecovery }: MadeTable): string {
  const backups = { on: 'on', off: 'left as it is', 'not-supported': 'not supported there' }[
    pointInTimeRecovery
  ];
  const made = created ? 'was made' : 'was there already';
  return `The table ${harmlessText(table)} ${made} and is active; point-in-time recovery: ${backups}.`;
}
