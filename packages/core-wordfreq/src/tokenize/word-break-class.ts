import * as tables from './generated/unicode-tables.ts';

/**
 * Word_Break property values (UAX #29, table 3), numbered; `Extended_Pictographic`, which WB3c needs, is folded in as the two
 * classes that it meets in practice.
 */
export const WordBreak = {
  Other: 0,
  CR: 1,
  LF: 2,
  Newline: 3,
  Extend: 4,
  ZWJ: 5,
  Format: 6,
  RegionalIndicator: 7,
  Katakana: 8,
  HebrewLetter: 9,
  ALetter: 10,
  SingleQuote: 11,
  DoubleQuote: 12,
  MidNumLet: 13,
  MidLetter: 14,
  MidNum: 15,
  Numeric: 16,
  ExtendNumLet: 17,
  WSegSpace: 18,
  /** Other and Extended_Pictographic. */
  Pictographic: 19,
  /** ALetter and Extended_Pictographic, such as Ⓜ. */
  PictographicLetter: 20,
} as const;

/** How many classes there are. */
export const WORD_BREAK_CLASSES = 21;

/** Whether a segment with a character of this class is a word: letters, digits, katakana. */
export function isWordLike(wordBreak: number): boolean {
  switch (wordBreak) {
    case WordBreak.ALetter:
    case WordBreak.PictographicLetter:
    case WordBreak.HebrewLetter:
    case WordBreak.Katakana:
    case WordBreak.Numeric:
      return true;
    default:
      return false;
  }
}

const RANGES: readonly (readonly [wordBreak: number, ranges: string])[] = [
  [WordBreak.CR, tables.CR_RANGES],
  [WordBreak.LF, tables.LF_RANGES],
  [WordBreak.Newline, tables.NEWLINE_RANGES],
  [WordBreak.Extend, tables.EXTEND_RANGES],
  [WordBreak.ZWJ, tables.ZWJ_RANGES],
  [WordBreak.Format, tables.FORMAT_RANGES],
  [WordBreak.RegionalIndicator, tables.REGIONAL_INDICATOR_RANGES],
  [WordBreak.Katakana, tables.KATAKANA_RANGES],
  [WordBreak.HebrewLetter, tables.HEBREW_LETTER_RANGES],
  [WordBreak.ALetter, tables.ALETTER_RANGES],
  [WordBreak.SingleQuote, tables.SINGLE_QUOTE_RANGES],
  [WordBreak.DoubleQuote, tables.DOUBLE_QUOTE_RANGES],
  [WordBreak.MidNumLet, tables.MIDNUMLET_RANGES],
  [WordBreak.MidLetter, tables.MIDLETTER_RANGES],
  [WordBreak.MidNum, tables.MIDNUM_RANGES],
  [WordBreak.Numeric, tables.NUMERIC_RANGES],
  [WordBreak.ExtendNumLet, tables.EXTENDNUMLET_RANGES],
  [WordBreak.WSegSpace, tables.WSEGSPACE_RANGES],
];

/** Set, beside the class, on characters that a dictionary has to tell apart. */
export const DICTIONARY_FLAG = 0x80;

/** Selects the class from an entry of {@link characterTable}. */
export const CLASS_MASK = 0x7f;

let table: Uint8Array | undefined;

/** For each code point its class, and {@link DICTIONARY_FLAG}. Made once, at first need: 1.1 MB that every counter shares. */
export function characterTable(): Uint8Array {
  if (table !== undefined) return table;
  const filled = new Uint8Array(0x110000);
  for (const [wordBreak, ranges] of RANGES) {
    eachRange(ranges, (first, end) => filled.fill(wordBreak, first, end));
  }
  eachRange(tables.EXTENDED_PICTOGRAPHIC_RANGES, (first, end) => {
    for (let point = first; point < end; point += 1) {
      if (filled[point] === WordBreak.Other) filled[point] = WordBreak.Pictographic;
      if (filled[point] === WordBreak.ALetter) filled[point] = WordBreak.PictographicLetter;
    }
  });
  eachRange(tables.DICTIONARY_RANGES, (first, end) => {
    for (let point = first; point < end; point += 1)
      filled[point] = (filled[point] as number) | DICTIONARY_FLAG;
  });
  table = filled;
  return filled;
}

/** Reads ranges as the generator writes them. */
function eachRange(encoded: string, visit: (first: number, end: number) => void): void {
  let end = 0;
  for (const range of encoded.split(';')) {
    const [gap = '', length = '0'] = range.split(',');
    const first = end + Number.parseInt(gap, 36);
    end = first + Number.parseInt(length, 36) + 1;
    visit(first, end);
  }
}
