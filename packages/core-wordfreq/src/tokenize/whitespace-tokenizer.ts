import { type CodePointSink, Utf8Decoder } from '../decode/utf8-decoder.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';

/**
 * The rule of the countwords benchmark: words stand between ASCII white space, and ASCII letters are counted in lower case. All
 * other bytes are taken as they are.
 */
export class WhitespaceTokenizer implements ByteTokenizer {
  words = 0;
  readonly #context: TokenizerContext;
  readonly #word: Uint8Array;
  #length = 0;
  #start = 0;
  #truncated = false;
  /** Only looks for bytes that are no UTF-8; ASCII text never meets it. */
  readonly #validator = new Utf8Decoder();
  readonly #validity: CodePointSink;

  constructor(context: TokenizerContext) {
    this.#context = context;
    this.#word = new Uint8Array(context.maxTokenBytes);
    this.#validity = {
      codePoint: () => undefined,
      invalid: (offset) => context.warnings.add('invalid-utf8', offset),
    };
  }

  push(chunk: Uint8Array, base: number): void {
    const word = this.#word;
    const lowest = this.#context.keepCase ? 0x5b : 0x41;
    let length = this.#length;
    let seen = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] as number;
      seen |= byte;
      if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) {
        if (length > 0) this.#endWord(length);
        length = 0;
        continue;
      }
      if (length === 0) this.#start = base + index;
      if (length < word.length) {
        word[length] = byte >= lowest && byte <= 0x5a ? byte | 0x20 : byte;
        length += 1;
      } else this.#truncated = true;
    }
    this.#length = length;
    if (seen >= 0x80 || this.#validator.pending) this.#validator.push(chunk, base, this.#validity);
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
