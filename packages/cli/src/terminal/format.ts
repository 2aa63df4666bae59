import { createRequire } from 'node:module';
import { escapeText, PLAIN_TEXT } from '@org/wordfreq-aws-adapters/rules';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/**
 * A whole number with thousands separators. Not by `Intl.NumberFormat`, whose making takes a third of a
 * program's start.
 */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * A number of things, with their name in the singular or the plural.
 *
 * @example
 * formatNumberOf(1, 'word'); // '1 word'
 * formatNumberOf(1200, 'reply', 'replies'); // '1,200 replies'
 */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** What was noticed about a text that was counted, and where: `invalid-utf8 ×3 from byte 120`. */
export function formatWarning(warning: {
  readonly code: string;
  readonly count: number;
  readonly firstOffset: number;
}): string {
  const { code, count, firstOffset } = warning;
  return `${code} ×${formatCount(count)} from byte ${formatCount(firstOffset)}`;
}

/** A number of bytes in decimal units, three digits at most: `4.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** Milliseconds as seconds with two digits: `0.21 s`. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** A moment in ISO 8601, for people: `2026-11-29 04:45:12Z`. */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' ')}Z`;
}

/** Milliseconds, whole: `12 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${formatCount(Math.round(milliseconds))} ms`;
}

/** How far work has come. */
export interface Pace {
  readonly done: number;
  /** Absent while nobody knows. */
  readonly total?: number | undefined;
  readonly elapsedMs: number;
}

/** Rates of the first moments say nothing. */
const LEAST_MS = 500;

/**
 * How much of how many, how fast and for how long still, as far as known.
 *
 * @example
 * formatPace({ done: 1200, total: 6000, elapsedMs: 12_000 }); // '1,200 of 6,000  100/s  48 s left'
 */
export function formatPace({ done, total, elapsedMs }: Pace): string {
  const perMs = elapsedMs < LEAST_MS ? 0 : done / elapsedMs;
  return [
    total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(Math.max(done, total))}`,
    ...(perMs === 0 ? [] : [`${formatCount(Math.round(perMs * 1000))}/s`]),
    ...(perMs === 0 || total === undefined ? [] : [`${formatLeft(Math.max(0, total - done) / perMs)} left`]),
  ].join('  ');
}

function formatLeft(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${formatCount(Math.floor(seconds / 3600))} h ${Math.floor((seconds % 3600) / 60)} min`;
}

let wide: ((text: string) => number) | undefined;

/**
 * How many columns of a terminal a text takes: two for CJK and emoji, none for combining marks. The library
 * that knows is loaded at the first text beyond these, because that takes longer than the program's whole
 * start.
 */
export function textWidth(text: string): number {
  if (PLAIN_TEXT.test(text)) return text.length;
  wide ??= loadStringWidth();
  return wide(text);
}

function loadStringWidth(): (text: string) => number {
  const require = createRequire(import.meta.url);
  return (require('string-width') as typeof import('string-width')).default;
}

/**
 * Shortens text to a number of terminal columns, counting CJK and emoji as the two columns that they take.
 */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += textWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills text with spaces up to a number of terminal columns, or shortens it to that. */
export function padText(text: string, columns: number): string {
  const fitted = fitText(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - textWidth(fitted)));
}

/** Breaks items into lines of at most `columns`; an item is never broken. */
export function wrapItems(items: readonly string[], columns: number, separator = '  '): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const joined = last === undefined ? item : last + separator + item;
    if (last === undefined || textWidth(joined) > columns) lines.push(fitText(item, columns));
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** A column of a table. */
interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly right?: boolean;
  /** May be narrowed when there is not room for all columns. At least one column should be. */
  readonly flexible?: boolean;
  /** Is left out when there is no room for all even so; those with the lowest number first. */
  readonly leaves?: number;
}

const GAP = 2;
const LEAST_COLUMNS = 8;

/**
 * Lays rows out below their titles, within a number of terminal columns as far as flexible columns can give
 * way. What comes from outside is escaped.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number,
): readonly string[] {
  const cells = rows.map((row) => row.map(escapeText));
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? '')), textWidth(title)),
  );
  const left = leaving(columns, widths, terminalColumns);
  if (left !== undefined) {
    const others = <T>(items: readonly T[]): readonly T[] => items.filter((_, index) => index !== left);
    return textTable(others(columns), rows.map(others), terminalColumns);
  }
  shrink(columns, widths, terminalColumns);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ right = false }, index) => aligned(row[index] ?? '', widths[index] ?? 0, right))
      .join(' '.repeat(GAP))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

/** The column that is left out next; undefined if all fit, or none may be left out. */
function leaving(columns: readonly Column[], widths: readonly number[], room: number): number | undefined {
  const least = columns.map(({ flexible = false }, index) => {
    const width = widths[index] ?? 0;
    return flexible ? Math.min(width, LEAST_COLUMNS) : width;
  });
  if (least.reduce((sum, width) => sum + width, GAP * (columns.length - 1)) <= room) return undefined;
  const order = columns.map(({ leaves = Number.POSITIVE_INFINITY }) => leaves);
  const first = Math.min(...order);
  return Number.isFinite(first) ? order.indexOf(first) : undefined;
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

/** US dollars to two significant digits, because results cost fractions of a cent; from a dollar on, to the cent. */
export function formatUsd(usd: number): string {
  if (usd >= 0.995) return `$${usd.toFixed(2)}`;
  return usd === 0 ? '$0' : `$${usd.toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd))))}`;
}
