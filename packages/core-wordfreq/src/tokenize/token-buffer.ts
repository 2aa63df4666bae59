import { utf8Size } from '../charset/utf8-decoder.ts';

/**
 * The open word as UTF-8, with a limit: the first character that does not fit is left out, and so is
 * everything after it. A character may wait, with those after it, until it is known whether it belongs to the
 * word or starts the next one (WB6, WB7b, WB12); either way, the limit is that of the word to which it belongs.
 */
export class TokenBuffer {
  readonly bytes: Uint8Array;
  readonly #maxBytes: number;
  /** Where the word may end at most; while a character waits, where what follows it may end. */
  #limit: number;
  #length = 0;
  #truncated = false;
  #waitingFrom = 0;
  #waitingEnd = 0;
  #truncatedBeforeWaiting = false;
  #truncatedWhileWaiting = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#limit = maxBytes;
    this.bytes = new Uint8Array(2 * maxBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Whether a character did not fit. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Appends a code point other than a surrogate. */
  append(codePoint: number): void {
    if (this.#truncated) return;
    const { bytes } = this;
    const at = this.#length;
    if (codePoint < 0x80 && at < this.#limit) {
      bytes[at] = codePoint;
      this.#length = at + 1;
      return;
    }
    const size = utf8Size(codePoint);
    if (at + size > this.#limit) {
      this.#truncated = true;
      return;
    }
    this.#length = at + size;
    let rest = codePoint;
    for (let index = at + size - 1; index > at; index -= 1) {
      bytes[index] = 0x80 | (rest & 0x3f);
      rest >>= 6;
    }
    // The lead byte starts with as many ones as the sequence has bytes.
    bytes[at] = ((0xff00 >> size) & 0xff) | rest;
  }

  /** From here on, characters wait. */
  wait(): void {
    this.#waitingFrom = this.#length;
    this.#truncatedBeforeWaiting = this.#truncated;
    this.#truncated = false;
    this.#limit = this.#length + this.#maxBytes;
  }

  /** Those that were waiting belong to the word. */
  joinWaiting(): void {
    this.#limit = this.#maxBytes;
    if (this.#truncatedBeforeWaiting) {
      this.#length = this.#waitingFrom;
      this.#truncated = true;
    } else if (this.#length > this.#limit) {
      this.#length = characterStart(this.bytes, this.#limit);
      this.#truncated = true;
    }
  }

  /** Those that were waiting do not belong to the word. */
  dropWaiting(): void {
    this.#waitingEnd = this.#length;
    this.#truncatedWhileWaiting = this.#truncated;
    this.#length = this.#waitingFrom;
    this.#truncated = this.#truncatedBeforeWaiting;
    this.#limit = this.#maxBytes;
  }

  /** Those that were dropped, and nothing else, are the open word. */
  takeDropped(): void {
    this.bytes.copyWithin(0, this.#waitingFrom, this.#waitingEnd);
    this.#length = this.#waitingEnd - this.#waitingFrom;
    this.#truncated = this.#truncatedWhileWaiting;
  }

  clear(): void {
    this.#length = 0;
    this.#truncated = false;
  }
}

/** Returns the start of the character that has a byte at an index. */
function characterStart(bytes: Uint8Array, index: number): number {
  let start = index;
  while (((bytes[start] as number) & 0xc0) === 0x80) start -= 1;
  return start;
}
