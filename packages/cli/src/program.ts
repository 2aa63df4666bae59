import { TOKENIZERS } from '@org/wordfreq-core';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './commands/command-context.ts';
import { count } from './commands/count.ts';
import { REPORT_FORMATS } from './count/format-report.ts';
import { EXIT_CODES } from './errors/cli-error.ts';

/** Builds the command line. Each action leaves its exit code in `exit`. */
export function createProgram(context: CommandContext, exit: (code: number) => void): Command {
  const program = new Command('wordfreq')
    .description('Count the words of texts, here or on AWS.')
    .option('--debug', 'show where an error came from')
    .showHelpAfterError('Run with --help to see what is possible.')
    .exitOverride();

  program
    .command('count')
    .description('count the words of files, folders, patterns or standard input')
    .argument('[files...]', 'files, folders or patterns; - or nothing for standard input')
    .option('--top <number>', 'how many words; 0 for all', wholeNumber(0, 1_000_000_000), 10)
    .addOption(choice('--tokenizer <name>', 'what counts as a word', TOKENIZERS))
    .addOption(choice('--format <name>', 'how to print', REPORT_FORMATS))
    .option('--json', 'the same as --format json', false)
    .option('--per-file', 'each file by itself, instead of all together', false)
    .addHelpText('after', COUNT_EXAMPLES)
    .action(async (files, { json, ...options }) => {
      exit(await count(files, json ? { ...options, format: 'json' } : options, context));
    });

  program
    .command('local')
    .description('run the whole pipeline on this machine: S3, SQS, SNS, DynamoDB, copy Lambda, workers, page')
    .option('--samples <folder>', 'upload the .txt files of a folder first')
    .option('--exit', 'end once the samples are counted', false)
    .option('--data-dir <folder>', 'keep objects, queues and results in a folder (default: in memory)')
    .addOption(portOption('--port <number>', 'port of the page', 4000))
    .addOption(portOption('--aws-port <number>', 'port of S3, SQS and SNS', 4566))
    .addOption(portOption('--dynamodb-port <number>', 'port of DynamoDB', 8000))
    .option('--workers <number>', 'how many worker processes', wholeNumber(0, 64), 2)
    .option('--verbose', 'show the logs of the copy handler and the workers', false)
    .addHelpText('after', LOCAL_EXAMPLES)
    .action(async (options) => {
      // Loads the AWS SDK and servers, which no other command should wait for.
      const { local } = await import('./commands/local.ts');
      exit(await local(options, context));
    });

  return program;
}

const COUNT_EXAMPLES = `
Examples:
  wordfreq count book.txt                     the ten most frequent words, as a table
  wordfreq count --top 3 --json texts/        a folder's texts together, for a program
  curl -s https://example.com | wordfreq count --format tsv --top 0 | head

Exit codes: ${EXIT_CODES.ok} done · ${EXIT_CODES.usage} wrong usage · ${EXIT_CODES.environment} a file is missing or cannot be read`;

const LOCAL_EXAMPLES = `
Examples:
  wordfreq local                              stay up and wait for files
  wordfreq local --samples texts --exit       count a folder's texts through the pipeline, then end
  wordfreq local --data-dir .wordfreq         keep everything for the next time

Exit codes: ${EXIT_CODES.ok} done · ${EXIT_CODES.failed} a file got no outcome · ${EXIT_CODES.usage} wrong usage · ${EXIT_CODES.environment} busy port, missing folder, no permission`;

/** An option with fixed choices, the first of which is the default. */
function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).default(choices[0]);
}

function portOption(flags: string, description: string, port: number): Option {
  return new Option(flags, `${description}; 0 picks a free one`)
    .default(port)
    .argParser(wholeNumber(0, 65_535));
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}
