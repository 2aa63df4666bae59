import { join, sep } from 'node:path';
import type { CommonValues } from '../command-line/command.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { formatCount } from '../terminal/format.ts';

/** A text to count: where it is from, and its bytes. */
export interface TextInput {
  /** A path, `-` for standard input, or `s3://bucket/key`. */
  readonly name: string;
  /** The `Content-Encoding` of an object, known once its first bytes have come. */
  readonly contentEncoding?: string | undefined;
  /** The encoding that an object's content type declares, known after {@link TextInput.start}. */
  readonly declaredEncoding?: string | undefined;
  /** As stored, perhaps compressed; unknown for a pipe. */
  readonly sizeBytes?: number;
  /** A file of this machine, which several threads can read at once. */
  readonly path?: string;
  /** Found in a folder or below a prefix, so that it is skipped if it is not text. */
  readonly isOfFolder?: boolean;
  /** Requests an object, whose text must then be read. */
  start?(): Promise<void>;
  /** Opens the bytes as they are stored. A chunk is valid until the next one. */
  open(): AsyncIterable<Uint8Array>;
}

/** Where texts may come from. */
export interface TextSources {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** For `s3://`, and for folders. */
  readonly options: Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'> & FolderOptions;
}

/** What arguments name. */
export interface FoundTexts {
  readonly inputs: readonly TextInput[];
  /** What cannot be read, while the rest is counted. */
  readonly problems: readonly unknown[];
  readonly skipped: Skipped;
}

/** How many files and folders of folders are not counted, and why. */
export interface Skipped {
  readonly hidden: number;
  /** Named by `.ignore`, or in a repository by `.gitignore`. */
  readonly ignored: number;
  readonly links: number;
  /** Devices, FIFOs and sockets. */
  readonly special: number;
  readonly binary?: number;
}

/** Which files of folders are counted. */
export interface FolderOptions {
  readonly hidden: boolean;
  /** Whether files say what to ignore. */
  readonly ignore: boolean;
  readonly follow: boolean;
  /** Only what matches one of these; not what matches one that begins with `!`. */
  readonly glob: readonly string[];
}

/** Adds up. */
export function addSkipped(one: Skipped, other: Skipped): Skipped {
  return {
    hidden: one.hidden + other.hidden,
    ignored: one.ignored + other.ignored,
    links: one.links + other.links,
    special: one.special + other.special,
    binary: (one.binary ?? 0) + (other.binary ?? 0),
  };
}

/** Nothing. */
export const NOTHING_SKIPPED: Skipped = { hidden: 0, ignored: 0, links: 0, special: 0, binary: 0 };

/**
 * One line about what was skipped, with the options that include it; undefined if nothing was.
 *
 * @example
 * skippedLine({ hidden: 2, ignored: 1, links: 0, special: 0 }); // 'skipped 2 hidden (--hidden), 1 ignored (--no-ignore)'
 */
export function skippedLine({ hidden, ignored, binary = 0, links, special }: Skipped): string | undefined {
  const parts: readonly (readonly [number, string])[] = [
    [hidden, 'hidden (--hidden)'],
    [ignored, 'ignored (--no-ignore)'],
    [binary, 'binary (--text)'],
    [links, links === 1 ? 'link (--follow)' : 'links (--follow)'],
    [special, special === 1 ? 'device, pipe or socket' : 'devices, pipes and sockets'],
  ];
  const some = parts.filter(([count]) => count > 0);
  if (some.length === 0) return undefined;
  return `skipped ${some.map(([count, what]) => `${formatCount(count)} ${what}`).join(', ')}`;
}

/** Why a file or folder cannot be read, by the code of the error. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOENT', 'it does not exist any more'],
  ['ELOOP', 'too many links lead to each other'],
]);

/** The name of a text in a sentence. */
export function spoken(name: string): string {
  return name === '-' ? 'standard input' : name;
}

/** An error of the system about one file or folder. */
export function unreadable(name: string, error: unknown): CliError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new CliError(`${spoken(name)} cannot be read: ${REASONS.get(code) ?? message}`, {
    exitCode: EXIT_CODES.environment,
    code: 'unreadable',
    hint: 'Check the file, or leave it out.',
    cause: error,
  });
}

/** Whether an error is about one input, so that others can be counted. */
export function isOfInput(error: unknown): boolean {
  // Built files have classes of their own.
  const { name, exitCode } = error as CliError;
  return name === 'CliError' && exitCode === EXIT_CODES.environment;
}

/** A path of this machine; as bytes where they are not UTF-8, which names need not be on Linux. */
export type Path = string | Buffer;

/** A name as it was read: as text, if it is UTF-8. */
export function pathOf(bytes: Buffer): Path {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

/** A path below a folder. */
export function joinPath(folder: Path, name: Path): Path {
  if (typeof folder === 'string' && typeof name === 'string') return join(folder, name);
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), Buffer.from(name)]);
}

/**
 * A path for people and reports. One that is not UTF-8 has the bytes that are not ASCII in hexadecimal digits.
 */
export function shownPath(path: Path): string {
  if (typeof path === 'string') return path;
  return path
    .toString('latin1')
    .replaceAll(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
