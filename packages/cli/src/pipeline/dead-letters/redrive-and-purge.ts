import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { CommandContext } from '../../command-line/command.ts';
import { CliError, EXIT_CODES } from '../../errors.ts';
import { formatCount, formatMoment, formatNumberOf, textTable } from '../../terminal/format.ts';
import { confirm, type Terminal } from '../../terminal/terminal.ts';
import type { Cloud } from '../cloud.ts';
import { bucketOfCopiedUploads } from '../resource-names.ts';
import { wrapText } from '../result-view.ts';
import { type OpenCloudOptions, withCloud } from '../with-cloud.ts';
import {
  type DeadLetterView,
  deadLetterPlaces,
  type FoundLetter,
  type FoundLetters,
  listDeadLetters,
  purgeDeadLetters,
  redriveDeadLetters,
  sendHome,
} from './dead-letters.ts';
import { type RedriveEnd, redriveEndLines, waitForRedrive } from './wait-for-redrive.ts';

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
interface DlqActionOptions extends DlqFilterOptions {
  readonly dryRun: boolean;
}

/** How letters are sent back. */
interface DlqRedriveOptions extends DlqActionOptions {
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** `wordfreq dlq redrive`: sends dead letters back, and waits for them if asked to. Returns the exit code. */
export function runDlqRedrive(
  ids: readonly string[],
  options: DlqRedriveOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  return withCloud(options, environment, async (cloud) => {
    const found = await findLetters(cloud, ids, options);
    signal.throwIfAborted();
    if (options.dryRun) return rehearse('redriven', found, { ids, options, terminal });
    const wait = options.wait ? await prepareToWait(cloud, found, options, signal) : undefined;
    const done = await forEachQueue(found, (queueUrl, chosen) => {
      const isOfUploads = chosen[0]?.place.name === 'uploads';
      const uploads = (): ReturnType<Cloud['sender']> => cloud.sender(cloud.names.get('uploadsQueueUrl'));
      const to = isOfUploads
        ? uploads()
        : sendHome({
            jobs: cloud.sender(cloud.names.get('jobsQueueUrl')),
            uploads,
            uploadingBucket: bucketOfCopiedUploads(cloud.names),
          });
      return redriveDeadLetters({ from: cloud.queue(queueUrl), ids: idsOf(chosen), signal }, to);
    });
    const ends = await wait?.();
    const exitCode = report('redriven', done, found, { ids, options, terminal, ends });
    if (ends === undefined && done > 0 && !options.json) {
      terminal.note('With --wait, redrive says how they end; wordfreq dlq list shows those that fail again.');
    }
    signal.throwIfAborted();
    return exitCode;
  });
}

/** Remembers what there is before letters are sent back, and returns what waits for them. */
async function prepareToWait(
  cloud: Cloud,
  { letters }: FoundLetters,
  { limit, timeout }: DlqRedriveOptions,
  signal: AbortSignal,
): Promise<() => Promise<readonly RedriveEnd[]>> {
  const processingBucket = cloud.names.get('processingBucket');
  cloud.names.get('resultsTable');
  const look = async (): Promise<readonly FoundLetter[]> =>
    (await findLetters(cloud, [], { limit, reason: [], json: false })).letters;
  const known = new Set(idsOf(await look()));
  const startedAt = systemClock.now();
  const { results } = cloud;
  const how = { results, processingBucket, timeoutMs: timeout, clock: systemClock, signal };
  return () => waitForRedrive({ ...how, letters, known, startedAt, look });
}

/** `wordfreq dlq purge`: deletes dead letters for good. Returns the exit code. */
export function runDlqPurge(
  ids: readonly string[],
  options: DlqActionOptions & { readonly yes: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal, signal, environment } = context;
  return withCloud(options, environment, async (cloud) => {
    const found = await findLetters(cloud, ids, options);
    signal.throwIfAborted();
    if (options.dryRun) return rehearse('purged', found, { ids, options, terminal });
    const count = found.letters.length;
    if (count > 0 && !options.yes) {
      const question = `Delete ${formatNumberOf(count, 'dead letter')} for good?`;
      if (!(await confirm(question, context))) return EXIT_CODES.failed;
    }
    const done = await forEachQueue(found, (queueUrl, chosen) =>
      purgeDeadLetters({ from: cloud.queue(queueUrl), ids: idsOf(chosen), signal }),
    );
    return report('purged', done, found, { ids, options, terminal });
  });
}

/** The dead letters that options and ids choose. */
export async function findLetters(
  cloud: Cloud,
  ids: readonly string[],
  { limit, reason, prefix }: DlqFilterOptions,
): Promise<FoundLetters> {
  const filter = { limit, ids, reasons: reason, keyPrefix: prefix };
  const found = await listDeadLetters(cloud, deadLetterPlaces(cloud.names), filter);
  // Fails before any message says that something was done.
  if (found.letters.length === 0) requireEach(ids, []);
  return found;
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

const NOTHING = 'No dead letters.';

type Deed = 'redriven' | 'purged';
const WORDS: Readonly<Record<Deed, string>> = { redriven: 'sent back', purged: 'deleted' };

interface Reporting {
  readonly ids: readonly string[];
  readonly options: DlqActionOptions;
  readonly terminal: Terminal;
  readonly ends?: readonly RedriveEnd[] | undefined;
}

function rehearse(deed: Deed, found: FoundLetters, { ids, options, terminal }: Reporting): number {
  const { letters, unread } = found;
  if (options.json) {
    const views = letters.map(({ view }) => view);
    terminal.line(JSON.stringify({ [deed]: 0, dryRun: true, letters: views, unread }, undefined, 2));
  } else {
    for (const line of letterTable(letters, terminal)) terminal.line(line);
    if (letters.length > 0) terminal.line(`${formatCount(letters.length)} would be ${WORDS[deed]}.`);
    noteUnread(unread, terminal);
  }
  requireEach(ids, letters);
  return EXIT_CODES.ok;
}

/** @throws CliError, exit code 1: no dead letter has one of the ids */
function requireEach(ids: readonly string[], letters: readonly FoundLetter[]): void {
  const lost = ids.find((id) => !letters.some(({ view }) => view.id.startsWith(id)));
  if (lost !== undefined) throw noSuchLetter(lost);
}

function report(deed: Deed, done: number, { letters, unread }: FoundLetters, how: Reporting): number {
  const { ids, options, terminal, ends } = how;
  const views = letters.map(({ view }) => view);
  if (options.json) {
    const facts = { [deed]: done, dryRun: false, letters: views, unread };
    terminal.line(JSON.stringify(ends === undefined ? facts : { ...facts, ends }, undefined, 2));
  } else {
    const all = formatCount(letters.length);
    terminal.line(letters.length === 0 ? NOTHING : `${formatCount(done)} of ${all} ${WORDS[deed]}.`);
    for (const line of redriveEndLines(ends ?? [], terminal)) terminal.line(line);
    noteUnread(unread, terminal);
  }
  requireEach(ids, letters);
  const isWell = done === letters.length && (ends ?? []).every(({ state }) => state === 'done');
  return isWell ? EXIT_CODES.ok : EXIT_CODES.failed;
}

/** Says how many could not be looked at. */
export function noteUnread(unread: number, terminal: Terminal): void {
  if (unread === 0) return;
  terminal.note(
    `About ${formatCount(unread)} more could not be looked at: beyond --limit, or held by another reader at this moment.`,
  );
}

/** No dead letter has this id. */
export function noSuchLetter(id: string): CliError {
  return new CliError(`there is no dead letter whose id begins with ${JSON.stringify(id)}`, {
    exitCode: EXIT_CODES.failed,
    code: 'no-such-letter',
    hint: 'wordfreq dlq list shows what there is; another reader may hold it for a moment.',
  });
}

/** Enough of an id to tell letters apart. */
const SHORT_ID = 8;

/** Dead letters as a table, and below it what each reason means and what to do. */
export function letterTable(letters: readonly FoundLetter[], terminal: Terminal): readonly string[] {
  if (letters.length === 0) return [NOTHING];
  const views = letters.map(({ view }) => view);
  const table = textTable(
    [
      { title: 'ID' },
      { title: 'SINCE', leaves: 2 },
      { title: 'REASON', flexible: true },
      { title: 'KEY', flexible: true },
      { title: 'QUEUE', leaves: 1 },
    ],
    views.map(({ id, at = '', code, key = '', queue }) => [
      id.slice(0, SHORT_ID),
      at === '' ? '' : formatMoment(at),
      code,
      key,
      queue,
    ]),
    terminal.columns,
  );
  return [...table, '', ...reasonLines(views, terminal)];
}

function reasonLines(views: readonly DeadLetterView[], terminal: Terminal): readonly string[] {
  const byCode = new Map(views.map((view) => [view.code, view]));
  return [...byCode.values()].flatMap(({ code, meaning, hint }) =>
    wrapText(`${code}: ${meaning} ${hint ?? ''}`.trimEnd(), terminal.columns - 2).map((line, index) =>
      terminal.faint(index === 0 ? line : `  ${line}`),
    ),
  );
}
