import type { CommandContext } from '../command-line/command.ts';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

/**
 * Asks a person a question of which only `y` and `yes` mean yes.
 *
 * @throws CliError, exit code 2: nobody is there to answer
 */
export async function confirm(
  question: string,
  { terminal, stdin }: Pick<CommandContext, 'terminal' | 'stdin'>,
): Promise<boolean> {
  if (!terminal.interactive || stdin.isTTY !== true) {
    throw new CliError('this cannot be undone, and nobody is at the terminal to confirm it', {
      exitCode: EXIT_CODES.usage,
      code: 'not-confirmed',
      hint: 'Add --yes to do it, or --dry-run to see what it would do.',
    });
  }
  terminal.note(`${question} [y/N]`);
  return /^y(es)?$/i.test((await firstLine(stdin)).trim());
}

async function firstLine(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let line = '';
  for await (const chunk of stdin) {
    line += decoder.decode(chunk, { stream: true });
    if (line.includes('\n')) break;
  }
  return line;
}
