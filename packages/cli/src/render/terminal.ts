import { styleText } from 'node:util';

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
export function processTerminal(
  { color }: { readonly color: boolean },
  output: NodeJS.WriteStream = process.stdout,
  errors: NodeJS.WriteStream = process.stderr,
): Terminal {
  type Style = Parameters<typeof styleText>[0];
  const paint = (style: Style) => (text: string) =>
    color ? styleText(style, text, { stream: output, validateStream: true }) : text;
  return {
    get columns() {
      return Math.max(40, output.columns ?? 80);
    },
    interactive: output.isTTY === true,
    watched: output.isTTY === true && errors.isTTY === true,
    async write(lines) {
      for (const batch of inBatches(lines)) {
        // Also lets a closed pipe be noticed between two batches.
        if (!output.write(batch) || batch.length >= BATCH)
          await new Promise((resolve) => setImmediate(resolve));
        if (output.writableNeedDrain) await new Promise((resolve) => output.once('drain', resolve));
      }
    },
    line: (text = '') => void output.write(`${text}\n`),
    note: (text) => void errors.write(`${text}\n`),
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

/** Lines together, as texts of at least so many characters; the last may be shorter. */
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
