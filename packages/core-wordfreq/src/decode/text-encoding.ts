import type { Warnings } from '../warnings.ts';

/** Takes the text's bytes as UTF-8, without a byte order mark. */
export type Utf8Sink = (chunk: Uint8Array, base: number) => void;

/**
 * Looks at the first bytes for a byte order mark. UTF-8's is left out; UTF-16's makes the text be decoded as such. Everything else is
 * passed on untouched. Offsets are those of the bytes pushed; for UTF-16, those of the text's UTF-8 form.
 */
export class TextEncodingDetector {
  readonly #sink: Utf8Sink;
  readonly #warnings: Warnings;
  /** The first bytes, as long as there may be a mark; then undefined. */
  #first: number[] | undefined = [];
  #utf16: InstanceType<typeof TextDecoder> | undefined;
  /** Bytes given to the sink, plus a UTF-8 mark's. */
  #offset = 0;

  /** Only what `startsText` can have a mark. */
  constructor(warnings: Warnings, startsText: boolean, sink: Utf8Sink) {
    if (!startsText) this.#first = undefined;
    this.#warnings = warnings;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (this.#first !== undefined) {
      let taken = 0;
      while (taken < chunk.length && this.#first.length < 3) {
        this.#first.push(chunk[taken] as number);
        taken += 1;
      }
      if (this.#first.length < 3) return;
      rest = chunk.subarray(taken);
      this.#decide(this.#first);
    }
    if (this.#utf16 === undefined) this.#give(rest);
    else this.#give(encode(this.#utf16.decode(rest, { stream: true })));
  }

  /** Takes the end of the text; answers how many bytes the sink's text has, a mark included. */
  finish(): number {
    if (this.#first !== undefined) this.#decide(this.#first);
    if (this.#utf16 !== undefined) this.#give(encode(this.#utf16.decode()));
    return this.#offset;
  }

  #decide(first: readonly number[]): void {
    this.#first = undefined;
    const [a, b, c] = first;
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.#warnings.add('byte-order-mark', 0);
      this.#offset = 3;
      return;
    }
    const encoding =
      a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
    if (encoding === undefined) {
      this.#give(Uint8Array.from(first));
      return;
    }
    this.#warnings.add('utf-16', 0);
    this.#utf16 = new TextDecoder(encoding);
    this.#give(encode(this.#utf16.decode(Uint8Array.from(first), { stream: true })));
  }

  #give(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#sink(bytes, this.#offset);
    this.#offset += bytes.length;
  }
}

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);
