import { escapeText, REASONS } from '@org/wordfreq-aws-adapters/rules';
import {
  type Command,
  type CommandContext,
  type CommandRow,
  defineCommand,
} from '../command-line/command.ts';
import { durationOption, flag, listOf, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { DeadLetterView, FoundLetter } from '../pipeline/dead-letters/dead-letters.ts';
import {
  type DlqFilterOptions,
  type DlqOptions,
  findLetters,
  letterTable,
  noSuchLetter,
  noteUnread,
  runDlqPurge,
  runDlqRedrive,
} from '../pipeline/dead-letters/redrive-and-purge.ts';
import { resourceOptions } from '../pipeline/resource-names.ts';
import { wrapText } from '../pipeline/result-view.ts';
import { withCloud } from '../pipeline/with-cloud.ts';
import { formatBytes } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

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

/** `wordfreq dlq list`: prints dead letters and their reasons. Returns the exit code. */
async function runDlqList(
  options: DlqFilterOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const { letters, unread } = await withCloud(options, environment, (cloud) =>
    findLetters(cloud, [], options),
  );
  signal.throwIfAborted();
  if (options.json) {
    const views = letters.map(({ view }) => view);
    terminal.line(JSON.stringify({ letters: views, unread }, undefined, 2));
  } else {
    for (const line of letterTable(letters, terminal)) terminal.line(line);
    noteUnread(unread, terminal);
  }
  return EXIT_CODES.ok;
}

/**
 * `wordfreq dlq show`: prints one dead letter with its message. Returns the exit code.
 *
 * @throws CliError, exit code 1: there is no such letter, or there are several
 */
async function runDlqShow(
  id: string,
  options: DlqOptions,
  { terminal, environment }: CommandContext,
): Promise<number> {
  const { letters } = await withCloud(options, environment, (cloud) =>
    findLetters(cloud, [id], { ...options, reason: [] }),
  );
  const [letter, another] = letters;
  if (letter === undefined || id === '') throw noSuchLetter(id);
  if (another !== undefined) {
    throw new CliError(`${letters.length} dead letters have ids that begin with ${id}`, {
      exitCode: EXIT_CODES.failed,
      code: 'ambiguous-id',
      hint: 'Give more of the id; wordfreq dlq list shows them.',
    });
  }
  if (options.json) terminal.line(JSON.stringify(letterJson(letter), undefined, 2));
  else for (const line of letterLines(letter, terminal)) terminal.line(line);
  return EXIT_CODES.ok;
}

/** A body may have a megabyte. */
const MAX_BODY_CHARACTERS = 4000;

/** A dead letter with its whole message, for programs; the names are public contract. */
function letterJson({ view, letter }: FoundLetter): DeadLetterView & {
  readonly facts: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const { message, reason } = letter;
  return { ...view, facts: Object.fromEntries(reason?.facts ?? []), body: message.body };
}

/** A dead letter with its whole message, for people. */
function letterLines({ view, letter }: FoundLetter, terminal: Terminal): readonly string[] {
  const { message, reason } = letter;
  const rows: [string, string | undefined][] = [
    ['Id', view.id],
    ['Queue', view.queue],
    ['Reason', view.code],
    ['Detail', view.detail],
    ['Meaning', view.meaning],
    ['What to do', view.hint],
    ['Bucket', view.bucket],
    ['Key', view.key],
    ['Version', view.version],
    ['Given up', view.at],
    ['Sent', message.sentAt?.toISOString()],
    ['Receives', `${view.receiveCount} here, this one included`],
    ...[...(reason?.facts ?? [])]
      .filter(([name]) => !['bucket', 'key'].includes(name))
      .map(([name, value]): [string, string] => [name, value]),
    ['Body', formatBytes(view.bodyBytes)],
  ];
  const indent = 2 + Math.max(...rows.map(([name]) => name.length));
  const lines = rows.flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const wrapped = wrapText(value, terminal.columns - indent);
    return wrapped.map((line, index) => `${(index === 0 ? escapeText(name) : '').padEnd(indent)}${line}`);
  });
  const { body } = message;
  const shown = body.length > MAX_BODY_CHARACTERS ? `${body.slice(0, MAX_BODY_CHARACTERS)}…` : body;
  return [...lines, ...shown.split('\n').map((line) => `  ${escapeText(line)}`)];
}
