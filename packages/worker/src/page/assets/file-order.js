// The order of the files.
import { byId, make } from './elements.js';

/** @type {readonly [name: string, compare: (a: any, b: any) => number][]} */
const ORDERS = [
  ['Newest first', newestFirst],
  ['Failures first', (a, b) => Number(isFailure(b)) - Number(isFailure(a))],
  ['Most words first', (a, b) => b.words - a.words],
  ['Largest first', (a, b) => b.bytes - a.bytes],
  ['Slowest first', (a, b) => b.durationMs - a.durationMs],
  ['By name', (a, b) => names.compare(a.key, b.key)],
];

const names = new Intl.Collator('en', { numeric: true });
const picker = /** @type {HTMLSelectElement} */ (byId('order'));
picker.append(...ORDERS.map(([name]) => make('option', name)));

/** @param {any} a @param {any} b */
function newestFirst(a, b) {
  return a.finishedAt < b.finishedAt ? 1 : a.finishedAt > b.finishedAt ? -1 : 0;
}

/** @param {any} file */
export const isFailure = ({ outcome }) => outcome.startsWith('failed:');

/** @param {() => void} listener */
export const onOrder = (listener) => picker.addEventListener('change', listener);

/**
 * @param {readonly any[]} files
 * @returns {any[]}
 */
export function inOrder(files) {
  const [, compare] = ORDERS[picker.selectedIndex] ?? ORDERS[0] ?? ['', () => 0];
  return [...files].sort((a, b) => compare(a, b) || newestFirst(a, b));
}
