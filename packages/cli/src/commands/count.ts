import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import {
  type Command,
  type CommandContext,
  type CommonValues,
  defineCommand,
} from '../command-line/command.ts';
import { choice, flag, short, text, wholeNumber } from '../command-line/option.ts';
import { countEach, NOT_TEXT } from '../counting/count-texts.ts';
import { COUNTING_OPTIONS, type CountingOptions } from '../counting/counting-options.ts';
import { type Skipped, skippedLine } from '../counting/found-texts.ts';
import { textInputs } from '../counting/text-inputs.ts';
import {
  formatReports,
  REPORT_FORMATS,
  type ReportFormat,
  Together,
  type WordReport,
  wordReport,
} from '../counting/word-reports.ts';
import { CliError, EXIT_CODES, noteError } from '../errors.ts';
import { formatCount, formatNumberOf } from '../terminal/format.ts';
import { escapeLines, fileTerminal, type Line, type Terminal } from '../terminal/terminal.ts';
import { whyUnwritable, writeFileAtomically } from '../terminal/write-file.ts';

/** `wordfreq count`. */
export const countCommand: Command = defineCommand({
  description:
    'Text is UTF-8, or what a byte order mark, --encoding or the content type of an object says; for other texts the encoding is guessed from the first 64 KiB, and named. gzip and zstd are decompressed, whatever the name. Tables show control and bidirectional ' +
    'characters as code points; CSV puts an apostrophe before words that a spreadsheet would take for formulas. Several texts are counted ' +
    'together, but no word or n-gram continues from one into the next. In folders, hidden files, links, what .ignore names, what .gitignore ' +
    'names in a git repository, and what is not text are skipped, and summed up on standard error. What cannot be read makes the exit code 3, ' +
    'and the rest is counted.',
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
      text(
        'file',
        'write to this file, completely or not at all; .csv, .tsv, .json and .ndjson name the format',
        {
          completes: 'files',
        },
      ),
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
      line: "wordfreq count -g '*.txt' -g '!old/' texts",
      summary: 'of a folder, only some files',
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
export interface CountTextsOptions extends CountingOptions, Pick<CommonValues, 'debug' | 'json'> {
  /** How many words; 0 for all. */
  readonly top: number;
  readonly format: ReportFormat;
  /** Each text by itself, instead of all together. */
  readonly perFile: boolean;
  /** A file instead of standard output. */
  readonly output: string | undefined;
}

/**
 * `wordfreq count`: counts the words of files, folders, objects or standard input. Returns the exit code: 3
 * if something cannot be read, while the rest is counted.
 *
 * @throws CliError, exit code 3: the output cannot be written; 2: a list of stop words is missing
 */
export async function countTexts(
  args: readonly string[],
  options: CountTextsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal } = context;
  const { inputs, ...found } = await textInputs(args, { ...context, options });
  const problems = [...found.problems];
  const reports: WordReport[] = [];
  const together = new Together();
  let counted = 0;
  let binary = 0;
  const guessed: string[] = [];
  const likely: string[] = [];
  await countEach(
    inputs,
    options,
    context,
    ({ name }, counts) => {
      counted += 1;
      const { encoding } = counts;
      if (encoding?.foundBy === 'detected') guessed.push(`${escapeText(name)} as ${encoding.name}`);
      if (encoding?.likely !== undefined) likely.push(`${escapeText(name)}, perhaps ${encoding.likely}`);
      if (options.perFile) reports.push(wordReport(counts, options.top, { name }));
      else together.add(name, counts);
    },
    {
      skip: () => {
        binary += 1;
      },
      fail: (problem) => problems.push(problem),
    },
  );
  signal.throwIfAborted();
  if (counted + problems.length === 0) problems.push(nothingButBinary(binary));
  const exitCode = noteNotCounted(problems, { ...found.skipped, binary }, options, terminal);
  if (!options.perFile) reports.push(together.report(options.top, inputs.length === 1));
  if (counted > 0) await print(reports, options, context);
  // Reports on a single text, or on each by itself, already name its encoding.
  const isReported = /^(table|json|ndjson)$/.test(options.format) && (options.perFile || inputs.length === 1);
  if (!isReported) {
    noteGuesses('encoding guessed:', guessed, terminal);
    noteGuesses('not UTF-8 (see --encoding):', likely, terminal);
  }
  return exitCode;
}

/** More guesses than this are summed up. */
const MAX_GUESSES = 5;

function noteGuesses(what: string, guessed: readonly string[], terminal: Terminal): void {
  if (guessed.length === 0) return;
  const more = guessed.length - MAX_GUESSES;
  const shown = guessed.slice(0, MAX_GUESSES).join('; ');
  const rest = more > 0 ? `; and ${formatNumberOf(more, 'other')}, which --per-file --json names` : '';
  terminal.note(`wordfreq: ${what} ${shown}${rest}`);
}

function nothingButBinary(files: number): CliError {
  return new CliError(
    files === 1 ? 'the only file is not text' : `none of ${formatCount(files)} files is text`,
    {
      exitCode: EXIT_CODES.environment,
      code: NOT_TEXT,
      hint: 'Name others, or count them anyway with --text.',
    },
  );
}

/** Notes what was not counted; what cannot be read makes the exit code that of its error. */
function noteNotCounted(
  problems: readonly unknown[],
  skipped: Skipped,
  options: CountTextsOptions,
  terminal: Terminal,
): number {
  let exitCode: number = EXIT_CODES.ok;
  for (const problem of problems) exitCode = noteError(problem, options, terminal.note);
  const line = skippedLine(skipped);
  if (line !== undefined) terminal.note(`wordfreq: ${line}`);
  return exitCode;
}

async function print(
  reports: readonly WordReport[],
  options: CountTextsOptions,
  context: CommandContext,
): Promise<void> {
  const { output } = options;
  const { terminal } = context;
  if (output === undefined) await terminal.write(formatReports(reports, options, terminal));
  else await writeReports(output, formatReports(reports, options, fileTerminal(terminal)), context);
}

async function writeReports(
  path: string,
  lines: Iterable<Line>,
  { terminal: { language }, signal }: CommandContext,
): Promise<void> {
  try {
    await writeFileAtomically(path, escapeLines(lines, { language, styled: false }), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError(`${path} cannot be written: ${whyUnwritable(cause)}`, {
      exitCode: EXIT_CODES.environment,
      code: 'unwritable',
      hint: 'Choose another file with --output.',
      cause,
    });
  }
}
