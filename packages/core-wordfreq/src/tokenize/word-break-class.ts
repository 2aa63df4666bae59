/**
 * Word_Break property values (UAX #29, table 3), numbered. `Extended_Pictographic`, which WB3c needs, is
 * another property; it becomes two more classes, because its characters have the class Other or ALetter.
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

/** The number of classes. */
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

/** Whether a character of this class may have a case: a letter, or the combining iota subscript. */
export function isCased(wordBreak: number): boolean {
  return (
    wordBreak === WordBreak.ALetter ||
    wordBreak === WordBreak.PictographicLetter ||
    wordBreak === WordBreak.Extend
  );
}
