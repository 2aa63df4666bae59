import { filterCounts, mergeCounts, type Tokenizer, type WordCounts } from '@org/wordfreq-core';
import type { CommandContext, CommonValues } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { startByteProgress } from '../render/byte-progress.ts';
import { fileTerminal } from '../render/terminal.ts';
import { writeWhole } from '../render/write-whole.ts';
import { countInput } from './count-input.ts';
import { dictionaryFor } from './dictionary-for.ts';
import { formatReports } from './format-report.ts';
import type { ReportFormat } from './report-formats.ts';
import { readStopWords } from './stop-words.ts';
import type { TextInput } from './text-input.ts';
import { textInputs } from './text-inputs.ts';
import { type WordReport, wordReport } from './word-report.ts';

/** What is counted as what. */
export interface CountingOptions extends Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'> {
  readonly tokenizer: Tokenizer;
  readonly keepCase: boolean;
  /** Runs of so many words instead of single ones. */
  readonly ngrams: number;
  /** Names of lists, files, or words with commas between them. */
  readonly stopWords: readonly string[];
  /** In characters. */
  readonly minLength: number;
  /** For each file. */
  readonly threads: number;
}

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
 * `wordfreq count`: counts the words of files, folders, objects or standard input. Answers the exit code.
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
  else await writeWhole(output, formatReports(reports, options, fileTerminal(terminal)), signal);
  return EXIT_CODES.ok;
}

/** Counts inputs one after the other, with a bar where a person waits, and hands over the words that options keep. */
export async function countEach(
  inputs: readonly TextInput[],
  options: CountingOptions,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
  use: (input: TextInput, counts: WordCounts) => void,
): Promise<void> {
  const { tokenizer, keepCase, ngrams, threads } = options;
  const filter = await filterFor(options);
  const progress = startByteProgress(totalBytes(inputs), terminal);
  try {
    for (const input of inputs) {
      const counts = await countInput(input, {
        tokenizer,
        threads,
        signal,
        onBytes: (bytes) => progress.add(bytes),
        dictionary: dictionaryFor({ ...options, sizeBytes: input.sizeBytes }),
        ...(keepCase ? { keepCase } : {}),
        ...(ngrams > 1 ? { ngram: ngrams } : {}),
      });
      use(input, filter(counts));
    }
  } finally {
    progress.stop();
  }
}

function totalBytes(inputs: readonly TextInput[]): number | undefined {
  let total = 0;
  for (const { sizeBytes } of inputs) {
    if (sizeBytes === undefined) return undefined;
    total += sizeBytes;
  }
  return total;
}

/** Leaves out stop words and short words, and runs with one of those in them. */
async function filterFor(options: CountingOptions): Promise<(counts: WordCounts) => WordCounts> {
  const { stopWords: names, minLength, ngrams } = options;
  if (names.length === 0 && minLength <= 1) return (counts) => counts;
  const stopWords = await readStopWords(names, options);
  if (ngrams === 1) return (counts) => filterCounts(counts, { stopWords, minLength });
  const isKept = (word: string): boolean => !stopWords.has(word) && [...word].length >= minLength;
  const normalize = (run: string): string | undefined => (run.split(' ').every(isKept) ? run : undefined);
  return (counts) => filterCounts(counts, { normalize });
}

/** So many counts are held before they are merged: memory grows with the words, not with the files. */
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
