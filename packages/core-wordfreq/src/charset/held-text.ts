import type { Utf8Sink } from './text-encoding.ts';

/** A stretch without ASCII white space is held back up to so many bytes. */
export const MAX_HELD_BYTES: number = 1024 * 1024;

const EMPTY = new Uint8Array();

/**
 * Passes text on up to its last ASCII white space, where every tokenizer's words end, and holds the rest back. So the sink is always at a
 * place where the text can be cut: where a count can be kept, and gone on with elsewhere. A stretch that is too long to be held is passed
 * on as it comes; behind its end there are such places again.
 */
export class HeldText {
  readonly #sink: Utf8Sink;
  #bytes: Uint8Array;
  #length: number;
  #end: number;
  #isPassing = false;

  /** `held` was held back when text was cut before, and ends at `end`. */
  constructor(sink: Utf8Sink, end = 0, held: Uint8Array = EMPTY) {
    this.#sink = sink;
    this.#bytes = held;
    this.#length = held.length;
    this.#end = end;
  }

  /** Takes the bytes that follow; they are copied where they are held. */
  push(chunk: Uint8Array, base: number): void {
    const behind = behindLastSpace(chunk);
    if (behind > 0) {
      this.#passHeld();
      this.#sink(chunk.subarray(0, behind), base);
      this.#isPassing = false;
    }
    const rest = chunk.subarray(behind);
    if (!this.#isPassing && this.#length + rest.length <= MAX_HELD_BYTES) this.#hold(rest);
    else {
      this.#passHeld();
      this.#sink(rest, base + behind);
      this.#isPassing = true;
    }
    this.#end = base + chunk.length;
  }

  /** Passes on what is held: the text ends. */
  finish(): void {
    this.#passHeld();
  }

  /** What is held back, in memory that is used again; undefined while a long stretch is passed on. */
  get held(): Uint8Array | undefined {
    return this.#isPassing ? undefined : this.#bytes.subarray(0, this.#length);
  }

  /** Where the text that was passed on ends. */
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

function behindLastSpace(chunk: Uint8Array): number {
  let end = chunk.length;
  while (end > 0 && !isSpace(chunk[end - 1] as number)) end -= 1;
  return end;
}

/** ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
