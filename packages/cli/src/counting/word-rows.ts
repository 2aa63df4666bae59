import { csvField, escapeField } from '@org/wordfreq-aws-adapters/rules';
import type { WordColumns } from '@org/wordfreq-core';

/** The forms of rows. */
export type RowFormat = 'csv' | 'tsv';

/** What a form of rows does with a field, and what of a word it leaves as it is. */
interface RowRules {
  readonly separator: string;
  readonly field: (text: string) => string;
  /** For each byte of UTF-8, 1 if `field` leaves every character with it as it is; 2 if only after the first. */
  readonly plain: Uint8Array;
}

const IN_WORDS = 1;
const AFTER_FIRST = 2;

/** First bytes of characters that `escapeField` and `csvField` look at: C1, Arabic marks, U+2000 ff., full-width signs. */
const LOOKED_AT = [0xc2, 0xd8, 0xe2, 0xef];

const RULES: Readonly<Record<RowFormat, RowRules>> = {
  csv: {
    separator: ',',
    field: (text) => csvField(escapeField(text)),
    plain: plainBytes({ never: '",', notFirst: '=+-@' }),
  },
  tsv: { separator: '\t', field: escapeField, plain: plainBytes({ never: '', notFirst: '' }) },
};

function plainBytes({ never, notFirst }: { never: string; notFirst: string }): Uint8Array {
  const plain = new Uint8Array(256).fill(IN_WORDS);
  plain.fill(0, 0, 0x20);
  for (const byte of [0x7f, ...LOOKED_AT, ...Buffer.from(never)]) plain[byte] = 0;
  for (const byte of Buffer.from(notFirst)) plain[byte] = AFTER_FIRST;
  return plain;
}

/** The first row, which names the others. */
export function headerRow(format: RowFormat, isNamed: boolean): string {
  return [...(isNamed ? ['file'] : []), 'word', 'count'].join(RULES[format].separator);
}

/** Room for rows that are written at once, and for a count with what is around it. */
const BLOCK_BYTES = 64 * 1024;
const COUNT_BYTES = 32;

/**
 * Rows of words with their counts, in blocks of UTF-8: for millions of words, because a string for each takes
 * longer than counting them. Most words have nothing to escape and are copied.
 *
 * @param name - the first field of each row, if there is one
 */
export function* wordRows(
  { bytes, starts, counts }: WordColumns,
  format: RowFormat,
  name?: string,
): Generator<Uint8Array> {
  const { separator, field, plain } = RULES[format];
  const start = Buffer.from(name === undefined ? '' : field(name) + separator);
  const afterWord = separator.charCodeAt(0);
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let at = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const from = starts[index] as number;
    const end = starts[index + 1] as number;
    const isPlain = isPlainWord(bytes, from, end, plain);
    const word = isPlain ? undefined : Buffer.from(field(Buffer.from(bytes.subarray(from, end)).toString()));
    const needed = start.length + (word?.length ?? end - from) + COUNT_BYTES;
    if (at + needed > block.length) {
      yield block.subarray(0, at);
      // The block may not have been written yet.
      block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, needed));
      at = 0;
    }
    block.set(start, at);
    at += start.length;
    if (word !== undefined) {
      block.set(word, at);
      at += word.length;
    } else for (let byte = from; byte < end; byte += 1, at += 1) block[at] = bytes[byte] as number;
    block[at] = afterWord;
    at = putNumber(block, at + 1, counts[index] as number);
    block[at] = LINE_FEED;
    at += 1;
  }
  yield block.subarray(0, at);
}

const LINE_FEED = 0x0a;
const ZERO = 0x30;

function isPlainWord(bytes: Uint8Array, from: number, end: number, plain: Uint8Array): boolean {
  if (plain[bytes[from] as number] !== IN_WORDS) return false;
  for (let at = from + 1; at < end; at += 1) if (plain[bytes[at] as number] === 0) return false;
  return true;
}

/** Writes a count in decimal. Returns where it ends. */
function putNumber(block: Buffer, at: number, count: number): number {
  if (count < 10) {
    block[at] = ZERO + count;
    return at + 1;
  }
  return at + block.write(String(count), at, 'latin1');
}
