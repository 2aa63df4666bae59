/** Reads chunks one by one, can look at the first bytes before they are read, and counts what was taken. */
export class ChunkReader {
  /** How many bytes the source has given so far. */
  takenBytes = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #peeked: Uint8Array | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next chunk that is not empty; `undefined` at the end. It is good until the next call. */
  async next(): Promise<Uint8Array | undefined> {
    const peeked = this.#peeked;
    this.#peeked = undefined;
    return peeked ?? this.#pull();
  }

  /** The bytes that come next, as they will be read: at least so many, or all that there are. */
  async peek(bytes: number): Promise<Uint8Array> {
    let peeked = (await this.next()) ?? new Uint8Array();
    while (peeked.length < bytes) {
      // A source may use the memory of a chunk again for the next one.
      peeked = peeked.slice();
      const more = await this.#pull();
      if (more === undefined) break;
      const joined = new Uint8Array(peeked.length + more.length);
      joined.set(peeked);
      joined.set(more, peeked.length);
      peeked = joined;
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
