/**
 * Case folds up to eight Cyrillic letters (U+0400 to U+045F) and writes them to `to`, followed by bytes that
 * the caller overwrites. Returns the size of the letters in bytes.
 */
export function foldCyrillic(from: usize, to: usize): usize {
  const bytes = v128.load(from);
  const point = v128.or(
    i16x8.shl(v128.and(bytes, i16x8.splat(0x1f)), 6),
    v128.and(i16x8.shr_u(bytes, 8), i16x8.splat(0x3f)),
  );
  const isPair = i16x8.eq(v128.and(bytes, i16x8.splat(<i16>0xc0e0)), i16x8.splat(<i16>0x80c0));
  const others = ~i16x8.bitmask(
    v128.and(isPair, i16x8.lt_u(i16x8.sub(point, i16x8.splat(0x400)), i16x8.splat(0x60))),
  );
  // А to Я are 0x20 before their small letters; Ѐ to Џ, which come first, 0x50.
  const isCapital = i16x8.lt_u(point, i16x8.splat(0x430));
  const isFirst = i16x8.lt_u(point, i16x8.splat(0x410));
  const small = i16x8.add(
    i16x8.add(point, v128.and(isCapital, i16x8.splat(0x20))),
    v128.and(isFirst, i16x8.splat(0x30)),
  );
  const folded = v128.or(
    v128.or(i16x8.shr_u(small, 6), i16x8.shl(v128.and(small, i16x8.splat(0x3f)), 8)),
    i16x8.splat(<i16>0x80c0),
  );
  v128.store(to, folded);
  return (<usize>min(ctz(others), 8)) << 1;
}
