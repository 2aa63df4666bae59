import { fitText, padText } from './fit-text.ts';
import { harmlessText } from './harmless-text.ts';
import { textWidth } from './text-width.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly right?: boolean;
  /** Gives way when there is not room for all. At least one column should. */
  readonly flexible?: boolean;
}

const GAP = 2;
const LEAST_COLUMNS = 8;

/**
 * Lays rows out below their titles, within a number of terminal columns as far as flexible columns can give way. What comes from outside
 * is made harmless.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number,
): readonly string[] {
  const cells = rows.map((row) => row.map(harmlessText));
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  shrink(columns, widths, terminalColumns);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ right = false }, index) => aligned(row[index] ?? '', widths[index] ?? 0, right))
      .join(' '.repeat(GAP))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

/** Takes the excess from the widest flexible column, again and again. */
function shrink(columns: readonly Column[], widths: number[], room: number): void {
  const gaps = GAP * (columns.length - 1);
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, gaps) - room;
    if (excess <= 0) return;
    const flexible = columns.flatMap(({ flexible: gives = false }, index) =>
      gives && (widths[index] ?? 0) > LEAST_COLUMNS ? [index] : [],
    );
    const widest = flexible.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function aligned(text: string, width: number, right: boolean): string {
  if (!right) return padText(text, width);
  const fitted = fitText(text, width);
  return ' '.repeat(Math.max(0, width - textWidth(fitted))) + fitted;
}
