import { Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, local } from './commands/local.ts';
import { EXIT_CODES } from './errors/cli-error.ts';

/** Builds the command line. Each action leaves its exit code in `exit`. */
export function createProgram(context: CommandContext, exit: (code: number) => void): Command {
  const program = new Command('wordfreq')
    .description('Count the words of texts, here or on AWS.')
    .option('--debug', 'show where an error came from')
    .showHelpAfterError('Run with --help to see what is possible.')
    .exitOverride();

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
    .action(async (options) => exit(await local(options, context)));

  return program;
}

const LOCAL_EXAMPLES = `
Examples:
  wordfreq local                              stay up and wait for files
  wordfreq local --samples texts --exit       count a folder's texts through the pipeline, then end
  wordfreq local --data-dir .wordfreq         keep everything for the next time

Exit codes: ${EXIT_CODES.ok} done · ${EXIT_CODES.failed} a file got no outcome · ${EXIT_CODES.usage} wrong usage · ${EXIT_CODES.environment} busy port, missing folder, no permission`;

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
