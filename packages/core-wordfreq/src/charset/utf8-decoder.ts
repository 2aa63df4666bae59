/** Takes decoded text, one code point at a time. */
export interface CodePointSink {
  /** `offset` is the offset of the first byte. */
  codePoint(codePoint: number, offset: number): void;
  /** A maximal part, of `length` bytes, that is not UTF-8. */
  invalid(offset: number, length: number): void;
}

/**
 * Decodes UTF-8 across any chunk boundaries. Bytes that are not UTF-8 are reported by the practice of
 * "maximal subparts" (Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts"), which is
 * also what `TextDecoder` does.
 */
export class Utf8Decoder {
  /** The number of bytes that the sequence still needs. */
  #needed = 0;
  #codePoint = 0;
  #start = 0;
  /**
   * The range of the next continuation byte, narrower after E0, ED, F0 and F4 (Unicode Standard, table 3-7).
   */
  #lower = 0x80;
  #upper = 0xbf;

  /** Decodes a chunk, or a part of it, that begins `base` bytes into the text. */
  push(chunk: Uint8Array, base: number, sink: CodePointSink, from = 0, end: number = chunk.length): void {
    for (let index = from; index < end; index += 1) {
      const byte = chunk[index] as number;
      if (this.#needed === 0) {
        if (byte < 0x80) sink.codePoint(byte, base + index);
        else this.#begin(byte, base + index, sink);
        continue;
      }
      if (byte < this.#lower || byte > this.#upper) {
        // The byte ends the broken sequence, and is read again as the first of the next one.
        this.#reset();
        sink.invalid(this.#start, base + index - this.#start);
        index -= 1;
        continue;
      }
      this.#lower = 0x80;
      this.#upper = 0xbf;
      this.#codePoint = (this.#codePoint << 6) | (byte & 0x3f);
      this.#needed -= 1;
      if (this.#needed === 0) sink.codePoint(this.#codePoint, this.#start);
    }
  }

  /** Whether a sequence is still incomplete. */
  get pending(): boolean {
    return this.#needed > 0;
  }

  /** Reports a sequence that is incomplete at the end of the text, which has `end` bytes. */
  finish(end: number, sink: CodePointSink): void {
    if (this.#needed === 0) return;
    this.#reset();
    sink.invalid(this.#start, end - this.#start);
  }

  #begin(byte: number, offset: number, sink: CodePointSink): void {
    this.#start = offset;
    if (byte >= 0xc2 && byte <= 0xdf) this.#expect(1, byte & 0x1f);
    else if (byte >= 0xe0 && byte <= 0xef) {
      if (byte === 0xe0) this.#lower = 0xa0;
      if (byte === 0xed) this.#upper = 0x9f;
      this.#expect(2, byte & 0x0f);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      if (byte === 0xf0) this.#lower = 0x90;
      if (byte === 0xf4) this.#upper = 0x8f;
      this.#expect(3, byte & 0x07);
    } else sink.invalid(offset, 1);
  }

  #expect(needed: number, bits: number): void {
    this.#needed = needed;
    this.#codePoint = bits;
  }

  #reset(): void {
    this.#needed = 0;
    this.#lower = 0x80;
    this.#upper = 0xbf;
  }
}

/** Returns how many bytes a code point has in UTF-8. */
export function utf8Size(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}
