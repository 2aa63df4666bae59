import { escapeField, escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import { mergeCounts, type WordCounts } from '@org/wordfreq-core';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { choice, flag, short, text, wholeNumber } from '../command-line/option.ts';
import { COUNTING_OPTIONS, type CountingOptions, countEach } from '../counting/count-texts.ts';
import { textInputs } from '../counting/text-inputs.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { csvField } from '../terminal/csv-field.ts';
import { escapeLines } from '../terminal/escape-line.ts';
import { formatBytes, formatCount } from '../terminal/format.ts';
import { fitText, padText, textWidth } from '../terminal/layout.ts';
import { fileTerminal, type Terminal } from '../terminal/terminal.ts';
import { writeFileAtomically } from '../terminal/write-file.ts';

/** The forms in which counts are printed, the default first. */
export const REPORT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `wordfreq count`. */
export const countCommand: Command = defineCommand({
  description:
    'Text is UTF-8 (or UTF-16 with a byte order mark); gzip and zstd are decompressed, whatever the name. Tables show control and bidirectional ' +
    'characters as code points; CSV puts an apostrophe before words that a spreadsheet would take for formulas. Several texts are counted ' +
    'together, but no word or n-gram continues from one into the next.',
  arguments: [
    {
      name: 'files',
      summary:
        'files, folders, patterns, s3://bucket/key, s3://bucket/prefix/; - or nothing for standard input',
      variadic: true,
      optional: true,
      completes: 'files',
    },
  ],
  options: {
    top: short(
      'n',
      wholeNumber('number', 'how many words; 0 for all', { min: 0, max: 1_000_000_000, default: 10 }),
    ),
    format: choice('name', 'how to print; --json is short for json', REPORT_FORMATS),
    perFile: flag('report each file by itself, instead of all together'),
    output: short(
      'o',
      text('file', 'write to this file, completely or not at all, instead of to standard output', {
        completes: 'files',
      }),
    ),
    ...COUNTING_OPTIONS,
  },
  examples: [
    { line: 'wordfreq count book.txt', summary: 'the ten most frequent words, as a table' },
    {
      line: 'wordfreq count --stop-words en --min-length 3 book.txt',
      summary: 'without stop words and short words',
    },
    { line: 'wordfreq count --top 3 --json texts/', summary: 'a folder’s texts together, for a program' },
    {
      line: 'wordfreq count --per-file --format csv texts/*.txt',
      summary: 'each file’s words, for a spreadsheet',
    },
    {
      line: 'cat book.txt | wordfreq count --format tsv --top 0 | head',
      summary: 'all words, most frequent first',
    },
    {
      line: 'wordfreq count --ngrams 2 s3://bucket/texts/',
      summary: 'pairs of words in all objects below a prefix',
    },
  ],
  async run(args, options, context) {
    return countTexts(args, options, context);
  },
});

/** The options of `wordfreq count`, as the command line gives them. */
export interface CountTextsOptions extends CountingOptions {
  /** How many words; 0 for all. */
  readonly top: number;
  readonly format: ReportFormat;
  /** Each text by itself, instead of all together. */
  readonly perFile: boolean;
  /** A file instead of standard output. */
  readonly output: string | undefined;
}

/**
 * `wordfreq count`: counts the words of files, folders, objects or standard input. Returns the exit code.
 *
 * @throws CliError, exit code 3: a file is missing or cannot be read; 2: a list of stop words is
 */
export async function countTexts(
  args: readonly string[],
  options: CountTextsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal } = context;
  const inputs = await textInputs(args, { ...context, options });
  const reports: WordReport[] = [];
  const together = new Merging();
  const sum = (counts: WordCounts, name?: string): WordReport => wordReport(counts, options.top, name);
  await countEach(inputs, options, context, ({ name }, counts) => {
    if (options.perFile) reports.push(sum(counts, name));
    else together.add(counts);
  });
  if (!options.perFile)
    reports.push(sum(together.merged(), inputs.length === 1 ? inputs[0]?.name : undefined));
  signal.throwIfAborted();
  const { output } = options;
  if (output === undefined) await terminal.write(formatReports(reports, options, terminal));
  else await writeReports(output, formatReports(reports, options, fileTerminal(terminal)), context);
  return EXIT_CODES.ok;
}

async function writeReports(
  path: string,
  lines: Iterable<string>,
  { terminal: { language }, signal }: CommandContext,
): Promise<void> {
  try {
    await writeFileAtomically(path, escapeLines(lines, { language, styled: false }), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, {
      exitCode: EXIT_CODES.environment,
      code: 'unwritable',
      hint: 'Choose another file with --output.',
      cause,
    });
  }
}

/** How many counts are held before they are merged: memory grows with the words, not with the files. */
const MERGE_AT = 64;

/** Adds up counts of many texts. */
class Merging {
  #parts: WordCounts[] = [];

  add(counts: WordCounts): void {
    this.#parts.push(counts);
    if (this.#parts.length >= MERGE_AT) this.#parts = [mergeCounts(this.#parts)];
  }

  merged(): WordCounts {
    const [only, ...more] = this.#parts;
    return only !== undefined && more.length === 0 ? only : mergeCounts(this.#parts);
  }
}

/** What is known of one text, or of several together. */
export interface WordReport {
  /** A path, `-`, or absent for several texts together. */
  readonly name?: string;
  readonly totalBytes: number;
  readonly totalWords: number;
  readonly distinctWords: number;
  readonly warnings: WordCounts['warnings'];
  readonly top: ReturnType<WordCounts['top']>;
}

/** Sums up counts; `top` of 0 stands for every word. */
export function wordReport(counts: WordCounts, top: number, name?: string): WordReport {
  return {
    ...(name === undefined ? {} : { name }),
    totalBytes: counts.totalBytes,
    totalWords: counts.totalWords,
    distinctWords: counts.distinctWords,
    warnings: counts.warnings,
    top: counts.top(top === 0 ? counts.distinctWords : top),
  };
}

/** Renders reports, one line of output per item. CSV and TSV name the file only when they are `perFile`. */
export function* formatReports(
  reports: readonly WordReport[],
  { format, perFile }: { readonly format: ReportFormat; readonly perFile: boolean },
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      yield* json(reports);
      break;
    case 'ndjson':
      for (const report of reports) yield escapeJson(report);
      break;
    case 'csv':
      yield* separated(reports, perFile, ',', (text) => csvField(escapeField(text)));
      break;
    case 'tsv':
      yield* separated(reports, perFile, '\t', escapeField);
      break;
    case 'table':
      for (const report of reports) yield* table(report, terminal);
  }
}

/** One object for one report, else an array; a word per line, because all of them may not fit in one text. */
function* json(reports: readonly WordReport[]): Iterable<string> {
  if (reports.length !== 1) yield '[';
  for (const [index, { top, ...facts }] of reports.entries()) {
    const lines = escapeJson(facts, 2).split('\n').slice(0, -1);
    yield* lines.slice(0, -1);
    yield `${lines.at(-1)},`;
    yield '  "top": [';
    for (const [at, word] of top.entries())
      yield `    ${escapeJson(word)}${at === top.length - 1 ? '' : ','}`;
    yield '  ]';
    yield index === reports.length - 1 ? '}' : '},';
  }
  if (reports.length !== 1) yield ']';
}

function* separated(
  reports: readonly WordReport[],
  isNamed: boolean,
  separator: string,
  field: (text: string) => string,
): Iterable<string> {
  yield [...(isNamed ? ['file'] : []), 'word', 'count'].join(separator);
  for (const { name = '', top } of reports) {
    const start = isNamed ? field(name) + separator : '';
    for (const { word, count } of top) yield `${start}${field(word)}${separator}${count}`;
  }
}

const MAX_WORD_COLUMNS = 30;
const MAX_BAR_COLUMNS = 40;

function* table(report: WordReport, terminal: Terminal): Iterable<string> {
  if (report.name !== undefined) yield terminal.strong(fitText(escapeText(report.name), terminal.columns));
  const highest = report.top[0]?.count ?? 0;
  const countColumns = Math.max(5, formatCount(highest).length);
  const most = Math.min(MAX_WORD_COLUMNS, terminal.columns - countColumns - 10);
  const wordColumns = report.top.reduce(
    (widest, { word }) => (widest >= most ? most : Math.max(widest, textWidth(escapeText(word)))),
    4,
  );
  const columns = Math.min(most, wordColumns);
  const barColumns = Math.min(MAX_BAR_COLUMNS, terminal.columns - columns - countColumns - 4);
  for (const { word, count } of report.top) {
    const bar = '█'.repeat(Math.max(1, Math.round((count / highest) * barColumns)));
    yield `${padText(escapeText(word), columns)}  ${formatCount(count).padStart(countColumns)}  ${terminal.faint(bar)}`;
  }
  for (const note of notesOf(report)) yield terminal.faint(fitText(note, terminal.columns));
}

function notesOf({ totalWords, distinctWords, totalBytes, warnings }: WordReport): readonly string[] {
  return [
    `${formatCount(totalWords)} ${totalWords === 1 ? 'word' : 'words'}, ${formatCount(distinctWords)} different, ${formatBytes(totalBytes)}`,
    ...warnings.map(
      ({ code, count, firstOffset }) =>
        `${code} ×${formatCount(count)} from byte ${formatCount(firstOffset)}`,
    ),
  ];
}
