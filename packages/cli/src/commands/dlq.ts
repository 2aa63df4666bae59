import { resourceOptions } from '../cloud/resource-options.ts';
import { type Command, type CommandRow, defineCommand } from '../command-line/command.ts';
import { flag, list, text, wholeNumber } from '../command-line/option.ts';

const LOOKING =
  'Looking hides the letters from other readers for some seconds, and counts as one receive of each.';

const QUEUES = resourceOptions('deadLetterQueueUrl', 'uploadsDeadLetterQueueUrl');
const FILTER = {
  reason: list('codes', 'only with these reasons, such as not-text,access-denied'),
  prefix: text('text', 'only of keys that begin so'),
};
const IDS = {
  name: 'ids',
  summary: 'ids of letters, or their beginnings; none means all',
  variadic: true,
  optional: true,
};
const LIMIT = wholeNumber('number', 'look at so many letters of each queue at most', {
  min: 1,
  max: 10_000,
  default: 1000,
});

const listCommand: Command = defineCommand({
  description: `The newest first, each with its reason. ${LOOKING}`,
  options: { ...FILTER, limit: LIMIT, ...QUEUES },
  examples: [
    { line: 'wordfreq dlq list', summary: 'what could not be done, and why' },
    { line: 'wordfreq dlq list --reason access-denied --json', summary: 'one reason only, for a program' },
  ],
  async run(_, options, context) {
    const { runDlqList } = await import('../cloud/run-dlq.ts');
    return runDlqList(options, context);
  },
});

const showCommand: Command = defineCommand({
  description: `Everything about a letter: its reason, what to do, its message. ${LOOKING}`,
  arguments: [{ name: 'id', summary: 'the id of a letter, or its beginning' }],
  options: { limit: LIMIT, ...QUEUES },
  examples: [{ line: 'wordfreq dlq show 3f2a', summary: 'the letter whose id begins so' }],
  failure: 'there is no such letter',
  async run([id = ''], options, context) {
    const { runDlqShow } = await import('../cloud/run-dlq.ts');
    return runDlqShow(id, options, context);
  },
});

const redriveCommand: Command = defineCommand({
  description:
    'Sends letters back to where they came from: uploads to the copy Lambda, jobs to the workers. Each is sent before it is deleted, ' +
    'so a crash may send it twice, which is harmless. Mend the cause first.',
  arguments: [IDS],
  options: {
    ...FILTER,
    limit: LIMIT,
    dryRun: flag('print what would be sent back, and send nothing'),
    ...QUEUES,
    ...resourceOptions('jobsQueueUrl', 'uploadsQueueUrl', 'uploadingBucket'),
  },
  examples: [
    { line: 'wordfreq dlq redrive --reason access-denied', summary: 'after the permission was given' },
    { line: 'wordfreq dlq redrive --dry-run', summary: 'what would be sent back' },
  ],
  failure: 'a letter that was asked for by its id is not there, or another reader held it',
  async run(ids, options, context) {
    const { runDlqRedrive } = await import('../cloud/run-dlq.ts');
    return runDlqRedrive(ids, options, context);
  },
});

const purgeCommand: Command = defineCommand({
  description: 'Deletes letters for good, after a question on the screen.',
  arguments: [IDS],
  options: {
    ...FILTER,
    limit: LIMIT,
    dryRun: flag('print what would be deleted, and delete nothing'),
    yes: flag('do not ask'),
    ...QUEUES,
  },
  examples: [
    { line: 'wordfreq dlq purge --reason not-text', summary: 'after a question' },
    { line: 'wordfreq dlq purge 3f2a --yes', summary: 'one letter, without a question' },
  ],
  failure:
    'the answer was no; or a letter that was asked for by its id is not there, or another reader held it',
  async run(ids, options, context) {
    const { runDlqPurge } = await import('../cloud/run-dlq.ts');
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
    { line: 'wordfreq dlq list', summary: 'what could not be done, and why' },
    { line: 'wordfreq dlq redrive --reason access-denied', summary: 'do it again, once the cause is mended' },
  ],
  commands: [
    row('list', 'list dead letters with their reasons', listCommand),
    row('show', 'show one dead letter and its message', showCommand),
    row('redrive', 'send dead letters back to be done again', redriveCommand),
    row('purge', 'delete dead letters for good', purgeCommand),
  ],
});
