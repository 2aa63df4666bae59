import { GO_LOWER_CASE } from './generated/go-lower-case.ts';

/**
 * Go's `unicode.ToLower`: one code point to one code point, without context. By a table of its own, because a
 * platform's lower case depends on its version of Unicode.
 */
export function goLowerCase(codePoint: number): number {
  if (codePoint < 0x80) return codePoint >= 0x41 && codePoint <= 0x5a ? codePoint | 0x20 : codePoint;
  let low = 0;
  let high = GO_LOWER_CASE.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last, step, added] = GO_LOWER_CASE[middle] as (typeof GO_LOWER_CASE)[number];
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return (codePoint - first) % step === 0 ? codePoint + added : codePoint;
  }
  return codePoint;
}
