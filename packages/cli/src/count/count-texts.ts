import { type Tokenizer, WordCounter } from '@org/wordfreq-core';
import type { CommandContext } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { formatReports, type ReportFormat } from './format-report.ts';
import { type TextInput, textInputs } from './text-inputs.ts';
import { type WordReport, wordReport } from './word-report.ts';

/** The options of `wordfreq count`, as the command line gives them. */
export interface CountTextsOptions {
  /** How many words; 0 for all. */
  readonly top: number;
  readonly tokenizer: Tokenizer;
  readonly format: ReportFormat;
  /** Each text by itself, instead of all together. */
  readonly perFile: boolean;
}

/**
 * `wordfreq count`: counts the words of files, folders or standard input. Answers the exit code.
 *
 * @throws CliError, exit code 3: a file is missing or cannot be read
 */
export async function countTexts(
  args: readonly string[],
  options: CountTextsOptions,
  { terminal, signal, stdin }: CommandContext,
): Promise<number> {
  const inputs = await textInputs(args, stdin);
  const reports = options.perFile
    ? await countEach(inputs, options, signal)
    : [await countTogether(inputs, options, signal)];
  if (signal.aborted) return EXIT_CODES.failed;
  for (const line of formatReports(reports, options.format, terminal)) terminal.line(line);
  return EXIT_CODES.ok;
}

async function countEach(
  inputs: readonly TextInput[],
  options: CountTextsOptions,
  signal: AbortSignal,
): Promise<readonly WordReport[]> {
  const reports: WordReport[] = [];
  for (const input of inputs) {
    const counter = new WordCounter({ tokenizer: options.tokenizer });
    await pushAll(counter, input, signal);
    reports.push(wordReport(counter.finish(), options.top, input.name));
  }
  return reports;
}

const NEWLINE = Uint8Array.of(0x0a);

async function countTogether(
  inputs: readonly TextInput[],
  options: CountTextsOptions,
  signal: AbortSignal,
): Promise<WordReport> {
  const counter = new WordCounter({ tokenizer: options.tokenizer });
  for (const [index, input] of inputs.entries()) {
    // The last word of one file and the first of the next are two.
    if (index > 0) counter.push(NEWLINE);
    await pushAll(counter, input, signal);
  }
  return wordReport(counter.finish(), options.top, inputs.length === 1 ? inputs[0]?.name : undefined);
}

async function pushAll(counter: WordCounter, input: TextInput, signal: AbortSignal): Promise<void> {
  for await (const chunk of input.open()) {
    if (signal.aborted) return;
    counter.push(chunk);
  }
}
