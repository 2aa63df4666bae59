import type { Readable } from 'node:stream';
import type { CommandContext } from './command-line/command.ts';

/** So many turns of the event loop bring a signal that came before the end of a pipe: it may stand behind it in one turn. */
const TURNS = 2;

/** Standard input: opened when it is read, and let go when the person wants to stop, so that nobody waits for its end. */
export function standardInput(
  signal: AbortSignal,
  stream: () => Readable & { readonly isTTY?: boolean } = () => process.stdin,
): CommandContext['stdin'] {
  return {
    get isTTY() {
      return stream().isTTY === true;
    },
    async *[Symbol.asyncIterator]() {
      const { addAbortSignal } = await import('node:stream');
      yield* addAbortSignal(signal, stream());
      // Ctrl-C also ends what feeds the pipe, and half a text must not pass for a whole one.
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}
