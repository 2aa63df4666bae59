/**
 * Returns whether there is a zero byte from `from` to `end`. This is much faster than `indexOf` in the host.
 */
export function hasZero(from: usize, end: usize): bool {
  let at = from;
  for (; at + 16 <= end; at += 16) if (!i8x16.all_true(v128.load(at))) return true;
  for (; at < end; at++) if (load<u8>(at) == 0) return true;
  return false;
}
