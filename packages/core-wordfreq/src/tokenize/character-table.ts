import { CHARACTER_RUNS } from './generated/unicode-tables.ts';

/** Set, in addition to the class, for characters that a dictionary has to segment. */
export const DICTIONARY_FLAG = 0x80;

/** The bits of an entry of {@link characterTable} that are the class. */
export const CLASS_MASK = 0x7f;

/** The number of code points. */
const CODE_POINTS = 0x110000;

/**
 * The ends of the tables: ASCII, all of two bytes in UTF-8, Western texts with their punctuation, and all. A
 * text only waits for the table that it needs.
 */
const ENDS: readonly number[] = [0x80, 0x800, 0x2100, CODE_POINTS];

const tables: Uint8Array[] = [];

/**
 * Returns the class and {@link DICTIONARY_FLAG} of each code point up to at least `codePoint`. Made at the
 * first call, and shared by all counters.
 */
export function characterTableWith(codePoint: number): Uint8Array {
  const size = ENDS.findIndex((end) => codePoint < end);
  tables[size] ??= tableOf(ENDS[size] as number);
  return tables[size];
}

/** Returns the class and {@link DICTIONARY_FLAG} of all code points: 1.1 MB. */
export function characterTable(): Uint8Array {
  return characterTableWith(CODE_POINTS - 1);
}

function tableOf(points: number): Uint8Array {
  const filled = new Uint8Array(points);
  eachRun((first, end, character) => {
    // New memory is zero already, and untouched memory takes no time.
    if (character !== 0) filled.fill(character, first, end);
  }, points);
  return filled;
}

/** Visits runs of code points with equal entries, in order. The last run may extend beyond `points`. */
export function eachRun(
  visit: (first: number, end: number, character: number) => void,
  points: number = CODE_POINTS,
): void {
  let first = 0;
  let length = 0;
  for (let at = 0; first < points; at += 1) {
    const code = CHARACTER_RUNS.charCodeAt(at);
    if (code <= 0x39) {
      length = length * 10 + code - 0x30;
      continue;
    }
    // A letter: its lower five bits are the class + 1, and it is lower case for the dictionary.
    const end = first + (length || 1);
    visit(first, end, ((code & 0x1f) - 1) | (code & 0x20 ? DICTIONARY_FLAG : 0));
    first = end;
    length = 0;
  }
}
