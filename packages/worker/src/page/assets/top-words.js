import { byId, keyedList, make, outside, say } from './elements.js';
import { several, whole } from './format.js';
import { onStopWords, stopWordLanguage, withoutStopWords } from './stop-words.js';

/** How many bars there are beside the chart of throughput. */
const SHOWN = 8;

const list = byId('top-words');

/**
 * One bar of a chart of words: the word, the bar, the count. The count says to a screen reader what the bar
 * shows.
 *
 * @param {{ word: string, count: number }} item
 * @param {number} highest
 */
export function wordBar({ word, count }, highest) {
  const bar = make('span', undefined, 'bar');
  bar.style.inlineSize = `${(100 * count) / highest}%`;
  const track = make('span', [bar], 'track');
  track.setAttribute('aria-hidden', 'true');
  return make('li', [outside(word), track, make('span', whole(count), 'number')]);
}

let highest = 1;
const showBars = keyedList(list, {
  keyOf: (/** @type {any} */ { word, count }) => `${count} of ${highest}: ${word}`,
  create: (item) => wordBar(item, highest),
  home: list,
});

/** @type {{ files: number, words: { word: string, count: number }[] }} */
let latest = { files: 0, words: [] };

/** @param {any} view */
export function showTopWords(view) {
  latest = view;
  const { files, words } = latest;
  const shown = withoutStopWords(words);
  highest = shown[0]?.count ?? 1;
  showBars(shown.slice(0, SHOWN));
  const which = files === 1 ? 'newest file' : `newest ${whole(files)} files`;
  const text = `Of the ${which} with words; each adds those that its record keeps.`;
  say(
    'top-words-text',
    words.length === 0 ? 'No words yet.' : `${text}${leftOut(words.length, shown.length)}`,
  );
}
onStopWords(() => showTopWords(latest));

/**
 * Says how many words are hidden: few remain if most of the kept ones are stop words.
 *
 * @param {number} kept
 * @param {number} shown
 */
export function leftOut(kept, shown) {
  const language = stopWordLanguage();
  if (language === '') return '';
  if (kept === shown) return ` No ${language} stop words among the top ${whole(kept)}.`;
  return ` ${several(kept - shown, `${language} stop word`)} of the top ${whole(kept)} hidden.`;
}
