import { Command, CommanderError } from 'commander';
import { COMMON_OPTIONS } from './command-line/common-options.ts';
import { addRow, optionOf, type Run } from './command-line/to-commander.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { packageVersion } from './package-version.ts';

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
