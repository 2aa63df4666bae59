import { fs } from '../builtin-modules.ts';

const STANDARD_OUTPUT = 1;

/** Where output goes. */
export interface StandardOutput {
  /** Node's stream; absent while that is not needed, as for a file or a pipe. */
  readonly stream: NodeJS.WriteStream | undefined;
  write(text: string): void;
  /** Waits until there is room for more. */
  drained(): Promise<void>;
}

/**
 * Standard output of this process. A file or a pipe is written to as it is, because Node's stream takes as long to load as all commands of
 * this program; it takes over where a pipe is full and does not wait. `onClosed` is called when the reader has left.
 */
export function standardOutput(onClosed: () => never): StandardOutput {
  let stream = isFileOrPipe(STANDARD_OUTPUT) ? undefined : openStream(onClosed);
  return {
    get stream() {
      return stream;
    },
    write(text) {
      const rest = stream === undefined ? writeNow(text, onClosed) : text;
      if (rest.length === 0) return;
      stream ??= openStream(onClosed);
      stream.write(rest);
    },
    async drained() {
      if (stream?.writableNeedDrain) await new Promise((resolve) => stream?.once('drain', resolve));
    },
  };
}

/** What is neither may be a screen, unless it is the device that forgets everything. */
function isFileOrPipe(descriptor: number): boolean {
  const found = fs.fstatSync(descriptor);
  if (found.isCharacterDevice())
    return found.rdev === fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  return found.isFile() || found.isFIFO() || found.isSocket();
}

function openStream(onClosed: () => never): NodeJS.WriteStream {
  const { stdout } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') onClosed();
    throw error;
  });
  return stdout;
}

/** Answers what there was no room for. */
function writeNow(text: string, onClosed: () => never): Uint8Array {
  let rest: Uint8Array = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(fs.writeSync(STANDARD_OUTPUT, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') onClosed();
    if (code !== 'EAGAIN') throw error;
  }
  return rest;
}
