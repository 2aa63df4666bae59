import { harmless, make, outside } from './elements.js';
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
  const warnings = file.warnings.map(
    (/** @type {any} */ { code, count, firstOffset }) =>
      `${code}, ${several(count, 'time')}, first at byte ${whole(firstOffset)}`,
  );
  /** @type {[string, string | Node][]} */
  const rows = [
    ...(file.reason === undefined
      ? []
      : [/** @type {[string, string]} */ (['Reason', harmless(file.reason)])]),
    ['Different words', whole(file.distinctWords)],
    ...warnings.map((/** @type {string} */ text) => /** @type {[string, string]} */ (['Warning', text])),
    ['Object', outside(`${file.bucket}/${file.key}`)],
    ['Version', harmless(file.version)],
    ['Counted by', harmless(`${file.worker}, tokenizer ${file.tokenizer}, attempt ${file.attempt}`)],
    ['As JSON', historyLink(file)],
  ];
  return make(
    'dl',
    rows.map(([name, value]) => make('div', [make('dt', name), make('dd', [value])])),
    'facts',
  );
}

/** @param {any} file */
function historyLink({ bucket, key }) {
  const link = document.createElement('a');
  link.href = `/api/files/history?${new URLSearchParams({ bucket, key })}`;
  link.textContent = 'every version, with all words';
  return link;
}
