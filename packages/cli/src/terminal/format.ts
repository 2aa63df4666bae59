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
