// Numbers, sizes and times, as people read them.

const numbers = new Intl.NumberFormat('en-US');
const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** @param {number} number */
export const whole = (number) => numbers.format(number);

/**
 * @param {number} count
 * @param {string} one
 */
export const several = (count, one) => `${whole(count)} ${one}${count === 1 ? '' : 's'}`;

/**
 * In the units of thousands that the command line prints.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

/**
 * An estimate in US dollars, to two significant digits; from a dollar on, to the cent.
 *
 * @param {number} usd
 */
export const dollars = (usd) => `about $${usd >= 0.995 ? usd.toFixed(2) : Number(usd.toPrecision(2))}`;

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(2)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${whole(Math.round(seconds / 86_400))} days`;
}

/**
 * The time of a moment, with its day unless that is today.
 *
 * @param {string} iso
 */
export function moment(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  const element = document.createElement('time');
  element.dateTime = iso;
  element.textContent = (today ? times : days).format(date);
  return element;
}
