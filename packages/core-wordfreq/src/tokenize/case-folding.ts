import { CASE_FOLDINGS } from './generated/unicode-tables.ts';

let foldings: ReadonlyMap<number, readonly number[]> | undefined;

/**
 * Full case folding (Unicode Standard, section 3.13, CaseFolding.txt statuses C and F), the same in every locale: ß becomes ss,
 * both small sigmas become σ, İ becomes i with a dot above, ı stays. Characters that are not in the map fold to themselves.
 */
export function caseFoldings(): ReadonlyMap<number, readonly number[]> {
  if (foldings !== undefined) return foldings;
  const read = new Map<number, readonly number[]>();
  let from = 0;
  for (const entry of CASE_FOLDINGS.split(';')) {
    const [gap = '', folded = '', step = '0', count = '1'] = entry.split(':');
    from += Number.parseInt(gap, 36);
    const to = folded.split('+').map((point) => Number.parseInt(point, 36));
    read.set(from, to);
    // More that follow, `step` apart, and fold as far.
    const width = Number.parseInt(step, 36);
    const end = width * Number.parseInt(count, 36);
    for (let more = width; more < end; more += width) read.set(from + more, [(to[0] as number) + more]);
  }
  foldings = read;
  return read;
}
