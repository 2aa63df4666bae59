/**
 * The open word as UTF-8, with a limit: the first character that does not fit is left out, and so is
 * everything after it.
 */
export class TokenBuffer {
  readonly bytes: Uint8Array;
  #length = 0;
  #truncated = false;

  constructor(maxBytes: number) {
    this.bytes = new Uint8Array(maxBytes);
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
    const size = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    if (at + size > bytes.length) {
      this.#truncated = true;
      return;
    }
    this.#length = at + size;
    if (size === 1) {
      bytes[at] = codePoint;
      return;
    }
    let rest = codePoint;
    for (let index = at + size - 1; index > at; index -= 1) {
      bytes[index] = 0x80 | (rest & 0x3f);
      rest >>= 6;
    }
    // The lead byte starts with as many ones as the sequence has bytes.
    bytes[at] = ((0xff00 >> size) & 0xff) | rest;
  }

  /** Restores the state that the word had at `length` bytes. */
  cutTo(length: number, truncated: boolean): void {
    this.#length = Math.min(this.#length, length);
    this.#truncated = truncated;
  }

  clear(): void {
    this.#length = 0;
    this.#truncated = false;
  }
}
