import type { Warnings } from '../warnings.ts';
import { damageOf, decodableBytes, decodeText } from './decode-text.ts';
import { beginningBytes, type EncodingOption, encodingOf, type TextEncoding } from './text-encoding.ts';

/** Takes the text as UTF-8, without a byte order mark. */
export type Utf8Sink = (chunk: Uint8Array, base: number) => void;

/** The state of decoding. */
export interface DecodingState {
  /** Undefined until the beginning of the text is known. */
  readonly encoding: TextEncoding | undefined;
  /** Bytes that were not passed on yet: the beginning, or an incomplete character. */
  readonly pending: Uint8Array;
  /** The number of bytes that were passed on, plus those of a UTF-8 byte order mark. */
  readonly offset: number;
}

const EMPTY = new Uint8Array();

/** The state at the start of a text. */
export const TEXT_START: DecodingState = { encoding: undefined, pending: EMPTY, offset: 0 };
/** The state inside a text in UTF-8, where there is no byte order mark. */
export const INSIDE_TEXT: DecodingState = {
  encoding: { name: 'utf-8', foundBy: 'default' },
  pending: EMPTY,
  offset: 0,
};

/**
 * Finds the encoding of a text from its beginning, and passes the text on as UTF-8: unchanged if it is UTF-8,
 * without a byte order mark. Offsets count the bytes that were pushed; for other encodings, the bytes of the text
 * in UTF-8.
 */
export class TextDecoding {
  readonly #sink: Utf8Sink;
  readonly #warnings: Warnings;
  readonly #option: EncodingOption;
  #encoding: TextEncoding | undefined;
  #pending: Uint8Array;
  #offset: number;

  constructor(warnings: Warnings, start: DecodingState, option: EncodingOption, sink: Utf8Sink) {
    this.#warnings = warnings;
    this.#option = option;
    this.#encoding = start.encoding;
    this.#pending = start.pending;
    this.#offset = start.offset;
    this.#sink = sink;
  }

  /** The state of decoding. */
  get state(): DecodingState {
    return { encoding: this.#encoding, pending: this.#pending, offset: this.#offset };
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (this.#encoding === undefined) {
      const missing = beginningBytes(this.#option) - this.#pending.length;
      this.#pending = appended(this.#pending, chunk.subarray(0, missing));
      if (chunk.length < missing) return;
      rest = chunk.subarray(missing);
      this.#begin(false);
    }
    this.#take(rest);
  }

  /** Takes the end of the text, and returns how many bytes it has as UTF-8, including a byte order mark. */
  finish(): number {
    if (this.#encoding === undefined) this.#begin(true);
    if (this.#pending.length > 0) this.#decode(this.#pending);
    this.#pending = EMPTY;
    return this.#offset;
  }

  #begin(isWholeText: boolean): void {
    const beginning = this.#pending;
    const { encoding, markBytes } = encodingOf(beginning, this.#option, isWholeText);
    this.#encoding = encoding;
    this.#pending = EMPTY;
    if (encoding.name.startsWith('utf-16')) this.#warnings.add('utf-16', 0);
    if (encoding.name === 'utf-8' && markBytes > 0) {
      this.#warnings.add('byte-order-mark', 0);
      this.#offset = markBytes;
    }
    this.#take(beginning.subarray(markBytes));
  }

  #take(bytes: Uint8Array): void {
    const name = this.#encoding?.name ?? 'utf-8';
    if (name === 'utf-8') {
      this.#pass(bytes);
      return;
    }
    const all = this.#pending.length === 0 ? bytes : appended(this.#pending, bytes);
    const end = decodableBytes(name, all);
    this.#pending = all.slice(end);
    this.#decode(all.subarray(0, end));
  }

  #decode(bytes: Uint8Array): void {
    const name = this.#encoding?.name ?? 'utf-8';
    const text = decodeText(name, bytes);
    const damage = damageOf(name, bytes, text);
    if (damage > 0) {
      const before = encoder.encode(text.slice(0, text.indexOf('\ufffd')));
      this.#warnings.add('undecodable', this.#offset + before.length, damage);
    }
    this.#pass(encoder.encode(text));
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#sink(bytes, this.#offset);
    this.#offset += bytes.length;
  }
}

/** Returns both, in the memory of the first if it has room. Only the caller has a view of what follows it. */
function appended(first: Uint8Array, second: Uint8Array): Uint8Array {
  const length = first.length + second.length;
  const room = first.buffer.byteLength - first.byteOffset;
  if (room < length) {
    const roomy = new Uint8Array(first.length === 0 ? length : 2 * length);
    roomy.set(first);
    roomy.set(second, first.length);
    return roomy.subarray(0, length);
  }
  const both = new Uint8Array(first.buffer, first.byteOffset, length);
  both.set(second, first.length);
  return both;
}

const encoder = new TextEncoder();
