const CHUNK_WORDS = 100_000;
/** Odd, so that multiplying by it modulo 2^32 maps different numbers to different ones. */
const FACTOR = 2_654_435_761;

/** So many different words, of 2 to 8 letters and digits, the same ones each time, in chunks of a moderate size. */
export function* distinctWordChunks(words: number, seed = 20_261_124): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let first = 0; first < words; first += CHUNK_WORDS) {
    let text = '';
    const end = Math.min(words, first + CHUNK_WORDS);
    for (let index = first; index < end; index += 1) {
      text += `w${((Math.imul(index, FACTOR) + seed) >>> 0).toString(36)} `;
    }
    yield encoder.encode(text);
  }
}
