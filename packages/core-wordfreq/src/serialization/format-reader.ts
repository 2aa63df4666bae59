import { joinBytes } from '../charset/join-bytes.ts';
import { WordfreqError } from '../errors.ts';
import { crc32 } from './crc32.ts';

/** Bytes, or chunks of bytes. */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const NO_CHUNKS: Iterator<Uint8Array> = { next: () => ({ done: true, value: undefined }) };

/** Reads varints and bytes from chunks. Ask {@link fill} for enough bytes, then read them without waiting. */
export class FormatReader {
  readonly #chunks: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #read = 0;
  /** Where the bytes begin that are not in the checksum yet, and the checksum of those before. */
  #unchecked = 0;
  #crc = 0;

  /** A Uint8Array needs no {@link fill}. */
  constructor(source: ByteSource) {
    if (source instanceof Uint8Array) {
      this.#bytes = source;
      this.#chunks = NO_CHUNKS;
    } else if (isIterable(source)) {
      this.#chunks =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    } else throw notBytes(source);
  }

  /** Whether this many bytes can be read now; if not, {@link fill} is needed. */
  has(bytes: number): boolean {
    return this.#bytes.length - this.#at >= bytes;
  }

  /** Waits for bytes, until there are `wanted` or the source ends. */
  async fill(wanted: number): Promise<void> {
    while (!this.has(wanted)) {
      const { done, value } = await this.#chunks.next();
      if (done) return;
      if (!(value instanceof Uint8Array)) throw notBytes(value);
      this.#check();
      this.#bytes = joinBytes([this.#bytes.subarray(this.#at), value]);
      this.#read += this.#at;
      this.#at = 0;
      this.#unchecked = 0;
    }
  }

  /** Starts a checksum with the next byte. */
  startChecksum(): void {
    this.#unchecked = this.#at;
    this.#crc = 0;
  }

  /** Reads four bytes, which must be the CRC-32 of those before. {@link fill} them first. */
  requireChecksum(): void {
    this.#check();
    const [a = 0, b = 0, c = 0, d = 0] = this.raw(4);
    if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== this.#crc) {
      throw this.broken('a checksum that fits the bytes');
    }
  }

  #check(): void {
    this.#crc = crc32(this.#bytes.subarray(this.#unchecked, this.#at), this.#crc);
    this.#unchecked = this.#at;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || scale > 2 ** 49) throw this.broken('a number');
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw this.broken('a number up to 2^53 − 1');
        return value;
      }
    }
  }

  /** Reads a number of bytes, and then these bytes. */
  sized(): Uint8Array {
    return this.raw(this.varint());
  }

  raw(length: number): Uint8Array {
    if (!this.has(length)) throw this.broken(`${length} more bytes`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  broken(expected: string): WordfreqError {
    return new WordfreqError(
      'invalid-encoding',
      `Encoded counts: expected ${expected} at byte ${this.#read + this.#at}. They are damaged, or something else.`,
    );
  }
}

function isIterable(source: ByteSource): source is Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return (
    typeof source === 'object' &&
    source !== null &&
    (Symbol.asyncIterator in source || Symbol.iterator in source)
  );
}

function notBytes(got: unknown): WordfreqError {
  return new WordfreqError(
    'invalid-source',
    `Encoded counts: expected a Uint8Array, or an iterable of them, got ${got === null ? 'null' : typeof got}. Read them as bytes.`,
  );
}
