import type { Readable } from 'node:stream';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';

const STANDARD_OUTPUT = 1;

/** Where output goes. */
export interface StandardOutput {
  /** Node's stream; absent while that is not needed, as for a file or a pipe. */
  readonly stream: NodeJS.WriteStream | undefined;
  /** @throws CliError, exit code 3: it cannot be written, as on a full disk */
  write(text: string | Uint8Array): void;
  /** Waits until there is room for more. */
  drained(): Promise<void>;
}

/** What to do when output cannot be written, and nobody waits for the write any more. */
interface OutputEnds {
  /** The reader has left. */
  closed(): never;
  failed(error: unknown): never;
}

/**
 * Standard output of this process. A file or a pipe is written to as it is, because Node's stream takes as
 * long to load as all commands of this program; it takes over where a pipe is full and does not wait.
 */
export function standardOutput(ends: OutputEnds): StandardOutput {
  let stream = isFileOrPipe(STANDARD_OUTPUT) ? undefined : openStream(ends);
  return {
    get stream() {
      return stream;
    },
    write(text) {
      const rest = stream === undefined ? writeNow(text, ends) : text;
      if (rest.length === 0) return;
      stream ??= openStream(ends);
      stream.write(rest);
    },
    async drained() {
      if (stream?.writableNeedDrain) await new Promise((resolve) => stream?.once('drain', resolve));
    },
  };
}

/** What is neither may be a screen, unless it is the null device. */
function isFileOrPipe(descriptor: number): boolean {
  const found = fs.fstatSync(descriptor);
  if (found.isCharacterDevice())
    return found.rdev === fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  return found.isFile() || found.isFIFO() || found.isSocket();
}

function openStream({ closed, failed }: OutputEnds): NodeJS.WriteStream {
  const { stdout } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed();
    failed(unwritable(error));
  });
  return stdout;
}

/** Returns what there was no room for. */
function writeNow(text: string | Uint8Array, { closed }: OutputEnds): Uint8Array {
  let rest: Uint8Array = typeof text === 'string' ? Buffer.from(text) : text;
  try {
    while (rest.length > 0) rest = rest.subarray(fs.writeSync(STANDARD_OUTPUT, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') closed();
    if (code !== 'EAGAIN') throw unwritable(error as NodeJS.ErrnoException);
  }
  return rest;
}

function unwritable(cause: NodeJS.ErrnoException): CliError {
  const reason = cause.code === 'ENOSPC' ? 'no space is left on the device' : cause.message;
  return new CliError(`standard output cannot be written: ${reason}`, {
    exitCode: EXIT_CODES.environment,
    code: 'unwritable',
    hint: 'Make room there, or send the output elsewhere.',
    cause,
  });
}

/** What a person or another program gives to this one. Ends with an error when the person wants to stop. */
export type StandardInput = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };

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
  stream: () => Readable & { readonly isTTY?: boolean } = processInput,
): StandardInput {
  return {
    get isTTY() {
      return stream().isTTY === true;
    },
    async *[Symbol.asyncIterator]() {
      const input = fs.fstatSync(STANDARD_INPUT);
      if (input.isDirectory()) throw noFolder();
      if (input.isFile() && stream === processInput) {
        yield* readRegular(STANDARD_INPUT);
        return;
      }
      const { addAbortSignal } = await import('node:stream');
      yield* addAbortSignal(signal, stream());
      // Ctrl-C also ends what feeds the pipe, and half a text must not pass for a whole one.
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}

const STANDARD_INPUT = 0;

const processInput = (): NodeJS.ReadStream => process.stdin;

/** Node silently reads nothing from a folder. */
function noFolder(): CliError {
  return new CliError('standard input is a folder', {
    exitCode: EXIT_CODES.environment,
    code: 'unreadable',
    hint: 'Give the folder as an argument instead.',
  });
}

/** A chunk of this size stays in the processor's cache until it is counted. */
export const READ_BYTES: number = 64 * 1024;

/** After this many reads, signals and the progress bar have a turn. */
const READS_IN_TURN = 256;

/**
 * Reads a regular file from its current position, synchronously: asynchronous reads take longer to start and to
 * wait for. All chunks share one buffer.
 */
export async function* readRegular(file: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(READ_BYTES);
  for (let read = 1; ; read += 1) {
    const length = fs.readSync(file, buffer);
    if (length === 0) return;
    yield buffer.subarray(0, length);
    if (read % READS_IN_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
