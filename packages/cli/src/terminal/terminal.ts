import { fs, util } from '../builtin-modules.ts';

/** Where a command writes: people's text, with colour and width only where a person looks. */
export interface Terminal {
  readonly columns: number;
  /** Whether output goes to a screen, so that it may be redrawn. */
  readonly interactive: boolean;
  /** Whether a person watches both streams, so that a bar may come and go. */
  readonly watched: boolean;
  /** Writes many lines, no faster than they are read. */
  write(lines: Iterable<string>): Promise<void>;
  line(text?: string): void;
  /** Goes to standard error, so that piped output stays clean. */
  note(text: string): void;
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/**
 * The terminal of this process: 80 columns when piped, and no colour then, except with `FORCE_COLOR`. `NO_COLOR` and `color: false`
 * take colour away.
 */
export function processTerminal(output: StandardOutput, { color }: { readonly color: boolean }): Terminal {
  const isScreen = output.stream?.isTTY === true;
  const hasColor = color && (isScreen || process.env['FORCE_COLOR'] !== undefined);
  type Style = Parameters<typeof util.styleText>[0];
  const paint = (style: Style) => (text: string) =>
    hasColor ? util.styleText(style, text, { stream: process.stdout, validateStream: true }) : text;
  return {
    get columns() {
      return Math.max(40, output.stream?.columns ?? 80);
    },
    interactive: isScreen,
    watched: isScreen && process.stderr.isTTY === true,
    async write(lines) {
      for (const batch of inBatches(lines)) {
        output.write(batch);
        // Also lets signals and a closed pipe be noticed between two batches.
        if (batch.length >= BATCH) await new Promise((resolve) => setImmediate(resolve));
        await output.drained();
      }
    },
    line: (text = '') => output.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    strong: paint('bold'),
    faint: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
  };
}

/** The same, for a file: 80 columns and no colour. */
export function fileTerminal(terminal: Terminal): Terminal {
  const plain = (text: string): string => text;
  return {
    ...terminal,
    columns: 80,
    interactive: false,
    strong: plain,
    faint: plain,
    good: plain,
    bad: plain,
  };
}

/** Characters that are written at once. */
const BATCH = 64 * 1024;

/** Joins lines into texts of at least `BATCH` characters; the last may be shorter. */
export function* inBatches(lines: Iterable<string>): Iterable<string> {
  let batch = '';
  for (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

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

/** Returns what there was no room for. */
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
