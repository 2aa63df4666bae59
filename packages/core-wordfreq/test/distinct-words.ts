const CHUNK_WORDS = 100_000;
/** Odd, so that multiplying by it modulo 2^32 maps different numbers to different ones. */
const FACTOR = 2_654_435_761;

/**
 * So many different words, of up to 7 letters and digits behind a prefix, the same ones each time, in chunks
 * of a moderate size.
 */
export function* distinctWordChunks(words: number, prefix = 'w', seed = 20_261_124): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let first = 0; first < words; first += CHUNK_WORDS) {
    let text = '';
    const end = Math.min(words, first + CHUNK_WORDS);
    for (let index = first; index < end; index += 1) {
      text += `${prefix}${((Math.imul(index, FACTOR) + seed) >>> 0).toString(36)} `;
    }
    yield encoder.encode(text);
  }
}
