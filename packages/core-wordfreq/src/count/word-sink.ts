/** Takes words, one at a time, as UTF-8 in the first `length` of `bytes`, whose memory is used again. */
export interface WordSink {
  add(bytes: Uint8Array, length: number): void;
}
