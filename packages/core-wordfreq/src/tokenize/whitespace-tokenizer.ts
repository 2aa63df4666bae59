import { type CodePointSink, Utf8Decoder } from '../charset/utf8-decoder.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';

/**
 * The rule of the countwords benchmark: words stand between ASCII white space, and ASCII letters are counted in lower case. All
 * other bytes are taken as they are.
 */
export class WhitespaceTokenizer implements ByteTokenizer {
  words = 0;
  readonly #context: TokenizerContext;
  readonly #word: Uint8Array;
  /** Byte → what is kept of it, or `SPACE`. */
  readonly #bytes: Uint16Array;
  readonly #isCased: boolean;
  /** A word of more than eight bytes, up to 64. */
  readonly #longer: Uint8Array;
  readonly #longerView: DataView;
  /** The bytes of a chunk that may not be ASCII, or-ed. */
  #seen = 0;
  #length = 0;
  #start = 0;
  #truncated = false;
  /** Only looks for bytes that are no UTF-8; ASCII text never meets it. */
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
    // Words that begin and end here are read fast; before and behind them are parts of words.
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
   * Reads words that begin before `end`, from between words on; answers where it ends, between words again. There are eight bytes more behind
   * the last. Words of up to eight ASCII bytes, which most are, are taken four bytes at a time and never copied.
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
      // How long a word is cannot be predicted, so there is no branch.
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

  /** Copies an ASCII word, as it is counted. Answers its length, or 0 if it is longer than the limit, or not ASCII. */
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

/** Engines replace slow code by fast code best when it is called again, so long work is done in several calls. */
const AT_A_TIME = 2048;

/** No bytes; the second is a zero when it is stored as one. */
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

/** Of four bytes, the first of them lowest, all bits of those before the first from 0 to 0x20. */
function beforeSpace(bytes: number): number {
  // A byte's highest bit is set where it borrows; what borrows because of the byte below comes later, and does not matter.
  const found = ((bytes - 0x21212121) & ~bytes & NOT_ASCII) >>> 7;
  return ~found & (found - 1);
}

/** Four ASCII bytes, letters in lower case. */
function lowerCased(bytes: number): number {
  const isUpper = (bytes + 0x3f3f3f3f) & ~(bytes + 0x25252525) & NOT_ASCII;
  return bytes | (isUpper >>> 2);
}

/** Behind the first white space, or the end. */
function endOfPart(chunk: Uint8Array, from = 0): number {
  let at = from;
  while (at < chunk.length && !isSpace(chunk[at])) at += 1;
  return Math.min(at + 1, chunk.length);
}

/** Behind the last white space that has eight bytes behind it, or `from` if there is none behind that. */
function startOfPart(chunk: Uint8Array, from: number): number {
  let at = Math.max(from, chunk.length - 8);
  while (at > from && !isSpace(chunk[at - 1])) at -= 1;
  return at;
}

/** Leaves out a last character whose bytes were cut off; bytes that are no UTF-8 anyway stay. */
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
