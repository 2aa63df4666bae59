// Searches on the server for files that the page does not have. Each request searches a bounded part of all
// files.
import { escapeText } from './elements.js';
import { whole } from './format.js';

/** A search starts only after typing has paused. */
export const TYPING_PAUSE_MS = 250;
/** The search goes on by itself until it has found this many more. */
const ENOUGH = 25;

/** @type {Map<string, any>} */
let found = new Map();
let wanted = '';
let searched = 0;
/** Where the next request continues; undefined at the end. @type {string | undefined} */
let cursor;
let problem = '';
let running = new AbortController();

/** @param {any} file */
export const idOf = ({ bucket, key, version, jobId }) => JSON.stringify([bucket, key, version, jobId]);

/** What has been found so far. */
export const foundFiles = () => [...found.values()];

/**
 * Starts to search for a text instead of the one before.
 *
 * @param {string} text an empty one ends the search
 * @param {() => void} onNews
 * @returns {Promise<boolean>} false when another search took its place
 */
export async function searchFor(text, onNews) {
  running.abort();
  running = new AbortController();
  [wanted, found, searched, cursor, problem] = [text, new Map(), 0, undefined, ''];
  const { signal } = running;
  if (text === '') return true;
  await new Promise((resolve) => setTimeout(resolve, TYPING_PAUSE_MS));
  return signal.aborted ? false : searchOn(onNews);
}

/**
 * Continues the search until enough more has been found or all files have been searched.
 *
 * @param {() => void} onNews
 * @returns {Promise<boolean>}
 */
export async function searchOn(onNews) {
  const { signal } = running;
  const enough = found.size + ENOUGH;
  do {
    const query = new URLSearchParams({ text: wanted, ...(cursor === undefined ? {} : { cursor }) });
    const page = await ask(`/api/files/search?${query}`, signal);
    if (signal.aborted) return false;
    problem = page.error ?? '';
    for (const file of page.files ?? []) found.set(idOf(file), file);
    searched += page.searched ?? 0;
    if (problem === '') cursor = page.cursor;
    onNews();
  } while (cursor !== undefined && problem === '' && found.size < enough);
  return true;
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function ask(path, signal) {
  try {
    return await (await fetch(path, { signal })).json();
  } catch {
    return { error: 'The pipeline does not answer.' };
  }
}

/** Whether there is more to search. */
export const canSearchOn = () => wanted !== '' && (cursor !== undefined || problem !== '');

/**
 * How far the search has come.
 *
 * @param {number} total how many files there are
 */
export function searchProgress(total) {
  if (wanted === '') return '';
  if (problem !== '') return escapeText(problem);
  if (searched === 0) return 'Searching…';
  return cursor === undefined
    ? `Searched all ${whole(searched)}.`
    : `Searched ${whole(searched)} of ${whole(Math.max(total, searched))}.`;
}
