import { WordTable } from './word-table.ts';

/** How the words of a table are spelled in the result. */
export interface Spelling {
  /** Whether the text has bytes that are not UTF-8, so that words may have some. */
  readonly hasInvalidBytes: boolean;
  /** Whether to normalize words to NFC. */
  readonly isComposed: boolean;
}

/** The first byte of U+0300. NFC does not change texts with only lower code points (UAX #15, section 9). */
const FIRST_COMPOSABLE_BYTE = 0xcc;
const FIRST_NON_ASCII_BYTE = 0x80;

/**
 * Words are counted as bytes. In the result, bytes that are not UTF-8 become U+FFFD, and words may be
 * normalized. If that makes two words equal, they become one. A table with nothing to change is returned as
 * it is.
 */
export function readableWords(table: WordTable, { hasInvalidBytes, isComposed }: Spelling): WordTable {
  if (!hasInvalidBytes && !isComposed) return table;
  const lowest = hasInvalidBytes ? FIRST_NON_ASCII_BYTE : FIRST_COMPOSABLE_BYTE;
  const spell = (word: Uint8Array): Uint8Array => {
    if (!reaches(word, lowest)) return word;
    const text = decoder.decode(word);
    return encoder.encode(isComposed ? text.normalize('NFC') : text);
  };
  let entry = 0;
  while (entry < table.size && isSame(table.word(entry), spell(table.word(entry)))) entry += 1;
  if (entry === table.size) return table;
  const readable = new WordTable();
  for (entry = 0; entry < table.size; entry += 1) {
    const word = spell(table.word(entry));
    readable.add(word, word.length, table.count(entry));
  }
  return readable;
}

function reaches(word: Uint8Array, lowest: number): boolean {
  for (let index = 0; index < word.length; index += 1) if ((word[index] as number) >= lowest) return true;
  return false;
}

function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return (
    first === second || (first.length === second.length && first.every((byte, at) => byte === second[at]))
  );
}

const encoder = new TextEncoder();
// A word may begin with U+FEFF, which must not be taken for a byte order mark.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
