/** What `unusualBytes` finds. The host has the same numbers (src/engine/wasm-engine.ts). */
const ZERO: u32 = 1;
const BEYOND_ASCII: u32 = 2;

/** Returns whether there are zero bytes, and bytes beyond ASCII, from `from` to `end`. */
export function unusualBytes(from: usize, end: usize): u32 {
  let all = i8x16.splat(0);
  let least = i8x16.splat(-1);
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    all = v128.or(all, bytes);
    least = i8x16.min_u(least, bytes);
  }
  let found = i8x16.all_true(least) ? 0 : ZERO;
  if (i8x16.bitmask(all) != 0) found |= BEYOND_ASCII;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0) found |= ZERO;
    else if (byte >= 0x80) found |= BEYOND_ASCII;
  }
  return found;
}
