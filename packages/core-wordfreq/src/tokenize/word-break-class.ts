/**
 * Word_Break property values (UAX #29, table 3), numbered. Some of them are split by another property, which
 * becomes a class of its own: `Extended_Pictographic`, which WB3c needs, `White_Space`, which is never part of
 * a word, and `Default_Ignorable_Code_Point`, because letters that nobody can see make no word.
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
  /** Other and White_Space: tab, no-break spaces. */
  WhiteSpace: 19,
  /** ALetter and Default_Ignorable_Code_Point: the fillers of Hangul. */
  InvisibleLetter: 20,
  /** Other and Extended_Pictographic. This and the next one are the last, so that one comparison finds both. */
  Pictographic: 21,
  /** ALetter and Extended_Pictographic, such as Ⓜ. */
  PictographicLetter: 22,
} as const;

/** The number of classes. */
export const WORD_BREAK_CLASSES = 23;

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

/** Whether a character of this class is white space that stands only between words. */
export function isWhiteSpace(wordBreak: number): boolean {
  return wordBreak === WordBreak.WSegSpace || wordBreak === WordBreak.WhiteSpace;
}
