import type { Warnings } from '../warnings.ts';

/** Takes the text as UTF-8, without a byte order mark. */
export type Utf8Sink = (chunk: Uint8Array, base: number) => void;

/** The encoding of a text; `undecided` until its first three bytes are known. */
export type TextEncoding = 'undecided' | 'utf-8' | 'utf-16le' | 'utf-16be';

/** The state of decoding. */
export interface DecodingState {
  readonly encoding: TextEncoding;
  /** Bytes that were not passed on yet: the first ones, or an incomplete character of UTF-16. */
  readonly pending: Uint8Array;
  /** The number of bytes that were passed on, plus those of a UTF-8 byte order mark. */
  readonly offset: number;
}

const EMPTY = new Uint8Array();

/** The state at the start of a text. */
export const TEXT_START: DecodingState = { encoding: 'undecided', pending: EMPTY, offset: 0 };
/** The state inside a text, where there is no byte order mark. */
export const INSIDE_TEXT: DecodingState = { encoding: 'utf-8', pending: EMPTY, offset: 0 };

/**
 * Looks for a byte order mark in the first bytes. A UTF-8 mark is left out; after a UTF-16 mark, the text is
 * decoded as UTF-16. Everything else is passed on as it is. Offsets count the bytes that were pushed; for
 * UTF-16, the bytes of the text in UTF-8.
 */
export class TextEncodingDetector {
  readonly #sink: Utf8Sink;
  readonly #warnings: Warnings;
  #encoding: TextEncoding;
  #pending: Uint8Array;
  #offset: number;

  constructor(warnings: Warnings, start: DecodingState, sink: Utf8Sink) {
    this.#warnings = warnings;
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
    if (this.#encoding === 'undecided') {
      const missing = 3 - this.#pending.length;
      this.#pending = joined(this.#pending, chunk.subarray(0, missing));
      if (this.#pending.length < 3) return;
      rest = chunk.subarray(missing);
      this.#decide();
    }
    if (this.#encoding === 'utf-8') this.#pass(rest);
    else this.#decode(rest);
  }

  /** Takes the end of the text, and returns how many bytes it has as UTF-8, including a byte order mark. */
  finish(): number {
    if (this.#encoding === 'undecided') this.#decide();
    if (this.#encoding === 'utf-16le' || this.#encoding === 'utf-16be') {
      this.#pass(encoder.encode(DECODERS[this.#encoding]().decode(this.#pending)));
      this.#pending = EMPTY;
    }
    return this.#offset;
  }

  #decide(): void {
    const first = this.#pending;
    const [a, b, c] = first;
    this.#encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
    this.#pending = EMPTY;
    if (this.#encoding !== 'utf-8') {
      this.#warnings.add('utf-16', 0);
      this.#decode(first.subarray(2));
    } else if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.#warnings.add('byte-order-mark', 0);
      this.#offset = 3;
    } else this.#pass(first);
  }

  /**
   * Decodes whole characters of UTF-16. An incomplete one is kept in `#pending`, so that a snapshot includes
   * it.
   */
  #decode(bytes: Uint8Array): void {
    const encoding = this.#encoding === 'utf-16le' ? 'utf-16le' : 'utf-16be';
    const all = joined(this.#pending, bytes);
    let whole = all.length - (all.length % 2);
    const high = all[encoding === 'utf-16le' ? whole - 1 : whole - 2] ?? 0;
    if (high >= 0xd8 && high <= 0xdb) whole -= 2;
    this.#pending = all.slice(whole);
    this.#pass(encoder.encode(DECODERS[encoding]().decode(all.subarray(0, whole))));
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#sink(bytes, this.#offset);
    this.#offset += bytes.length;
  }
}

// The mark at the start is left out by its position; later ones are characters.
const DECODERS = {
  'utf-16le': (): InstanceType<typeof TextDecoder> => new TextDecoder('utf-16le', { ignoreBOM: true }),
  'utf-16be': (): InstanceType<typeof TextDecoder> => new TextDecoder('utf-16be', { ignoreBOM: true }),
};

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second.slice();
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const encoder = new TextEncoder();
