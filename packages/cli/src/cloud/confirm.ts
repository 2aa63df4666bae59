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
  if (!terminal.interactive || (stdin as { readonly isTTY?: boolean }).isTTY !== true) {
    throw new CliError('this cannot be undone, and nobody is at the terminal to confirm it', {
      exitCode: EXIT_CODES.usage,
      code: 'not-confirmed',
      hint: 'Add --yes to do it, or --dry-run to see what it would do.',
    });
  }
  terminal.note(`${question} [y/N]`);
  const decoder = new TextDecoder();
  let answer = '';
  for await (const chunk of stdin) {
    answer += decoder.decode(chunk, { stream: true });
    if (answer.includes('\n')) break;
  }
  return /^y(es)?$/i.test(answer.trim());
}
