// The whitespace tokenizer, the rule of the countwords benchmark: words are separated by ASCII white space,
// and ASCII letters are lower-cased.
import { allocate } from './memory';
import { masks, TILE } from './word-edges';
import { countTile } from './words';

/** Constant: the vectors of `classify`, which latin-tile.ts explains. */
const vectors: usize = allocate(5 << 4);
v128.store(vectors, i8x16.splat(0x20));
v128.store(vectors, i8x16.splat(<i8>(0x80 - 0x41)), 16);
v128.store(vectors, i8x16.splat(<i8>(-128 + 26)), 32);
v128.store(vectors, i8x16.splat(<i8>(0x80 - 9)), 48);
v128.store(vectors, i8x16.splat(<i8>(-128 + 5)), 64);

/** Lower-cases a tile in place and sets its masks. */
function classify(tile: usize, blocks: usize): void {
  const space = v128.load(vectors);
  const fromA = v128.load(vectors, 16);
  const letters = v128.load(vectors, 32);
  const fromTab = v128.load(vectors, 48);
  const controls = v128.load(vectors, 64);
  let mask = masks;
  for (let at = tile, end = tile + (blocks << 6); at < end; at += 64) {
    let words: u64 = 0;
    for (let lane: usize = 0; lane < 64; lane += 16) {
      const v = v128.load(at + lane);
      const isUpper = i8x16.gt_s(letters, i8x16.add(v, fromA));
      v128.store(at + lane, v128.or(v, v128.and(isUpper, space)));
      const isSpace = v128.or(i8x16.eq(v, space), i8x16.gt_s(controls, i8x16.add(v, fromTab)));
      words |= (<u64>(<u32>i8x16.bitmask(isSpace))) << (<u64>lane);
    }
    store<u64>(mask, ~words);
    mask += 8;
  }
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
