import { byId, keyedList, make, outside, say } from './elements.js';
import { whole } from './format.js';

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

/** @param {any} view */
export function showTopWords({ files, words }) {
  highest = words[0]?.count ?? 1;
  showBars(words.slice(0, SHOWN));
  const which = files === 1 ? 'newest file' : `newest ${whole(files)} files`;
  const text = `Of the ${which} with words; each adds those that its record keeps.`;
  say('top-words-text', words.length === 0 ? 'No words yet.' : text);
}
