import { escapeField, escapeJsonText } from '@org/wordfreq-aws-adapters/rules';
import { CliError, EXIT_CODES } from '../errors.ts';
import { textWidth } from './format.ts';
import type { StandardInput, StandardOutput } from './standard-streams.ts';

/**
 * Where a command writes: people's text, with colour and width only where a person looks. Whatever is
 * written, nothing in it acts on the terminal but the five styles below.
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
  write(lines: Iterable<Line>): Promise<void>;
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
  doubtful(text: string): string;
  /** The same terminal for output in another language. */
  in(language: Language): Terminal;
}

/** A line of text; or whole lines with their line feeds, in UTF-8, whose writer has escaped them. */
export type Line = string | Uint8Array;

/** How this process prints. */
interface TerminalOptions {
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
      // Some terminals tell no size: 0.
      return Math.max(40, output.stream?.columns || 80);
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
      output.write(`${back}${[...lines.map((line) => escapeLine(line, escaping)), ''].join('\n')}`);
      drawn = lines.length;
    },
    note(text) {
      const { isTTY, columns } = process.stderr;
      const lines = isTTY ? wrapNote(text, columns || 80) : [text];
      for (const line of lines) standardError().write(`${escapeLine(line, { language: 'text', styled })}\n`);
    },
    strong: paint(1, 22),
    faint: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    doubtful: paint(33, 39),
    in: (other) => processTerminal(output, { color, language: other }),
  };
}

/**
 * Breaks a note between its words, and indents the lines that follow. A word that is too long stays whole, because it
 * may be a path to copy, and JSON stays as it is.
 */
export function wrapNote(text: string, columns: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  if (text.startsWith('{')) return [text];
  const lines: string[] = [];
  for (const word of text.slice(indent.length).split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(indent + word);
    else if (textWidth(last) + 1 + textWidth(word) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}  ${word}`);
  }
  return lines;
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
    doubtful: plain,
  };
}

/** Characters that are written at once. */
const BATCH = 64 * 1024;

/** Joins lines of text into texts of at least `BATCH` characters, of which the last may be shorter. */
export function* inBatches(lines: Iterable<Line>): Iterable<string | Uint8Array> {
  let batch = '';
  for (const line of lines) {
    if (typeof line !== 'string') {
      if (batch !== '') yield batch;
      yield line;
      batch = '';
      continue;
    }
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

/** What decides about colour. */
interface ColorFacts {
  /** Without `--no-color`. */
  readonly wanted: boolean;
  /** Whether output goes to a screen. */
  readonly isScreen: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to print in colour. The first that applies decides: `--no-color`; `FORCE_COLOR`, which wins over
 * `NO_COLOR` as in Node, and of which `0` and `false` mean no colour; `NO_COLOR`; a terminal that is `dumb`;
 * else screens have colour, and pipes and files have none. An empty variable counts as unset (no-color.org,
 * force-color.org).
 */
export function hasColor({ wanted, isScreen, environment }: ColorFacts): boolean {
  if (!wanted) return false;
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return isScreen && environment['TERM'] !== 'dumb';
}

/**
 * What output is written in: JSON has escapes of its own, which programs read as the characters themselves.
 */
export type Language = 'text' | 'json';

/** How output is escaped. */
interface Escaping {
  readonly language: Language;
  /** Whether it may have the styles of a `Terminal`. */
  readonly styled: boolean;
}

/** What a line of text may have all the same: tabs, and the styles that a `Terminal` paints with. */
const KEPT = /(\t)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of SGR begin with one
const KEPT_WITH_STYLES = /(\t|\u001b\[(?:1|2|22|31|32|33|39)m)/;

/**
 * Escapes what is about to be written, so that nothing in it acts on a terminal, whatever its writer forgot.
 * Text is one line, and keeps its tabs; JSON keeps its line breaks, which can only stand between its parts.
 */
export function escapeLine(line: string, { language, styled }: Escaping): string {
  if (language === 'json') return escapeJsonText(line);
  const escaped = escapeField(line);
  if (escaped === line) return line;
  return line
    .split(styled ? KEPT_WITH_STYLES : KEPT)
    .map((part, index) => (index % 2 === 0 ? escapeField(part) : part))
    .join('');
}

/** The same for many lines. */
export function* escapeLines(lines: Iterable<Line>, escaping: Escaping): Iterable<Line> {
  for (const line of lines) yield typeof line === 'string' ? escapeLine(line, escaping) : line;
}

/**
 * Asks a person a question of which only `y` and `yes` mean yes.
 *
 * @throws CliError, exit code 2: nobody is there to answer
 */
export async function confirm(
  question: string,
  { terminal, stdin }: { readonly terminal: Terminal; readonly stdin: StandardInput },
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
