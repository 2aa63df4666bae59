const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A whole number with thousands separators. Not by `Intl.NumberFormat`, whose making takes a third of a program's start. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
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
