import { type CodePointSink, Utf8Decoder } from '../charset/utf8-decoder.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';

/**
 * The rule of the countwords benchmark: words are separated by ASCII white space, and ASCII letters are
 * lower-cased. All other bytes are kept as they are.
 */
export class WhitespaceTokenizer implements ByteTokenizer {
  words = 0;
  readonly #context: TokenizerContext;
  readonly #word: Uint8Array;
  /** Byte → what is stored for it, or `SPACE`. */
  readonly #bytes: Uint16Array;
  readonly #isCased: boolean;
  /** Room for a word of 9 to 64 bytes. */
  readonly #longer: Uint8Array;
  readonly #longerView: DataView;
  /** The bitwise or of the bytes of a chunk that may not be ASCII. */
  #seen = 0;
  #length = 0;
  #start = 0;
  #truncated = false;
  /** Only looks for bytes that are not UTF-8; it is not used for ASCII text. */
  readonly #validator = new Utf8Decoder();
  readonly #validity: CodePointSink;

  constructor(context: TokenizerContext) {
    this.#context = context;
    this.#word = new Uint8Array(context.maxTokenBytes);
    this.#bytes = keptBytes(context.keepCase);
    this.#isCased = context.keepCase;
    this.#longer = new Uint8Array(Math.min(64, context.maxTokenBytes & ~3));
    this.#longerView = new DataView(this.#longer.buffer);
    this.#validity = {
      codePoint: () => undefined,
      invalid: (offset) => context.warnings.add('invalid-utf8', offset),
    };
  }

  push(chunk: Uint8Array, base: number): void {
    // Whole words are read fast; the chunk may start and end with parts of words.
    const from = endOfPart(chunk);
    const end = startOfPart(chunk, from);
    this.#seen = 0;
    this.#readPart(chunk, 0, from, base);
    for (let at = from; at < end; ) {
      at = this.#readWhole(chunk, at, Math.min(at + AT_A_TIME, end), base);
    }
    this.#readPart(chunk, end, chunk.length, base);
    if (this.#seen > 0x7f || this.#validator.pending) this.#validator.push(chunk, base, this.#validity);
  }

  /** Reads any bytes. */
  #readPart(chunk: Uint8Array, from: number, end: number, base: number): void {
    const word = this.#word;
    const bytes = this.#bytes;
    let length = this.#length;
    let seen = 0;
    for (let index = from; index < end; index += 1) {
      const byte = chunk[index] as number;
      seen |= byte;
      const kept = bytes[byte] as number;
      if (kept === SPACE) {
        if (length > 0) this.#endWord(length);
        length = 0;
        continue;
      }
      if (kept === ZERO) this.#context.warnings.add('nul', base + index);
      if (length === 0) this.#start = base + index;
      if (length < word.length) {
        word[length] = kept;
        length += 1;
      } else this.#truncated = true;
    }
    this.#length = length;
    this.#seen |= seen;
  }

  /**
   * Reads the words that start before `end`. No word is open at `from`, nor where this ends, which is
   * returned. At least eight bytes follow the last word. Words of up to eight ASCII bytes, which most are,
   * are read four bytes at a time and never copied.
   */
  #readWhole(chunk: Uint8Array, from: number, end: number, base: number): number {
    const { words } = this.#context;
    const bytes = this.#bytes;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let found = 0;
    let at = from;
    while (at < end) {
      const first = view.getInt32(at, true);
      const second = view.getInt32(at + 4, true);
      // The length of a word cannot be predicted, so there is no branch.
      const firstKept = beforeSpace(first);
      const secondKept = beforeSpace(second) & (firstKept >> 31);
      const low = first & firstKept;
      const high = second & secondKept;
      const length = (64 - Math.clz32(firstKept) - Math.clz32(secondKept)) >> 3;
      if (bytes[chunk[at + length] as number] === SPACE && ((low | high) & NOT_ASCII) === 0) {
        if (length > 0) {
          words.addShort(
            this.#isCased ? low : lowerCased(low),
            this.#isCased ? high : lowerCased(high),
            length,
          );
          found += 1;
        }
        at += length + 1;
        continue;
      }
      const longer = this.#copyLonger(view, at);
      if (longer > 0 && bytes[chunk[at + longer] as number] === SPACE) {
        words.add(this.#longer, longer);
        found += 1;
        at += longer + 1;
      } else {
        const wordEnd = endOfPart(chunk, at);
        this.#readPart(chunk, at, wordEnd, base);
        at = wordEnd;
      }
    }
    this.words += found;
    return at;
  }

  /**
   * Copies an ASCII word in the form that is counted. Returns its length, or 0 if it is too long or not
   * ASCII.
   */
  #copyLonger(view: DataView, at: number): number {
    const copy = this.#longerView;
    for (let from = 0; from < copy.byteLength; from += 4) {
      const four = view.getInt32(at + from, true);
      const kept = beforeSpace(four);
      const word = four & kept;
      if ((word & NOT_ASCII) !== 0) return 0;
      copy.setInt32(from, this.#isCased ? word : lowerCased(word), true);
      if (kept !== -1) return from + ((32 - Math.clz32(kept)) >> 3);
    }
    return 0;
  }

  finish(totalBytes: number): void {
    this.#validator.finish(totalBytes, this.#validity);
    if (this.#length > 0) this.#endWord(this.#length);
  }

  #endWord(fullLength: number): void {
    let length = fullLength;
    if (this.#truncated) {
      this.#context.warnings.add('token-truncated', this.#start);
      this.#truncated = false;
      length = withoutBrokenEnd(this.#word, fullLength);
    }
    this.#context.words.add(this.#word, length);
    this.words += 1;
  }
}

/**
 * V8 switches to optimized code best when a function is called again, so long work is done in several calls.
 */
const AT_A_TIME = 2048;

/** Not bytes; `ZERO` becomes a zero byte when it is stored. */
const SPACE = 0x200;
const ZERO = 0x100;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function keptBytes(keepCase: boolean): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    if (isSpace(byte)) return SPACE;
    if (byte === 0) return ZERO;
    return !keepCase && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
  });
}

const NOT_ASCII = 0x80808080;

/** Of four bytes, the first one lowest, returns all bits of those before the first byte from 0 to 0x20. */
function beforeSpace(bytes: number): number {
  // A byte's highest bit is set if it borrows. A byte that borrows only because of the byte below is later,
  // and does not matter.
  const found = ((bytes - 0x21212121) & ~bytes & NOT_ASCII) >>> 7;
  return ~found & (found - 1);
}

/** Lower-cases the letters of four ASCII bytes. */
function lowerCased(bytes: number): number {
  const isUpper = (bytes + 0x3f3f3f3f) & ~(bytes + 0x25252525) & NOT_ASCII;
  return bytes | (isUpper >>> 2);
}

/** Returns the index after the first white space, or the end. */
function endOfPart(chunk: Uint8Array, from = 0): number {
  let at = from;
  while (at < chunk.length && !isSpace(chunk[at])) at += 1;
  return Math.min(at + 1, chunk.length);
}

/**
 * Returns the index after the last white space that eight bytes follow, or `from` if there is none after
 * that.
 */
function startOfPart(chunk: Uint8Array, from: number): number {
  let at = Math.max(from, chunk.length - 8);
  while (at > from && !isSpace(chunk[at - 1])) at -= 1;
  return at;
}

/** Returns the length without a last character that is incomplete. Bytes that are not UTF-8 anyway stay. */
function withoutBrokenEnd(bytes: Uint8Array, length: number): number {
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] as number;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? length - back : length;
    }
    if (byte < 0x80) return length;
  }
  return length;
}
