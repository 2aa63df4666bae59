import { decodeText } from '../charset/decode-text.ts';

/**
 * Signs of a wrong encoding in a text of one byte per character: an upper-case letter after a lower-case one, a
 * sign inside a word, a mark that has no letter before it, and what no text has. `’`, `·` and the like do occur
 * inside words, and so do dashes.
 */
const ODD = new RegExp(
  [
    '(?<=\\p{Ll})\\p{Lu}(?=[^\\0-\\x7f]|(?<=[^\\0-\\x7f]))',
    '(?<=\\p{L})[^\\p{L}\\p{M}\\p{N}\\p{Pd}\\p{Z}\\0-\\x7f’‘ʼ·\\u00ad](?=\\p{L})',
    '(?<![\\p{L}\\p{M}])\\p{M}',
    '[\\x80-\\x9f\\ufffd]',
  ].join('|'),
  'gu',
);
/** The same in an encoding whose characters have several bytes: its punctuation stands between letters. */
const ODD_MULTIBYTE = /[\ufffd\x80-\x9f\p{Co}]/gu;

const HIGH = /[^\0-\x7f]/gu;
const LETTERS = /(?![\0-\x7f])[\p{L}\p{M}]/gu;
const PUNCTUATION = /[‘’“”«»„–—\u00a0]/gu;

/** Returns how many of the characters above U+007F are odd, from 0 to 1, if bytes are read in an encoding. */
export function oddShare(encoding: string, bytes: Uint8Array, isMultibyte: boolean): number {
  const text = wholeText(encoding, bytes);
  const high = Math.max(1, count(text, HIGH));
  if (isMultibyte) return count(text, ODD_MULTIBYTE) / high;
  // Letters of a DOS or Mac code page become dots, daggers and the like.
  const isProse = count(text, LETTERS) >= high / 2 || count(text, PUNCTUATION) >= high * 0.9;
  return isProse ? count(text, ODD) / high : 1;
}

/**
 * Whether bytes are Thai in windows-874. Its vowel signs and tone marks, a fifth of a text, stand only above and
 * below letters.
 */
export function isThai(bytes: Uint8Array): boolean {
  const text = wholeText('windows-874', bytes);
  const thai = count(text, /\p{Script=Thai}/gu);
  const marks = count(text, /[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]/gu);
  const misplaced = count(text, /(?<![\u0e01-\u0e4e])\p{M}|[\ufffd\x80-\x9f]/gu);
  return thai >= count(text, HIGH) * 0.9 && marks >= thai * 0.1 && misplaced <= thai * 0.01;
}

/** Without the end, where a character may be cut. */
function wholeText(encoding: string, bytes: Uint8Array): string {
  const text = decodeText(encoding, bytes);
  return text.endsWith('\ufffd') ? text.slice(0, -1) : text;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
