// Hides stop words, if the viewer has chosen a language, which this browser remembers. A list is loaded when it
// is chosen.
import { byId, say } from './elements.js';

const KEY = 'wordfreq-stop-words';
const picker = /** @type {HTMLSelectElement} */ (byId('stop-words'));
const languages = new Intl.DisplayNames('en', { type: 'language' });

/** @type {ReadonlySet<string>} */
let stopWords = new Set();
let language = '';
/** @type {(() => void)[]} */
const listeners = [];

/** The language's name, for a sentence; empty while all words are shown. */
export const stopWordLanguage = () => (language === '' ? '' : (languages.of(language) ?? language));

/**
 * @template {{ word: string }} T
 * @param {readonly T[]} words
 * @returns {readonly T[]}
 */
export const withoutStopWords = (words) => words.filter(({ word }) => !stopWords.has(word));

/** @param {() => void} listener called when other words are left out */
export function onStopWords(listener) {
  listeners.push(listener);
}

/** Applies the last choice, and listens for another one. */
export function startStopWords() {
  const codes = (document.body.dataset['stopWords'] ?? '').split(' ');
  const options = codes.map((code) => new Option(`${languages.of(code)} stop words hidden`, code));
  picker.append(...options.sort((a, b) => a.text.localeCompare(b.text, 'en')));
  // A browser may refuse to remember anything.
  try {
    picker.value = localStorage.getItem(KEY) ?? '';
  } catch {}
  if (picker.selectedIndex < 0) picker.value = '';
  if (picker.value !== '') choose(picker.value);
  picker.addEventListener('change', () => {
    choose(picker.value);
    try {
      localStorage.setItem(KEY, picker.value);
    } catch {}
  });
}

/** @param {string} wanted */
async function choose(wanted) {
  const { words, problem } = wanted === '' ? { words: [] } : await load(wanted);
  // Somebody chose again meanwhile.
  if (picker.value !== wanted) return;
  say('stop-words-status', problem ?? '');
  stopWords = new Set(words);
  language = problem === undefined ? wanted : '';
  picker.value = language;
  for (const listener of listeners) listener();
}

/**
 * @param {string} wanted
 * @returns {Promise<{ words: string[], problem?: string }>}
 */
async function load(wanted) {
  try {
    const response = await fetch(`/api/stop-words?${new URLSearchParams({ language: wanted })}`);
    if (response.ok) return await response.json();
  } catch {
    // Reported below.
  }
  return { words: [], problem: 'The stop words cannot be loaded. Choose them again when the page is live.' };
}
