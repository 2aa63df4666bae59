import { escapeText, make, makeLink, outside } from './elements.js';
import { several, whole } from './format.js';
import { wordBar } from './top-words.js';

/**
 * What a row opens to: the file's own chart of words, and all that is known of it.
 *
 * @param {any} file
 */
export function fileDetails(file) {
  const highest = file.top[0]?.count ?? 1;
  const bars = file.top.map((/** @type {any} */ item) => wordBar(item, highest));
  return bars.length === 0 ? [facts(file)] : [make('ol', bars, 'bars'), facts(file)];
}

/** @param {any} file */
function facts(file) {
  const reason = file.error?.message ?? file.missingWords;
  const warnings = file.warnings.map(
    (/** @type {any} */ { code, count, firstOffset }) =>
      `${code}, ${several(count, 'time')}, first at byte ${whole(firstOffset)}`,
  );
  /** @type {[string, string | Node][]} */
  const rows = [
    ...(reason === undefined ? [] : [row('Reason', escapeText(reason))]),
    ...(file.hint === undefined ? [] : [row('What to do', escapeText(file.hint))]),
    ['Different words', whole(file.distinctWords)],
    ...warnings.map((/** @type {string} */ text) => row('Warning', text)),
    ['Object', outside(`${file.bucket}/${file.key}`)],
    ['Version', escapeText(file.version)],
    ['Counted by', escapeText(`${file.worker}, tokenizer ${file.tokenizer}, attempt ${file.attempt}`)],
    ['As JSON', makeLink(`every version, with ${keptWords(file)}`, `/api/files/history?${queryOf(file)}`)],
    ...(file.keptWords === 0 ? [] : [row('As CSV', csvLink(file))]),
  ];
  return make(
    'dl',
    rows.map(([name, value]) => make('div', [make('dt', name), make('dd', [value])])),
    'facts',
  );
}

/**
 * @param {string} name
 * @param {string | Node} value
 * @returns {[string, string | Node]}
 */
const row = (name, value) => [name, value];

/** @param {any} file */
function csvLink(file) {
  const query = queryOf(file);
  query.set('version', file.version);
  return makeLink(keptWords(file), `/api/files/words.csv?${query}`);
}

/** @param {any} file */
const queryOf = ({ bucket, key }) => new URLSearchParams({ bucket, key });

/** Which words a record keeps. @param {any} file */
function keptWords({ keptWords: kept, distinctWords: all }) {
  if (kept >= all) return all === 1 ? 'its one word' : `all ${whole(all)} words`;
  const which = kept === 1 ? 'the most frequent' : `the ${whole(kept)} most frequent`;
  return `${which} of ${whole(all)} different words`;
}
