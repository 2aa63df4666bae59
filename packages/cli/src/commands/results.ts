import type { ResultEntry } from '@org/wordfreq-aws-adapters/ports';
import {
  CostSums,
  costUsd,
  csvField,
  escapeText,
  OUTCOMES,
  PRICES_OF,
  packCost,
} from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { beginningOf, choice, flag, short, text, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from '../pipeline/cloud.ts';
import { bucketOption, objectArgument, resourceOptions } from '../pipeline/resource-names.ts';
import {
  costText,
  otherWarnings,
  printResultView,
  type ResultView,
  resultView,
  resultViewLine,
} from '../pipeline/result-view.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import {
  formatBytes,
  formatCount,
  formatMoment,
  formatNumberOf,
  formatUsd,
  textTable,
} from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** How results are printed. */
const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;

/** `wordfreq results`. */
export const resultsCommand: Command = defineCommand({
  description:
    'With a key: its newest result, with its words. Without a key: the newest results of all keys, from the index; with --prefix or ' +
    '--outcome it reads on until it has found enough. --all prints every result of the table, in no particular order, and says first what it reads.',
  arguments: [{ name: 'key', summary: 'a key, or s3://bucket/key', optional: true }],
  options: {
    bucket: bucketOption('processingBucket'),
    history: flag('every version of the key, not only the newest'),
    all: flag('every result of the table, one after the other'),
    limit: short(
      'n',
      wholeNumber('number', 'how many results without a key', { min: 1, max: 100_000, default: 20 }),
    ),
    prefix: text('text', 'only keys that start with this'),
    outcome: beginningOf('outcome', 'only results whose outcome starts with this, such as failed', OUTCOMES),
    top: wholeNumber('number', 'how many words of each; 0 for all that were kept', {
      min: 0,
      max: 10_000,
      default: 10,
    }),
    cost: flag('what each cost its worker, and the sums by day and by first folder'),
    format: choice('name', 'how to print; --json is the same as json', FORMATS),
    ...resourceOptions('resultsTable'),
  },
  examples: [
    { line: 'wordfreq results', summary: 'the twenty newest results' },
    {
      line: 'wordfreq results book.txt --top 0 --format csv',
      summary: 'all words of a file, for a spreadsheet',
    },
    {
      line: 'wordfreq results --all --format ndjson > results.ndjson',
      summary: 'everything, in constant memory',
    },
    {
      line: 'wordfreq results --all --cost',
      summary: 'what all results cost, by day and by the first folder of their keys',
    },
    { line: 'wordfreq results --outcome failed --json', summary: 'what failed lately, for a program' },
  ],
  failure: 'the key has no result',
  async run([key], options, context) {
    return runResults(key, options, context);
  },
});

/** The options of `wordfreq results`. */
interface RunResultsOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly history: boolean;
  readonly all: boolean;
  readonly limit: number;
  readonly prefix?: string | undefined;
  readonly outcome?: string | undefined;
  /** 0 for all. */
  readonly top: number;
  /** Also print what results cost. */
  readonly cost: boolean;
  readonly format: 'table' | 'json' | 'ndjson' | 'csv';
}

/**
 * `wordfreq results`: prints results. Returns the exit code.
 *
 * @throws CliError, exit code 1 if the key has no result, 2 if a name is missing, 3 if AWS refuses
 */
async function runResults(
  argument: string | undefined,
  options: RunResultsOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const named = { ...options, processingBucket: options.bucket };
  await withCloud(
    named,
    environment,
    async (cloud) => {
      if (argument !== undefined)
        return terminal.write(linesOfKey(await resultsOf(cloud, argument, options), options, terminal));
      if (options.all) return printAll(cloud, options, { terminal, signal });
      const { views, more } = await newestResults(cloud, options, signal);
      signal.throwIfAborted();
      await terminal.write(linesOfMany(views, options, terminal));
      if (more && options.format === 'table')
        terminal.note(
          `There are more than these ${formatCount(views.length)}: --limit shows more, --all every one.`,
        );
    },
    { processingBucket: '--bucket' },
  );
  signal.throwIfAborted();
  return EXIT_CODES.ok;
}

async function resultsOf(
  cloud: Cloud,
  argument: string,
  { history, top }: RunResultsOptions,
): Promise<readonly ResultView[]> {
  const { key, bucket = cloud.names.get('processingBucket') } = objectArgument(argument);
  const newest = history ? undefined : await cloud.results.latest(bucket, key);
  const found = history ? await cloud.results.history(bucket, key) : newest === undefined ? [] : [newest];
  if (found.length > 0) return found.map((result) => resultView(result, top));
  throw new CliError(`${key} of bucket ${bucket} has no result`, {
    exitCode: EXIT_CODES.failed,
    code: 'no-result',
    hint: `Run wordfreq explain with the same key: it says where the file is.`,
  });
}

/** How many records are read in one request. */
const BATCH = 100;

/** What is wanted is decided by the index alone; only the records of what is printed are read. */
async function newestResults(
  { results }: Cloud,
  { limit, prefix = '', outcome = '', top }: RunResultsOptions,
  signal: AbortSignal,
): Promise<{ readonly views: readonly ResultView[]; readonly more: boolean }> {
  const wanted: ResultEntry[] = [];
  let more = false;
  const filters = prefix !== '' || outcome !== '';
  for await (const entry of results.newest({ signal, expected: (filters ? 10 * limit : limit) + 1 })) {
    if (!entry.key.startsWith(prefix) || !entry.outcome.startsWith(outcome)) continue;
    more = wanted.length === limit;
    if (more) break;
    wanted.push(entry);
  }
  const views: ResultView[] = [];
  for (let start = 0; start < wanted.length; start += BATCH)
    for (const record of await results.records(wanted.slice(start, start + BATCH), { signal }))
      if (record !== undefined) views.push(resultView(record, top));
  return { views, more };
}

/** Prints every result as it is read. */
async function printAll(
  cloud: Cloud,
  options: RunResultsOptions,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): Promise<void> {
  const { prefix = '', outcome = '', top, format } = options;
  const { sizeOf } = await import('../pipeline/results-table.ts');
  const table = cloud.names.get('resultsTable');
  terminal.note(
    `Reading the whole table ${escapeText(table)}: ${await sizeOf(cloud.clients.dynamodb, table)}.`,
  );
  if (format === 'csv') await terminal.write([CSV_COLUMNS.join(',')]);
  const costs = new CostSums();
  let before = '[';
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    await terminal.write(lines);
    lines = [];
  };
  for await (const record of cloud.results.list({ signal })) {
    if (!record.object.key.startsWith(prefix) || !record.outcome.startsWith(outcome)) continue;
    const view = resultView(record, top);
    costs.add(view);
    if (format === 'csv') lines.push(csvOf(view));
    else if (format === 'table')
      lines.push(`${resultViewLine(view, terminal)}${options.cost ? `  ${costOf(view)}` : ''}`);
    else lines.push(`${format === 'json' ? before : ''}${JSON.stringify(view)}`);
    before = ',';
    if (lines.length >= BATCH) await flush();
  }
  if (format === 'json') lines.push(before === '[' ? '[]' : ']');
  if (format === 'table' && options.cost) lines.push(...costLines(costs, terminal));
  await flush();
}

function* linesOfKey(
  views: readonly ResultView[],
  { format, history, cost }: RunResultsOptions,
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      yield JSON.stringify(history ? views : views[0], undefined, 2);
      return;
    case 'ndjson':
      for (const view of views) yield JSON.stringify(view);
      return;
    case 'csv':
      yield 'key,version,word,count';
      for (const { key, version, top } of views) {
        for (const { word, count } of top) yield [key, version, word, String(count)].map(csvField).join(',');
      }
      return;
    case 'table':
      for (const view of views) {
        yield* printed((target) => printResultView(view, target), terminal);
        if (cost) yield `    ${terminal.faint(costText(view.cost))}`;
      }
  }
}

function* linesOfMany(
  views: readonly ResultView[],
  { format, cost }: RunResultsOptions,
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      yield JSON.stringify(views, undefined, 2);
      return;
    case 'ndjson':
      for (const view of views) yield JSON.stringify(view);
      return;
    case 'csv':
      yield CSV_COLUMNS.join(',');
      for (const view of views) yield csvOf(view);
      return;
    case 'table': {
      yield* views.length === 0 ? ['No results.'] : tableOf(views, cost, terminal);
      if (!cost) return;
      const costs = new CostSums();
      for (const view of views) costs.add(view);
      yield* costLines(costs, terminal);
    }
  }
}

/** The columns of CSV; public contract. */
const CSV_COLUMNS = [
  'finishedAt',
  'bucket',
  'key',
  'version',
  'outcome',
  'words',
  'distinctWords',
  'bytes',
  'durationMs',
  'attempt',
  'worker',
] as const satisfies readonly (keyof ResultView)[];

function csvOf(view: ResultView): string {
  return CSV_COLUMNS.map((name) => csvField(String(view[name]))).join(',');
}

/** The sums by day and by first folder. */
function costLines({ sums }: CostSums, terminal: Terminal): readonly string[] {
  const { days, prefixes, notCounted } = sums;
  const rows = [
    ...days.map(([day, cost]) => [day, cost] as const),
    ...prefixes.map(([prefix, cost]) => [prefix === '' ? 'keys without a folder' : prefix, cost] as const),
  ].map(([name, cost]) => [name, formatUsd(costUsd(cost)), packCost(cost)]);
  const titles = [
    { title: 'SUM', flexible: true },
    { title: 'USD', right: true },
    { title: 'REQUESTS AND TIME', leaves: 1 },
  ];
  return [
    '',
    ...(rows.length === 0 ? [] : textTable(titles, rows, terminal.columns)),
    ...(notCounted === 0
      ? []
      : [`${formatNumberOf(notCounted, 'result')} without a cost: it was not measured.`]),
    terminal.faint(`${ESTIMATE} of ${PRICES_OF}, without storage, logs, copies and idle tasks.`),
  ];
}

const ESTIMATE = 'Estimated by list prices';

function costOf({ cost }: ResultView): string {
  return cost === undefined ? '–' : formatUsd(cost.usd);
}

function tableOf(views: readonly ResultView[], cost: boolean, terminal: Terminal): readonly string[] {
  return textTable(
    [
      { title: 'FINISHED', leaves: 2 },
      { title: 'KEY', flexible: true },
      { title: 'OUTCOME', flexible: true },
      { title: 'WORDS', right: true },
      { title: 'SIZE', right: true, leaves: 1 },
      ...(cost ? [{ title: 'USD', right: true }] : []),
    ],
    views.map((view) => [
      formatMoment(view.finishedAt),
      view.key,
      outcomeOf(view),
      formatCount(view.words),
      formatBytes(view.bytes),
      ...(cost ? [costOf(view)] : []),
    ]),
    terminal.columns,
  );
}

/** With the mark of broken words, and the codes of what else was noticed about a text that was counted. */
function outcomeOf(view: ResultView): string {
  const mark = view.encodingProblem === undefined ? '' : '! ';
  return mark + [view.outcome, ...otherWarnings(view).map(({ code }) => code)].join(', ');
}

/** What is printed to a terminal, as lines. */
function printed(print: (terminal: Terminal) => void, terminal: Terminal): readonly string[] {
  const lines: string[] = [];
  print({ ...terminal, columns: terminal.columns, line: (text = '') => void lines.push(text) });
  return lines;
}
