import { resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { negatedFlag } from '../command-line/option.ts';

/** `wordfreq create-table`. */
export const createTableCommand: Command = defineCommand({
  description:
    'Makes the table with the key that workers expect, billed per request, waits until it is active, and switches point-in-time recovery on. ' +
    'A table that is there already is only checked, so it may be run again.',
  arguments: [
    { name: 'name', summary: 'what to call it; else RESULTS_TABLE, else wordfreq-results', optional: true },
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
    const { runCreateTable } = await import('../table/run-create-table.ts');
    return runCreateTable(name, options, context);
  },
});
