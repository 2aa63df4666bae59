import { WordTable } from './word-table.ts';

/** How words are to be spelled. */
export interface Spelling {
  /** Whether the text had bytes that are no UTF-8, so that words may have such. */
  readonly hasInvalidBytes: boolean;
  /** Whether to compose characters by Unicode's form NFC. */
  readonly isComposed: boolean;
}

/** The first byte of U+0300. NFC leaves texts alone that have only code points below (Unicode Standard Annex #15, section 9). */
const FIRST_COMPOSABLE_BYTE = 0xcc;
const FIRST_NON_ASCII_BYTE = 0x80;

/**
 * Words are counted as bytes, and bytes that are no UTF-8 read as U+FFFD. Where reading or composing makes two words alike, they become
 * one. A table with nothing to change comes back as it is.
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
