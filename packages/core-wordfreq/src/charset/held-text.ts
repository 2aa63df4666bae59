import type { Utf8Sink } from './text-decoding.ts';

/** The largest stretch without ASCII white space that is held back. */
export const MAX_HELD_BYTES: number = 1024 * 1024;

const EMPTY = new Uint8Array();

/**
 * Passes text on up to its last ASCII white space, where words end for every tokenizer, and holds the rest
 * back. So the sink is always at a place where no word is open: where a snapshot can be taken. A stretch that
 * is too long to be held is passed on as it comes; after it, snapshots are possible again.
 */
export class HeldText {
  readonly #sink: Utf8Sink;
  #bytes: Uint8Array;
  #length: number;
  #end: number;
  #isPassing = false;

  /** `held` is text that a snapshot held back; it ends at `end`. */
  constructor(sink: Utf8Sink, end = 0, held: Uint8Array = EMPTY) {
    this.#sink = sink;
    this.#bytes = held;
    this.#length = held.length;
    this.#end = end;
  }

  /** Takes the bytes that follow. Bytes that are held back are copied. */
  push(chunk: Uint8Array, base: number): void {
    const wordsEnd = afterLastSpace(chunk);
    if (wordsEnd > 0) {
      this.#passHeld();
      this.#sink(chunk.subarray(0, wordsEnd), base);
      this.#isPassing = false;
    }
    const rest = chunk.subarray(wordsEnd);
    if (!this.#isPassing && this.#length + rest.length <= MAX_HELD_BYTES) this.#hold(rest);
    else {
      this.#passHeld();
      this.#sink(rest, base + wordsEnd);
      this.#isPassing = true;
    }
    this.#end = base + chunk.length;
  }

  /** Takes the end of the text: passes on what is held. */
  finish(): void {
    this.#passHeld();
  }

  /** The text that is held back, in memory that is reused; undefined while a long stretch is passed on. */
  get held(): Uint8Array | undefined {
    return this.#isPassing ? undefined : this.#bytes.subarray(0, this.#length);
  }

  /** The end of the text that was passed on. */
  get passedEnd(): number {
    return this.#end - this.#length;
  }

  #passHeld(): void {
    if (this.#length === 0) return;
    this.#sink(this.#bytes.subarray(0, this.#length), this.passedEnd);
    this.#length = 0;
  }

  #hold(rest: Uint8Array): void {
    if (rest.length === 0) return;
    const length = this.#length + rest.length;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(2 * length);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(rest, this.#length);
    this.#length = length;
  }
}

function afterLastSpace(chunk: Uint8Array): number {
  let end = chunk.length;
  while (end > 0 && !isSpace(chunk[end - 1] as number)) end -= 1;
  return end;
}

/** ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
