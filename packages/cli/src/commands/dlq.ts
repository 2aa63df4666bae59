import { REASONS } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandRow, defineCommand } from '../command-line/command.ts';
import { durationOption, flag, listOf, text, wholeNumber } from '../command-line/option.ts';
import { runDlqList, runDlqPurge, runDlqRedrive, runDlqShow } from '../pipeline/dead-letter-commands.ts';
import { resourceOptions } from '../pipeline/resource-names.ts';

const LOOKING =
  'Reading hides the dead letters from other readers for some seconds, and counts as one receive of each.';

const QUEUES = resourceOptions('deadLetterQueueUrl', 'uploadsDeadLetterQueueUrl');
const FILTER = {
  reason: listOf('codes', 'only with these reasons, such as not-text,access-denied', REASONS),
  prefix: text('text', 'only for keys that start with this'),
};
const IDS = {
  name: 'ids',
  summary: 'ids of dead letters, or how they start; none means all',
  variadic: true,
  optional: true,
};
const LIMIT = wholeNumber('number', 'read at most this many dead letters from each queue', {
  min: 1,
  max: 10_000,
  default: 1000,
});

const listCommand: Command = defineCommand({
  description: `The newest first, each with its reason. ${LOOKING}`,
  options: { ...FILTER, limit: LIMIT, ...QUEUES },
  examples: [
    { line: 'wordfreq dlq list', summary: 'what could not be processed, and why' },
    { line: 'wordfreq dlq list --reason access-denied --json', summary: 'one reason only, for a program' },
  ],
  async run(_, options, context) {
    return runDlqList(options, context);
  },
});

const showCommand: Command = defineCommand({
  description: `Everything about a dead letter: its reason, what to do, its message. ${LOOKING}`,
  arguments: [{ name: 'id', summary: 'the id of a dead letter, or how it starts' }],
  options: { limit: LIMIT, ...QUEUES },
  examples: [{ line: 'wordfreq dlq show 3f2a', summary: 'the dead letter whose id starts with this' }],
  failure: 'there is no such dead letter',
  async run([id = ''], options, context) {
    return runDlqShow(id, options, context);
  },
});

const redriveCommand: Command = defineCommand({
  description:
    'Sends dead letters back to where they came from: uploads to the copy Lambda, jobs to the workers. Each is sent before it is deleted, ' +
    'so a crash may send it twice, which is harmless. Fix the cause first.',
  arguments: [IDS],
  options: {
    ...FILTER,
    limit: LIMIT,
    dryRun: flag('print what would be sent back, and send nothing'),
    wait: flag('wait until each has an outcome or is a dead letter again, and show which'),
    timeout: durationOption('the longest that --wait waits', '10m'),
    ...QUEUES,
    ...resourceOptions(
      'jobsQueueUrl',
      'uploadsQueueUrl',
      'uploadingBucket',
      'processingBucket',
      'resultsTable',
    ),
  },
  examples: [
    { line: 'wordfreq dlq redrive --reason access-denied --wait', summary: 'after granting the permission' },
    { line: 'wordfreq dlq redrive --dry-run', summary: 'what would be sent back' },
  ],
  failure:
    'a dead letter given by its id was not found, or another reader held it; or with --wait failed again or has no outcome yet',
  async run(ids, options, context) {
    return runDlqRedrive(ids, options, context);
  },
});

const purgeCommand: Command = defineCommand({
  description: 'Deletes dead letters permanently, after asking for confirmation.',
  arguments: [IDS],
  options: {
    ...FILTER,
    limit: LIMIT,
    dryRun: flag('print what would be deleted, and delete nothing'),
    yes: flag('do not ask'),
    ...QUEUES,
  },
  examples: [
    { line: 'wordfreq dlq purge --reason not-text', summary: 'after a confirmation' },
    { line: 'wordfreq dlq purge 3f2a --yes', summary: 'one dead letter, without a confirmation' },
  ],
  failure: 'the answer was no; or a dead letter given by its id was not found, or another reader held it',
  async run(ids, options, context) {
    return runDlqPurge(ids, options, context);
  },
});

const row = (name: string, summary: string, command: Command): CommandRow => ({
  name,
  summary,
  load: async () => command,
});

/** `wordfreq dlq`. */
export const dlqCommand: Command = defineCommand({
  description:
    'The jobs’ dead-letter queue and, where UPLOADS_DEAD_LETTER_QUEUE_URL names another one, that of the uploads.',
  examples: [
    { line: 'wordfreq dlq list', summary: 'what could not be processed, and why' },
    {
      line: 'wordfreq dlq redrive --reason access-denied',
      summary: 'process them again, once the cause is fixed',
    },
  ],
  commands: [
    row('list', 'list dead letters with their reasons', listCommand),
    row('show', 'show one dead letter and its message', showCommand),
    row('redrive', 'send dead letters back to be processed again', redriveCommand),
    row('purge', 'delete dead letters permanently', purgeCommand),
  ],
});
