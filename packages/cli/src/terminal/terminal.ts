import { hasColor } from './color.ts';
import { type Escaping, escapeLine, escapeLines, type Language } from './escape-line.ts';
import type { StandardOutput } from './standard-output.ts';

/**
 * Where a command writes: people's text, with colour and width only where a person looks. Whatever is
 * written, nothing in it acts on the terminal but the four styles below.
 */
export interface Terminal {
  readonly columns: number;
  readonly language: Language;
  /** Whether output goes to a screen. */
  readonly interactive: boolean;
  /** Whether output goes to a screen that can be drawn over: not to a `dumb` one. */
  readonly redraws: boolean;
  /** Whether a person watches both streams, so that a bar may come and go. */
  readonly watched: boolean;
  /** Writes many lines, no faster than they are read. */
  write(lines: Iterable<string>): Promise<void>;
  /** Writes one line. */
  line(text?: string): void;
  /** Draws lines over those that it drew last. */
  redraw(lines: readonly string[]): void;
  /** Goes to standard error, so that piped output stays clean. */
  note(text: string): void;
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  /** The same terminal for output in another language. */
  in(language: Language): Terminal;
}

/** How this process prints. */
export interface TerminalOptions {
  /** Without `--no-color`. */
  readonly color: boolean;
  /** Default: text. */
  readonly language?: Language;
}

/** The terminal of this process, which has 80 columns in a pipe. */
export function processTerminal(
  output: StandardOutput,
  { color, language = 'text' }: TerminalOptions,
): Terminal {
  const isScreen = output.stream?.isTTY === true;
  const redraws = isScreen && process.env['TERM'] !== 'dumb';
  const styled = hasColor({ wanted: color, isScreen, environment: process.env });
  const escaping: Escaping = { language, styled };
  const paint = (on: number, off: number) => (text: string) =>
    styled ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  let drawn = 0;
  return {
    get columns() {
      return Math.max(40, output.stream?.columns ?? 80);
    },
    language,
    interactive: isScreen,
    redraws,
    watched: redraws && process.stderr.isTTY === true,
    async write(lines) {
      for (const batch of inBatches(escapeLines(lines, escaping))) {
        output.write(batch);
        // Also lets signals and a closed pipe be noticed between two batches.
        if (batch.length >= BATCH) await new Promise((resolve) => setImmediate(resolve));
        await output.drained();
      }
    },
    line: (text = '') => output.write(`${escapeLine(text, escaping)}\n`),
    redraw(lines) {
      // Up to where it began, and everything below away: a resized screen keeps nothing of the old view.
      const back = drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`;
      output.write(`${back}${[...escapeLines(lines, escaping), ''].join('\n')}`);
      drawn = lines.length;
    },
    note: (text) => standardError().write(`${escapeLine(text, { language: 'text', styled })}\n`),
    strong: paint(1, 22),
    faint: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    in: (other) => processTerminal(output, { color, language: other }),
  };
}

/** The same, for a file: 80 columns and no colour. */
export function fileTerminal(terminal: Terminal): Terminal {
  const plain = (text: string): string => text;
  return {
    ...terminal,
    columns: 80,
    interactive: false,
    redraws: false,
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

let errors: NodeJS.WriteStream | undefined;

/**
 * Standard error. That nobody can read it must not end the program, whose exit code still says how it went.
 */
function standardError(): NodeJS.WriteStream {
  errors ??= process.stderr.on('error', () => undefined);
  return errors;
}
