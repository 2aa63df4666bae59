import type { CountWarning, WarningCode } from '../warnings.ts';
import type { CountTotals } from '../word-counts.ts';
import type { FormatReader } from './format-reader.ts';
import type { FormatWriter } from './format-writer.ts';

// The format. Numbers are varints (seven bits a byte, lowest first); words are in the order of their bytes.
//   "WFC" version
//   total words, total bytes
//   by how much counts may be too low, words in no count: 0 and 0 for exact counts
//   number of warnings, then for each: the index of its code below, count, first offset
//   for each word: count, length of the prefix shared with the word before, length of the rest, the rest
//   0
//   CRC-32 of all of it, four bytes, highest first

/** The version that is written and read. Versions 1 and 2, which had no checksum, were never released. */
export const ENCODING_VERSION = 3;

const MAGIC = Uint8Array.of(0x57, 0x46, 0x43);
/** The longest word that is ever written: five words of 64 KB. */
const MAX_WORD_BYTES = 5 * 65_537;
/** An entry's three numbers, or the end with its checksum. */
const ENTRY_BYTES = 24;

/** The order is part of the format: new codes go to the end. */
const WARNING_CODES: readonly WarningCode[] = [
  'invalid-utf8',
  'nul',
  'byte-order-mark',
  'utf-16',
  'token-truncated',
  'undecodable',
];

/** What comes before the words. */
export interface CountsHeader {
  readonly totals: CountTotals;
  readonly warnings: readonly CountWarning[];
}

export function writeHeader(writer: FormatWriter, { totals, warnings }: CountsHeader): void {
  writer.raw(MAGIC);
  writer.varint(ENCODING_VERSION);
  writer.varint(totals.words);
  writer.varint(totals.bytes);
  writer.varint(totals.maxError);
  writer.varint(totals.uncounted);
  writer.varint(warnings.length);
  for (const { code, count, firstOffset } of warnings) {
    writer.varint(WARNING_CODES.indexOf(code));
    writer.varint(count);
    writer.varint(firstOffset);
  }
}

/** No header has more bytes. */
export const HEADER_BYTES = 1024;

/** Reads a header. {@link HEADER_BYTES} must be available, or all bytes that there are. */
export function readHeader(reader: FormatReader): CountsHeader {
  reader.startChecksum();
  if (!reader.has(4) || MAGIC.some((byte) => reader.raw(1)[0] !== byte)) throw reader.broken('the mark WFC');
  const version = reader.varint();
  if (version !== ENCODING_VERSION) throw reader.broken(`version ${ENCODING_VERSION}, got ${version},`);
  const totalWords = reader.varint();
  const totals: CountTotals = {
    words: totalWords,
    bytes: reader.varint(),
    maxError: reader.varint(),
    uncounted: reader.varint(),
  };
  const kinds = reader.varint();
  if (kinds > WARNING_CODES.length) throw reader.broken(`up to ${WARNING_CODES.length} warnings`);
  const warnings: CountWarning[] = [];
  for (let index = 0; index < kinds; index += 1) {
    const code = WARNING_CODES[reader.varint()];
    if (code === undefined) throw reader.broken('a known warning');
    warnings.push({ code, count: reader.varint(), firstOffset: reader.varint() });
  }
  return { totals, warnings };
}

/** Writes words in the order of their bytes, without the prefix that they share with the word before. */
export class EntryWriter {
  readonly #writer: FormatWriter;
  #last: Uint8Array = new Uint8Array();

  constructor(writer: FormatWriter) {
    this.#writer = writer;
  }

  write(word: Uint8Array, count: number): void {
    const last = this.#last;
    const limit = Math.min(last.length, word.length);
    let shared = 0;
    while (shared < limit && last[shared] === word[shared]) shared += 1;
    this.#writer.varint(count);
    this.#writer.varint(shared);
    this.#writer.varint(word.length - shared);
    this.#writer.raw(word.subarray(shared));
    this.#last = word.slice();
  }

  end(): void {
    this.#writer.varint(0);
    this.#writer.checksum();
  }
}

/** Reads words one after the other. */
export class EntryReader {
  /** The current word; valid until the next. */
  word: Uint8Array = new Uint8Array();
  count = 0;
  readonly #reader: FormatReader;
  #isFirst = true;
  #shared = 0;
  #more = 0;

  constructor(reader: FormatReader) {
    this.#reader = reader;
  }

  /** Reads the next word; returns false at the end, where the checksum must be right. */
  async next(): Promise<boolean> {
    const reader = this.#reader;
    if (!reader.has(ENTRY_BYTES)) await reader.fill(ENTRY_BYTES);
    if (!this.#readNumbers()) return false;
    if (!reader.has(this.#more)) await reader.fill(this.#more);
    this.#readWord();
    return true;
  }

  /** As {@link next}, if all bytes are in memory. */
  nextAtOnce(): boolean {
    if (!this.#readNumbers()) return false;
    this.#readWord();
    return true;
  }

  #readNumbers(): boolean {
    const reader = this.#reader;
    this.count = reader.varint();
    if (this.count === 0) {
      reader.requireChecksum();
      return false;
    }
    this.#shared = reader.varint();
    this.#more = reader.varint();
    if (this.#shared > this.word.length) throw reader.broken(`up to ${this.word.length} shared bytes`);
    if (this.#more > MAX_WORD_BYTES) throw reader.broken(`a word of up to ${MAX_WORD_BYTES} bytes`);
    return true;
  }

  #readWord(): void {
    const last = this.word;
    const shared = this.#shared;
    const more = this.#reader.raw(this.#more);
    // Merging relies on the order.
    const isInOrder =
      more.length > 0 && (shared === last.length || (more[0] as number) > (last[shared] as number));
    if (!isInOrder && !this.#isFirst) throw this.#reader.broken('words in the order of their bytes');
    const word = new Uint8Array(shared + more.length);
    word.set(last.subarray(0, shared));
    word.set(more, shared);
    this.word = word;
    this.#isFirst = false;
  }
}

/**
 * Returns a number below 0 if the first word comes first in the order of bytes, which is that of code points.
 */
export function compareBytes(first: Uint8Array, second: Uint8Array): number {
  const common = Math.min(first.length, second.length);
  for (let index = 0; index < common; index += 1) {
    const difference = (first[index] as number) - (second[index] as number);
    if (difference !== 0) return difference;
  }
  return first.length - second.length;
}
