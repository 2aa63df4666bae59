import { joinBytes } from '../charset/join-bytes.ts';

/** Reads chunks one by one, can peek at the next bytes, and counts the bytes of its source. */
export class ChunkReader {
  /** The number of bytes that the source has returned so far. */
  takenBytes = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #peeked: Uint8Array | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Returns the next chunk that is not empty; `undefined` at the end. It is valid until the next call. */
  async next(): Promise<Uint8Array | undefined> {
    const peeked = this.#peeked;
    this.#peeked = undefined;
    return peeked ?? this.#pull();
  }

  /** Returns the next bytes without reading them: at least `bytes` of them, or all that there are. */
  async peek(bytes: number): Promise<Uint8Array> {
    let peeked = (await this.next()) ?? new Uint8Array();
    while (peeked.length < bytes) {
      // A source may reuse the memory of a chunk for the next one.
      peeked = peeked.slice();
      const more = await this.#pull();
      if (more === undefined) break;
      peeked = joinBytes([peeked, more]);
    }
    if (peeked.length > 0) this.#peeked = peeked;
    return peeked;
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #pull(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      this.takenBytes += value.length;
      if (value.length > 0) return value;
    }
  }
}
