import { REASONS } from '@org/wordfreq-aws-adapters/rules';
import {
  type Command,
  type CommandContext,
  type CommandRow,
  defineCommand,
} from '../command-line/command.ts';
import { flag, listOf, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import { letterJson, letterLines, letterTable } from '../pipeline/dead-letter-report.ts';
import {
  deadLetterPlaces,
  type FoundLetter,
  type FoundLetters,
  listDeadLetters,
  purgeDeadLetters,
  redriveDeadLetters,
  sendHome,
} from '../pipeline/dead-letters.ts';
import { resourceOptions } from '../pipeline/resource-names.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { formatCount } from '../terminal/format.ts';
import { confirm } from '../terminal/standard-input.ts';
import type { Terminal } from '../terminal/terminal.ts';

const LOOKING =
  'Reading hides the letters from other readers for some seconds, and counts as one receive of each.';

const QUEUES = resourceOptions('deadLetterQueueUrl', 'uploadsDeadLetterQueueUrl');
const FILTER = {
  reason: listOf('codes', 'only with these reasons, such as not-text,access-denied', REASONS),
  prefix: text('text', 'only for keys that start with this'),
};
const IDS = {
  name: 'ids',
  summary: 'ids of letters, or how they start; none means all',
  variadic: true,
  optional: true,
};
const LIMIT = wholeNumber('number', 'read at most this many letters from each queue', {
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
  description: `Everything about a letter: its reason, what to do, its message. ${LOOKING}`,
  arguments: [{ name: 'id', summary: 'the id of a letter, or how it starts' }],
  options: { limit: LIMIT, ...QUEUES },
  examples: [{ line: 'wordfreq dlq show 3f2a', summary: 'the letter whose id starts with this' }],
  failure: 'there is no such letter',
  async run([id = ''], options, context) {
    return runDlqShow(id, options, context);
  },
});

const redriveCommand: Command = defineCommand({
  description:
    'Sends letters back to where they came from: uploads to the copy Lambda, jobs to the workers. Each is sent before it is deleted, ' +
    'so a crash may send it twice, which is harmless. Fix the cause first.',
  arguments: [IDS],
  options: {
    ...FILTER,
    limit: LIMIT,
    dryRun: flag('print what would be sent back, and send nothing'),
    ...QUEUES,
    ...resourceOptions('jobsQueueUrl', 'uploadsQueueUrl', 'uploadingBucket'),
  },
  examples: [
    { line: 'wordfreq dlq redrive --reason access-denied', summary: 'after granting the permission' },
    { line: 'wordfreq dlq redrive --dry-run', summary: 'what would be sent back' },
  ],
  failure: 'a letter that was asked for by its id is not there, or another reader held it',
  async run(ids, options, context) {
    return runDlqRedrive(ids, options, context);
  },
});

const purgeCommand: Command = defineCommand({
  description: 'Deletes letters permanently, after asking for confirmation.',
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
    { line: 'wordfreq dlq purge 3f2a --yes', summary: 'one letter, without a confirmation' },
  ],
  failure:
    'the answer was no; or a letter that was asked for by its id is not there, or another reader held it',
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
    row('redrive', 'send dead letters back to be done again', redriveCommand),
    row('purge', 'delete dead letters for good', purgeCommand),
  ],
});

/** The options that every command of `wordfreq dlq` has. */
export interface DlqOptions extends OpenCloudOptions {
  readonly limit: number;
  readonly json: boolean;
}

/** Which letters. */
export interface DlqFilterOptions extends DlqOptions {
  readonly reason: readonly string[];
  readonly prefix?: string | undefined;
}

/** What is done with them. */
export interface DlqActionOptions extends DlqFilterOptions {
  readonly dryRun: boolean;
}

/** `wordfreq dlq list`: prints dead letters and their reasons. Returns the exit code. */
export async function runDlqList(
  options: DlqFilterOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const { letters, unread } = await withCloud(options, environment, (cloud) => find(cloud, [], options));
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
export async function runDlqShow(
  id: string,
  options: DlqOptions,
  { terminal, environment }: CommandContext,
): Promise<number> {
  const { letters } = await withCloud(options, environment, (cloud) =>
    find(cloud, [id], { ...options, reason: [] }),
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

/** `wordfreq dlq redrive`: sends dead letters back. Returns the exit code. */
export function runDlqRedrive(
  ids: readonly string[],
  options: DlqActionOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  return withCloud(options, environment, async (cloud) => {
    const found = await find(cloud, ids, options);
    signal.throwIfAborted();
    if (options.dryRun) return rehearse('redriven', found, options, terminal);
    const done = await forEachQueue(found, (queueUrl, chosen) => {
      const isOfUploads = chosen[0]?.place.name === 'uploads';
      const uploads = (): ReturnType<Cloud['sender']> => cloud.sender(cloud.names.get('uploadsQueueUrl'));
      const to = isOfUploads
        ? uploads()
        : sendHome({
            jobs: cloud.sender(cloud.names.get('jobsQueueUrl')),
            uploads,
            uploadingBucket: cloud.names.find('uploadingBucket'),
          });
      return redriveDeadLetters({ from: cloud.queue(queueUrl), ids: idsOf(chosen), signal }, to);
    });
    return report('redriven', done, found, { ids, options, terminal });
  });
}

/** `wordfreq dlq purge`: deletes dead letters for good. Returns the exit code. */
export function runDlqPurge(
  ids: readonly string[],
  options: DlqActionOptions & { readonly yes: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal, signal, environment } = context;
  return withCloud(options, environment, async (cloud) => {
    const found = await find(cloud, ids, options);
    signal.throwIfAborted();
    if (options.dryRun) return rehearse('purged', found, options, terminal);
    const count = found.letters.length;
    if (count > 0 && !options.yes) {
      const question = `Delete ${formatCount(count)} dead ${count === 1 ? 'letter' : 'letters'} for good?`;
      if (!(await confirm(question, context))) return EXIT_CODES.failed;
    }
    const done = await forEachQueue(found, (queueUrl, chosen) =>
      purgeDeadLetters({ from: cloud.queue(queueUrl), ids: idsOf(chosen), signal }),
    );
    return report('purged', done, found, { ids, options, terminal });
  });
}

async function find(
  cloud: Cloud,
  ids: readonly string[],
  { limit, reason, prefix }: DlqFilterOptions,
): Promise<FoundLetters> {
  const filter = { limit, ids, reasons: reason, keyPrefix: prefix };
  return listDeadLetters(cloud, deadLetterPlaces(cloud.names), filter);
}

async function forEachQueue(
  { letters }: FoundLetters,
  act: (queueUrl: string, letters: readonly FoundLetter[]) => Promise<number>,
): Promise<number> {
  let done = 0;
  for (const queueUrl of new Set(letters.map(({ place }) => place.queueUrl))) {
    const chosen = letters.filter(({ place }) => place.queueUrl === queueUrl);
    done += await act(queueUrl, chosen);
  }
  return done;
}

function idsOf(letters: readonly FoundLetter[]): readonly string[] {
  return letters.map(({ view }) => view.id);
}

type Deed = 'redriven' | 'purged';
const WORDS: Readonly<Record<Deed, string>> = { redriven: 'sent back', purged: 'deleted' };

function rehearse(
  deed: Deed,
  { letters, unread }: FoundLetters,
  { json }: DlqActionOptions,
  terminal: Terminal,
): number {
  if (json) {
    const views = letters.map(({ view }) => view);
    terminal.line(JSON.stringify({ [deed]: 0, dryRun: true, letters: views, unread }, undefined, 2));
    return EXIT_CODES.ok;
  }
  for (const line of letterTable(letters, terminal)) terminal.line(line);
  terminal.line(`${formatCount(letters.length)} would be ${WORDS[deed]}.`);
  noteUnread(unread, terminal);
  return EXIT_CODES.ok;
}

function report(
  deed: Deed,
  done: number,
  { letters, unread }: FoundLetters,
  how: { readonly ids: readonly string[]; readonly options: DlqActionOptions; readonly terminal: Terminal },
): number {
  const { ids, options, terminal } = how;
  const views = letters.map(({ view }) => view);
  if (options.json) {
    terminal.line(JSON.stringify({ [deed]: done, dryRun: false, letters: views, unread }, undefined, 2));
  } else {
    terminal.line(`${formatCount(done)} of ${formatCount(letters.length)} ${WORDS[deed]}.`);
    noteUnread(unread, terminal);
  }
  const lost = ids.find((id) => !views.some((view) => view.id.startsWith(id)));
  if (lost !== undefined) throw noSuchLetter(lost);
  return done === letters.length ? EXIT_CODES.ok : EXIT_CODES.failed;
}

function noteUnread(unread: number, terminal: Terminal): void {
  if (unread === 0) return;
  terminal.note(
    `About ${formatCount(unread)} more could not be looked at: beyond --limit, or held by another reader at this moment.`,
  );
}

function noSuchLetter(id: string): CliError {
  return new CliError(`there is no dead letter whose id begins with ${JSON.stringify(id)}`, {
    exitCode: EXIT_CODES.failed,
    code: 'no-such-letter',
    hint: 'wordfreq dlq list shows what there is; another reader may hold it for a moment.',
  });
}
