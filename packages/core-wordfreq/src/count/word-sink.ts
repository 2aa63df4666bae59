/** Takes words one at a time, as UTF-8 in the first `length` of `bytes`, whose memory is reused. */
export interface WordSink {
  add(bytes: Uint8Array, length: number): void;
  /**
   * Takes a word of up to eight bytes: the first four in `low`, the first one lowest, the rest in `high`,
   * padded with zeros.
   */
  addShort(low: number, high: number, length: number): void;
}
