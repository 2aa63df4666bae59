import { Command, CommanderError } from 'commander';
import type { CommandRow } from './command-line/command.ts';
import { COMMON_OPTIONS } from './command-line/common-options.ts';
import { addRow, optionOf, type Run } from './command-line/to-commander.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { packageVersion } from './package-version.ts';

/** Every command, in the order of the help. Only the one that is named is loaded. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'count',
    summary: 'count the words of files, folders, patterns or standard input',
    load: async () => (await import('./commands/count.ts')).countCommand,
  },
  {
    name: 'upload',
    summary: 'upload files or folders, and wait for their results if asked to',
    load: async () => (await import('./commands/upload.ts')).uploadCommand,
  },
  {
    name: 'results',
    summary: 'show results: the newest, or those of a key',
    load: async () => (await import('./commands/results.ts')).resultsCommand,
  },
  {
    name: 'watch',
    summary: 'watch what waits, what is done and what comes in',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    name: 'explain',
    summary: 'say what became of an object, and what to do about it',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'reconcile',
    summary: 'find objects that have no outcome, and results that have no object',
    load: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
  },
  {
    name: 'dlq',
    summary: 'look at dead letters, send them back or delete them',
    load: async () => (await import('./commands/dlq.ts')).dlqCommand,
  },
  {
    name: 'backfill',
    summary: 'put existing objects into the queue',
    load: async () => (await import('./commands/backfill.ts')).backfillCommand,
  },
  {
    name: 'local',
    summary: 'run the whole pipeline on this machine: S3, SQS, SNS, DynamoDB, copy Lambda, workers, page',
    load: async () => (await import('./commands/local.ts')).localCommand,
  },
];

/** Builds the command line; `run` gets what was parsed. */
export function createProgram(run: Run): Command {
  const program = new Command('wordfreq')
    .description('Count the words of texts, here or on AWS.')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    // Errors are shown by whoever catches them.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  program.option('-V, --version', 'print the version').on('option:version', () => {
    process.stdout.write(`${packageVersion()}\n`);
    throw new CommanderError(EXIT_CODES.ok, 'commander.version', '');
  });
  for (const [name, option] of Object.entries(COMMON_OPTIONS)) program.addOption(optionOf(name, option));
  for (const row of COMMANDS) addRow(program, row, run);
  return program;
}

/** `help count` is `count --help`, whose text has to be loaded first. */
export function withHelpAsOption(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  return first === 'help' && rest.length > 0 ? [...rest, '--help'] : args;
}
