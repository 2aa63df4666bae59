// The whitespace tokenizer, the rule of the countwords benchmark: words are separated by ASCII white space,
// and ASCII letters are lower-cased.
import { countTile, masks, TILE } from './words';

/** Lower-cases a tile in place and sets its masks. */
function classify(tile: usize, blocks: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    const at = tile + (block << 6);
    const m0 = classifyVector(at);
    const m1 = classifyVector(at + 16);
    const m2 = classifyVector(at + 32);
    const m3 = classifyVector(at + 48);
    store<u64>(masks + (block << 3), ~(m0 | (m1 << 16) | (m2 << 32) | (m3 << 48)));
  }
}

function classifyVector(at: usize): u64 {
  const v = v128.load(at);
  const upper = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(26));
  v128.store(at, v128.or(v, v128.and(upper, i8x16.splat(0x20))));
  const space = v128.or(
    i8x16.eq(v, i8x16.splat(0x20)),
    i8x16.lt_u(i8x16.sub(v, i8x16.splat(9)), i8x16.splat(5)),
  );
  return <u64>(<u32>i8x16.bitmask(space));
}

/**
 * Counts the words from `from` to `end`; `from` starts with the word that the last call left open. Returns
 * the start of the word that is open at the end, or `end`. The host moves the bytes of that word in front of
 * the next ones, at most `maxTokenBytes + 1` of them, because more never matter.
 */
export function scanWhitespace(from: usize, end: usize, plain: bool, offsetAt0: f64): usize {
  let open: usize = 0;
  for (let tile = from; tile < end; tile += TILE) {
    const bytes = min<usize>(TILE, end - tile);
    const blocks = (bytes + 63) >> 6;
    classify(tile, blocks);
    const rest = bytes & 63;
    if (rest != 0) {
      const last = masks + ((blocks - 1) << 3);
      // All bytes after the end belong to the word that may continue there, so that it stays open.
      const beyond = (<u64>-1) << (<u64>rest);
      const word = (load<u64>(last) >> (<u64>rest - 1)) & 1;
      store<u64>(last, word != 0 ? load<u64>(last) | beyond : load<u64>(last) & ~beyond);
    }
    open = countTile(tile, blocks, open, plain, offsetAt0);
  }
  return open == 0 ? end : open;
}
