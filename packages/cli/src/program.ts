import type { Command } from './command-line/command.ts';
import { parseCommandLine } from './command-line/parse-command-line.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { packageVersion } from './package-version.ts';
import type { Terminal } from './render/terminal.ts';

/** Runs a command with what was parsed; answers the exit code. */
export type Run = (
  command: Command,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<number>;

/**
 * Does what a command line asks for: runs a command, or shows help or the version. Answers the exit code.
 *
 * @throws UsageError; what the command throws
 */
export async function runCommandLine(
  args: readonly string[],
  terminal: Pick<Terminal, 'line' | 'columns'>,
  run: Run,
): Promise<number> {
  const parsed = await parseCommandLine(args, COMMANDS);
  if (parsed.asks === 'run') return run(parsed.command, parsed.args, parsed.options);
  if (parsed.asks === 'version') terminal.line(packageVersion());
  else {
    const { commandHelp, programHelp } = await import('./command-line/help-text.ts');
    const { about } = parsed;
    const { columns } = terminal;
    for (const line of about === undefined ? programHelp(COMMANDS, columns) : commandHelp(about, columns)) {
      terminal.line(line);
    }
  }
  return EXIT_CODES.ok;
}
