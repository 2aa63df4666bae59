import { invalidOption } from '../errors.ts';

/**
 * How a text's encoding was found.
 *
 * - `bom`: by the byte order mark at its start.
 * - `declared`: by the option `encoding`.
 * - `detected`: by an {@link EncodingDetector}, from the first 64 KiB.
 * - `default`: nothing says otherwise, so it is UTF-8.
 */
export type EncodingSource = 'bom' | 'declared' | 'detected' | 'default';

/** The encoding that a text was read in. */
export interface TextEncoding {
  /** The name by the Encoding Standard, such as `utf-8` or `windows-1252`; or `utf-32le` or `utf-32be`. */
  readonly name: string;
  /** How it was found. */
  readonly foundBy: EncodingSource;
  /** The encoding that the text, read as UTF-8, may be in instead: its beginning is not UTF-8. */
  readonly likely?: string | undefined;
}

/** What a detector says about the beginning of a text. */
export interface EncodingGuess {
  /** A name that `TextDecoder` knows. */
  readonly name: string;
  /** Whether to read the text in that encoding. If not, it is only named, as {@link TextEncoding.likely}. */
  readonly isSure: boolean;
}

/**
 * Detects the encoding of a text from its beginning. It is called for texts without a byte order mark, and only
 * if the first 64 KiB, or all there is, are not UTF-8 or have NUL bytes.
 */
export type EncodingDetector = (beginning: Uint8Array) => EncodingGuess | undefined;

/** The option `encoding`, checked. */
export type EncodingOption = string | EncodingDetector | undefined;

/** How many bytes a detector sees, if the text has as many. */
export const DETECTION_BYTES: number = 64 * 1024;

/** The longest byte order mark. */
const MARK_BYTES = 4;

/** In this order, because that of UTF-16 is the start of one of UTF-32 (Unicode 17.0, section 23.8). */
const MARKS: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const UTF8_BY_DEFAULT: TextEncoding = { name: 'utf-8', foundBy: 'default' };

/** @internal How many bytes {@link encodingOf} needs to decide. */
export function beginningBytes(option: EncodingOption): number {
  return typeof option === 'function' ? DETECTION_BYTES : MARK_BYTES;
}

/**
 * @internal Decides in which encoding to read a text, from its beginning. A byte order mark takes precedence, as
 * in browsers (Encoding Standard, "decode").
 */
export function encodingOf(
  beginning: Uint8Array,
  option: EncodingOption,
  isWholeText: boolean,
): { readonly encoding: TextEncoding; readonly markBytes: number } {
  for (const [name, mark] of MARKS) {
    if (mark.every((byte, index) => beginning[index] === byte)) {
      return { encoding: { name, foundBy: 'bom' }, markBytes: mark.length };
    }
  }
  return { encoding: encodingWithoutMark(beginning, option, isWholeText), markBytes: 0 };
}

function encodingWithoutMark(
  beginning: Uint8Array,
  option: EncodingOption,
  isWholeText: boolean,
): TextEncoding {
  if (typeof option === 'string') return { name: option, foundBy: 'declared' };
  if (option === undefined || isPlainUtf8(beginning, isWholeText)) return UTF8_BY_DEFAULT;
  const guess = option(beginning);
  if (guess === undefined) return UTF8_BY_DEFAULT;
  const name = requireEncoding(guess.name);
  return guess.isSure ? { name, foundBy: 'detected' } : { ...UTF8_BY_DEFAULT, likely: name };
}

function isPlainUtf8(bytes: Uint8Array, isWholeText: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWholeText });
    return !bytes.includes(0);
  } catch {
    return false;
  }
}

/** Encodings that `TextDecoder` does not have and we do. */
const UTF32: ReadonlySet<string> = new Set(['utf-32le', 'utf-32be']);

/**
 * Encodings that it has and we refuse: a text cannot be cut between its lines, or they do not encode text.
 */
const REFUSED: ReadonlySet<string> = new Set(['iso-2022-jp', 'replacement', 'x-user-defined']);

/**
 * Returns the name by the Encoding Standard of an encoding that texts can be counted in; undefined if it is
 * unknown or not supported. Labels are those of `TextDecoder`: `latin1` is `windows-1252`.
 *
 * @example
 * encodingNamed('Latin1'); // 'windows-1252'
 */
export function encodingNamed(label: string): string | undefined {
  const name = UTF32.has(label.toLowerCase()) ? label.toLowerCase() : standardName(label);
  return name === undefined || REFUSED.has(name) ? undefined : name;
}

function standardName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    // An unknown label, or an encoding that this platform lacks.
    return undefined;
  }
}

/**
 * @internal As {@link encodingNamed}.
 *
 * @throws WordfreqError `invalid-option`
 */
export function requireEncoding(label: string): string {
  const name = encodingNamed(label);
  if (name !== undefined) return name;
  throw invalidOption(
    'encoding',
    'the name of an encoding that this platform decodes, such as windows-1252, or a detector',
    JSON.stringify(label),
  );
}
