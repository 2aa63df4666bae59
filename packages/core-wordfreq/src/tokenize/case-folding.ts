import { CASE_FOLDINGS } from './generated/unicode-tables.ts';

const foldings = new Map<number, readonly number[]>();
/** How far {@link CASE_FOLDINGS} has been read: the index, and the code point there. */
let readTo = 0;
let lastRead = 0;

/**
 * Returns the case folding of a character; `undefined` if it folds to itself. This is full case folding
 * (Unicode Standard, section 3.13, CaseFolding.txt statuses C and F), the same in every locale: ß becomes ss,
 * both small sigmas become σ, İ becomes i with a dot above, ı stays.
 */
export function caseFolding(codePoint: number): readonly number[] | undefined {
  if (lastRead < codePoint) readFoldings(codePoint);
  return foldings.get(codePoint);
}

/** Returns all characters that do not fold to themselves, with their foldings. */
export function caseFoldings(): ReadonlyMap<number, readonly number[]> {
  readFoldings(Number.POSITIVE_INFINITY);
  return foldings;
}

/** Reads foldings up to `codePoint` only, because a short text should not wait for all scripts. */
function readFoldings(codePoint: number): void {
  while (lastRead < codePoint && readTo < CASE_FOLDINGS.length) {
    const found = CASE_FOLDINGS.indexOf(';', readTo);
    const end = found === -1 ? CASE_FOLDINGS.length : found;
    readEntry(CASE_FOLDINGS.slice(readTo, end));
    readTo = end + 1;
  }
}

function readEntry(entry: string): void {
  const [gap = '', folded = '', step = '0', count = '1'] = entry.split(':');
  const from = lastRead + Number.parseInt(gap, 36);
  lastRead = from;
  const to = folded.split('+').map((point) => Number.parseInt(point, 36));
  foldings.set(from, to);
  // Further characters, `step` apart, whose foldings are equally far.
  const width = Number.parseInt(step, 36);
  const end = width * Number.parseInt(count, 36);
  for (let more = width; more < end; more += width) foldings.set(from + more, [(to[0] as number) + more]);
}
