import { csvField, escapeField, escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import { mergeCounts, type WordCounts } from '@org/wordfreq-core';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { choice, short, wholeNumber } from '../command-line/option.ts';
import { countEach } from '../counting/count-texts.ts';
import { COUNTING_OPTIONS, type CountingOptions } from '../counting/counting-options.ts';
import { skippedLine } from '../counting/found-texts.ts';
import { textInputs } from '../counting/text-inputs.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { fitText, formatCount, formatNumberOf, padText, textWidth, wrapItems } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq compare`. */
export const compareCommand: Command = defineCommand({
  description:
    'Words are ranked by the log-likelihood ratio G² (Dunning 1993; Rayson & Garside 2000): how certain it is that the texts use them ' +
    'differently. The log ratio (Hardie 2014) says how much: +1 means twice as often in the first text, −1 in the second.',
  arguments: [
    {
      name: 'a',
      summary: 'a file, folder, pattern, s3://bucket/key or s3://bucket/prefix/; - for standard input',
      completes: 'files',
    },
    { name: 'b', summary: 'what to compare it with', completes: 'files' },
  ],
  options: {
    top: short(
      'n',
      wholeNumber('number', 'how many words; 0 for all', { min: 0, max: 1_000_000_000, default: 20 }),
    ),
    format: choice('name', 'how to print; --json is short for json', ['table', 'json', 'csv', 'tsv']),
    ...COUNTING_OPTIONS,
  },
  examples: [
    { line: 'wordfreq compare mine.txt theirs.txt', summary: 'the words in which they differ most' },
    { line: 'wordfreq compare --stop-words en old/ new/', summary: 'two folders, without words like “the”' },
    { line: 'wordfreq compare --json - book.txt < mine.txt', summary: 'standard input, for a program' },
  ],
  run: compareTexts,
});

/** The options of `wordfreq compare`, as the command line gives them. */
interface CompareTextsOptions extends CountingOptions {
  readonly top: number;
  readonly format: 'table' | 'json' | 'csv' | 'tsv';
}

/** One of two texts. */
interface Side {
  readonly name: string;
  readonly counts: WordCounts;
}

/**
 * `wordfreq compare`: which words two texts use most differently. Returns the exit code.
 *
 * @throws CliError, exit code 2: both are standard input; 3: a file is missing or cannot be read
 */
async function compareTexts(
  [first = '', second = '']: readonly string[],
  options: CompareTextsOptions,
  context: CommandContext,
): Promise<number> {
  if (first === '-' && second === '-') {
    throw new CliError('both texts are standard input', {
      exitCode: EXIT_CODES.usage,
      code: 'usage-two-inputs',
      hint: 'Give a file, a folder or an object for one of them.',
    });
  }
  const sides = [await side(first, options, context), await side(second, options, context)] as const;
  const all = wordDifferences(sides[0].counts, sides[1].counts);
  const shown = options.top === 0 ? all : all.slice(0, options.top);
  context.signal.throwIfAborted();
  await context.terminal.write(render(options.format, sides, shown, context.terminal));
  return EXIT_CODES.ok;
}

async function side(name: string, options: CompareTextsOptions, context: CommandContext): Promise<Side> {
  const { inputs, problems, skipped } = await textInputs([name], { ...context, options });
  // Half a side would be compared wrongly.
  for (const problem of problems) throw problem;
  const parts: WordCounts[] = [];
  let binary = 0;
  await countEach(inputs, options, context, (_, counts) => parts.push(counts), {
    skip: () => {
      binary += 1;
    },
    fail(problem) {
      throw problem;
    },
  });
  const line = skippedLine({ ...skipped, binary });
  if (line !== undefined) context.terminal.note(`wordfreq: ${escapeText(name)}: ${line}`);
  const [only, ...more] = parts;
  return { name, counts: only !== undefined && more.length === 0 ? only : mergeCounts(parts) };
}

function render(
  format: CompareTextsOptions['format'],
  sides: readonly [Side, Side],
  words: readonly WordDifference[],
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      return [json(sides, words)];
    case 'csv':
      return separated(words, ',', (text) => csvField(escapeField(text)));
    case 'tsv':
      return separated(words, '\t', escapeField);
    case 'table':
      return table(sides, words, terminal);
  }
}

function json(sides: readonly [Side, Side], words: readonly WordDifference[]): string {
  const [a, b] = sides.map(({ name, counts: { totalWords, distinctWords, totalBytes } }) => ({
    name,
    totalBytes,
    totalWords,
    distinctWords,
  }));
  const name = 'log-likelihood ratio G²';
  const statistic = { name, effect: 'log ratio', critical: CRITICAL_G2, sources: SOURCES };
  return escapeJson({ statistic, a, b, words }, 2);
}

function* separated(
  words: readonly WordDifference[],
  separator: string,
  field: (text: string) => string,
): Iterable<string> {
  yield ['word', 'a', 'b', 'a_per_million', 'b_per_million', 'g2', 'log_ratio'].join(separator);
  for (const { word, a, b, aPerMillion, bPerMillion, g2, logRatio } of words) {
    const numbers = [aPerMillion, bPerMillion, g2, logRatio].map((number) => number.toFixed(2));
    yield [field(word), a, b, ...numbers].join(separator);
  }
}

function* table(
  sides: readonly [Side, Side],
  words: readonly WordDifference[],
  terminal: Terminal,
): Iterable<string> {
  for (const [index, { name, counts }] of sides.entries()) {
    const line = `${'ab'[index]}  ${escapeText(name)}  ${formatNumberOf(counts.totalWords, 'word')}`;
    yield terminal.strong(fitText(line, terminal.columns));
  }
  const rows = words.map(({ a, b, g2, logRatio }) => [
    formatCount(a),
    formatCount(b),
    g2.toFixed(1),
    (logRatio < 0 ? '' : '+') + logRatio.toFixed(2),
  ]);
  const headings = ['a', 'b', 'G²', 'log ratio'];
  // A shorter heading where there is no room for the long one.
  if (terminal.columns < 60) headings[3] = 'log₂';
  const widths = headings.map((heading, column) =>
    rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), heading.length),
  );
  const room = terminal.columns - widths.reduce((sum, width) => sum + width + 2, 0);
  const widest = words.reduce(
    (most, { word }) => Math.max(most, Math.min(30, textWidth(escapeText(word)))),
    4,
  );
  const wordColumns = Math.max(4, Math.min(room, widest));
  const cells = (row: readonly string[]): string =>
    row.map((cell, column) => `  ${cell.padStart(widths[column] ?? 0)}`).join('');
  yield terminal.faint(`${padText('word', wordColumns)}${cells(headings)}`);
  for (const [index, { word }] of words.entries()) {
    yield `${padText(escapeText(word), wordColumns)}${cells(rows[index] ?? [])}`;
  }
  yield* legend(terminal);
}

function legend(terminal: Terminal): readonly string[] {
  const lines = [
    `G² above ${CRITICAL_G2['p < 0.001']} is unlikely to be chance (p < 0.001).`,
    'Log ratio +1: twice as often in a; −1: in b.',
  ];
  return lines.flatMap((line) => wrapItems(line.split(' '), terminal.columns, ' ').map(terminal.faint));
}

/** How differently two texts use a word. */
interface WordDifference {
  readonly word: string;
  /** Occurrences in the first and in the second text. */
  readonly a: number;
  readonly b: number;
  /** Occurrences in a million words. */
  readonly aPerMillion: number;
  readonly bPerMillion: number;
  /** How certain it is that they differ: the log-likelihood ratio G². */
  readonly g2: number;
  /** How much they differ, as a power of two: 1 is twice as often in the first text, −1 in the second. */
  readonly logRatio: number;
}

/** G² above these is unlikely to be chance: χ² with one degree of freedom, at p = 0.001 and p = 0.0001. */
const CRITICAL_G2 = { 'p < 0.001': 10.83, 'p < 0.0001': 15.13 } as const;

/** Where the statistics are from. */
const SOURCES: readonly string[] = [
  'G²: Dunning 1993, “Accurate Methods for the Statistics of Surprise and Coincidence”, Computational Linguistics 19(1)',
  'G² for two corpora: Rayson & Garside 2000, “Comparing Corpora using Frequency Profiling”',
  'log ratio: Hardie 2014, “Log Ratio: an informal introduction”',
];

/**
 * Compares each word of two texts: G² says how certain it is that they use it differently, the log ratio how
 * much. The most certain come first, ties in code-point order.
 *
 * G² is Rayson and Garside's: 2 (a ln(a/E₁) + b ln(b/E₂)), where E₁ and E₂ share a + b as the texts' lengths
 * do. For the log ratio, a count of 0 is taken as a half, as Hardie does.
 *
 * @example
 * wordDifferences(await countWords('red red'), await countWords('red blue'))[0]?.word; // 'blue'
 */
export function wordDifferences(first: WordCounts, second: WordCounts): readonly WordDifference[] {
  const totals = [first.totalWords, second.totalWords] as const;
  const differences: WordDifference[] = [];
  for (const [word, a] of first) differences.push(difference(word, a, second.get(word), totals));
  for (const [word, b] of second) if (first.get(word) === 0) differences.push(difference(word, 0, b, totals));
  return differences.sort((one, other) => other.g2 - one.g2 || (one.word < other.word ? -1 : 1));
}

function difference(word: string, a: number, b: number, [c, d]: readonly [number, number]): WordDifference {
  const all = (a + b) / (c + d);
  return {
    word,
    a,
    b,
    aPerMillion: perMillion(a, c),
    bPerMillion: perMillion(b, d),
    // Rounding may make a zero negative.
    g2: Math.max(0, 2 * (term(a, c * all) + term(b, d * all))),
    logRatio: c === 0 || d === 0 ? 0 : Math.log2((a || 0.5) / c / ((b || 0.5) / d)),
  };
}

function term(observed: number, expected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observed / expected);
}

function perMillion(count: number, total: number): number {
  return total === 0 ? 0 : (count / total) * 1e6;
}
