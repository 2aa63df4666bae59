import { crc32 } from './crc32.ts';

const CHUNK_BYTES = 64 * 1024;

/** Gathers bytes into chunks of about 64 KB. */
export class FormatWriter {
  #bytes = new Uint8Array(2 * CHUNK_BYTES);
  #length = 0;
  /** Of the bytes that were taken. */
  #crc = 0;

  /** Whether it is time to {@link take} a chunk. */
  get isFull(): boolean {
    return this.#length >= CHUNK_BYTES;
  }

  /** Seven bits a byte, lowest first; exact up to 2^53 − 1. */
  varint(value: number): void {
    let rest = value;
    this.#reserve(8);
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes the number of bytes, and then the bytes. */
  sized(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Writes the CRC-32 of all bytes so far, four bytes, highest first. */
  checksum(): void {
    const crc = crc32(this.#bytes.subarray(0, this.#length), this.#crc);
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(this.#length, crc);
    this.#length += 4;
  }

  /** Returns the bytes so far, and starts the next chunk. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#crc = crc32(taken, this.#crc);
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + bytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
