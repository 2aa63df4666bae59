import type { Readable } from 'node:stream';
import { fs } from '../builtin-modules.ts';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT_CODES } from '../errors.ts';

/**
 * A signal may be handled after the end of a pipe that it preceded, but within this many turns of the event
 * loop.
 */
const TURNS = 2;

/**
 * Standard input: opened when it is read, and closed when the person wants to stop, so that nothing waits for
 * its end.
 */
export function standardInput(
  signal: AbortSignal,
  stream: () => Readable & { readonly isTTY?: boolean } = () => process.stdin,
): CommandContext['stdin'] {
  return {
    get isTTY() {
      return stream().isTTY === true;
    },
    async *[Symbol.asyncIterator]() {
      requireNoFolder();
      const { addAbortSignal } = await import('node:stream');
      yield* addAbortSignal(signal, stream());
      // Ctrl-C also ends what feeds the pipe, and half a text must not pass for a whole one.
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}

const STANDARD_INPUT = 0;

/** Node silently reads nothing from a folder. */
function requireNoFolder(): void {
  if (!fs.fstatSync(STANDARD_INPUT).isDirectory()) return;
  throw new CliError('standard input is a folder', {
    exitCode: EXIT_CODES.environment,
    code: 'unreadable',
    hint: 'Give the folder as an argument instead.',
  });
}

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
