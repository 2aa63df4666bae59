import { escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import {
  type Command,
  type CommandContext,
  type CommonValues,
  defineCommand,
} from '../command-line/command.ts';
import { negatedFlag } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import { resourceNames, resourceOptions } from '../pipeline/resource-names.ts';
import type { MadeTable } from '../pipeline/results-table.ts';
import { withCloud } from '../pipeline/with-cloud.ts';

/** `wordfreq create-table`. */
export const createTableCommand: Command = defineCommand({
  description:
    'Creates the table with the key and the index that workers expect, billed per request, waits until it is active, and switches point-in-time recovery on. ' +
    'If the table already exists, the command checks it and adds the index if it is missing, so you can run it again.',
  arguments: [
    {
      name: 'name',
      summary: 'name of the table (default: RESULTS_TABLE, else wordfreq-results)',
      optional: true,
    },
  ],
  options: {
    pointInTimeRecovery: negatedFlag('leave point-in-time recovery as it is'),
    ...resourceOptions('resultsTable'),
  },
  examples: [
    { line: 'wordfreq create-table wordfreq-results', summary: 'in the account and region of the profile' },
    { line: 'wordfreq create-table --endpoint-url http://127.0.0.1:8000', summary: 'in a local DynamoDB' },
  ],
  async run([name], options, context) {
    return runCreateTable(name, options, context);
  },
});

/** The options of `wordfreq create-table`, as the command line gives them. */
interface CreateTableOptions extends Pick<CommonValues, 'json' | 'region' | 'endpointUrl' | 'profile'> {
  readonly resultsTable: string | undefined;
  /** Continuous backups, with recovery to any second of the last 35 days. */
  readonly pointInTimeRecovery: boolean;
}

/**
 * `wordfreq create-table`: creates the table of results, or finds that it already exists, and waits until it
 * can be used. Returns the exit code.
 *
 * @throws CliError, exit code 3: it exists with another key; AWS refuses
 */
export async function runCreateTable(
  name: string | undefined,
  options: CreateTableOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const named = resourceNames({ resultsTable: name ?? options.resultsTable }, environment);
  const table = named.find('resultsTable') ?? 'wordfreq-results';
  return withCloud({ ...options, resultsTable: table }, environment, async ({ clients }) => {
    const { makeTable } = await import('../pipeline/results-table.ts');
    try {
      const made = await makeTable(clients.dynamodb, table, options.pointInTimeRecovery, signal);
      terminal.line(options.json ? escapeJson(made) : sentence(made));
      return EXIT_CODES.ok;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  });
}

function sentence({ table, created, indexAdded, pointInTimeRecovery }: MadeTable): string {
  const backups = { on: 'on', off: 'left as it is', 'not-supported': 'not supported there' }[
    pointInTimeRecovery
  ];
  const made = created ? 'was created' : 'already existed';
  const index = indexAdded
    ? ' The index of the newest results was added; it has the results that are written from now on.'
    : '';
  return `The table ${escapeText(table)} ${made} and is active; point-in-time recovery: ${backups}.${index}`;
}
