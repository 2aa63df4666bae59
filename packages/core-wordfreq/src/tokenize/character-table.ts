import { CHARACTER_RUNS } from './generated/unicode-tables.ts';

/** Set, beside the class, on characters that a dictionary has to tell apart. */
export const DICTIONARY_FLAG = 0x80;

/** Selects the class from an entry of {@link characterTable}. */
export const CLASS_MASK = 0x7f;

/** How many code points there are. */
const CODE_POINTS = 0x110000;

/** Where tables end: ASCII, all of two bytes of UTF-8, Western texts with their punctuation, and all. A text waits for no more than it needs. */
const ENDS: readonly number[] = [0x80, 0x800, 0x2100, CODE_POINTS];

const tables: Uint8Array[] = [];

/** The class, and {@link DICTIONARY_FLAG}, of each code point up to at least `codePoint`. Made at first need, and shared by all counters. */
export function characterTableWith(codePoint: number): Uint8Array {
  const size = ENDS.findIndex((end) => codePoint < end);
  tables[size] ??= tableOf(ENDS[size] as number);
  return tables[size];
}

/** For each code point there is its class, and {@link DICTIONARY_FLAG}: 1.1 MB. */
export function characterTable(): Uint8Array {
  return characterTableWith(CODE_POINTS - 1);
}

function tableOf(points: number): Uint8Array {
  const filled = new Uint8Array(points);
  eachRun((first, end, character) => {
    // Memory is zero already, and what is never touched of it takes no time.
    if (character !== 0) filled.fill(character, first, end);
  }, points);
  return filled;
}

/** Visits code points in order, those together that are alike. The last run may go beyond `points`. */
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
