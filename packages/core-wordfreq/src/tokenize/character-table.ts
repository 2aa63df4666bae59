import { CHARACTER_RUNS } from './generated/unicode-tables.ts';

/** Set, beside the class, on characters that a dictionary has to tell apart. */
export const DICTIONARY_FLAG = 0x80;

/** Selects the class from an entry of {@link characterTable}. */
export const CLASS_MASK = 0x7f;

/** How many code points there are. */
const CODE_POINTS = 0x110000;

let table: Uint8Array | undefined;

/** For each code point its class, and {@link DICTIONARY_FLAG}. Made once, at first need: 1.1 MB that every counter shares. */
export function characterTable(): Uint8Array {
  if (table !== undefined) return table;
  const filled = new Uint8Array(CODE_POINTS);
  eachRun((first, end, character) => {
    // Memory is zero already, and what is never touched of it takes no time.
    if (character !== 0) filled.fill(character, first, end);
  });
  table = filled;
  return filled;
}

/** Visits code points in order, those together that are alike. This and filling whole runs is what a start pays for Unicode. */
export function eachRun(visit: (first: number, end: number, character: number) => void): void {
  let first = 0;
  let length = 0;
  for (let at = 0; at < CHARACTER_RUNS.length; at += 1) {
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
