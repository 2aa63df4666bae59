import { CHARACTER_RUNS } from './generated/unicode-tables.ts';

/** Set, beside the class, on characters that a dictionary has to tell apart. */
export const DICTIONARY_FLAG = 0x80;

/** Selects the class from an entry of {@link characterTable}. */
export const CLASS_MASK = 0x7f;

/** How many code points there are. */
const CODE_POINTS = 0x110000;

let table: Uint8Array | undefined;
let asciiTable: Uint8Array | undefined;

/** For each code point its class, and {@link DICTIONARY_FLAG}. Made once, at first need: 1.1 MB that every counter shares. */
export function characterTable(): Uint8Array {
  table ??= tableOf(CODE_POINTS);
  return table;
}

/** The beginning of {@link characterTable}, and all that a text in ASCII waits for. */
export function asciiCharacterTable(): Uint8Array {
  asciiTable ??= tableOf(0x80);
  return asciiTable;
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
