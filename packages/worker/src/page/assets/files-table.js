import { byId, duration, harmless, keyedList, make, moment, outside, say, size, whole } from './elements.js';

/** How many of the top words are shown while a row is closed. */
const GLANCE = 4;
/** How many rows are shown at first, and with each wish for more. */
const PAGE_ROWS = 25;

let wantedRows = PAGE_ROWS;

// On a phone rows are laid out as boxes, and some browsers then forget that this is a table.
for (const [selector, role] of [
  ['table', 'table'],
  ['thead, tbody', 'rowgroup'],
  ['thead tr', 'row'],
  ['thead th', 'columnheader'],
]) {
  for (const element of document.querySelectorAll(`#files-table :is(${selector})`)) {
    element.setAttribute('role', role ?? '');
  }
}

/** @type {any} */
let latest = { files: [], total: 0 };

/** A file that failed and was done again has another fate: hence more than the job's id. */
const showRows = keyedList(
  byId('files'),
  (/** @type {any} */ file) => `${file.jobId} ${file.outcome} ${file.finishedAt}`,
  fileRow,
);

/** @param {any} view */
export function showFiles(view) {
  latest = view;
  const { files } = view;
  byId('no-files').hidden = files.length > 0;
  byId('files-table').hidden = files.length === 0;
  byId('filter-label').hidden = files.length === 0;
  showFiltered();
}

const filter = /** @type {HTMLInputElement} */ (byId('filter'));
filter.addEventListener('input', () => {
  wantedRows = PAGE_ROWS;
  showFiltered();
});
const more = byId('more-files');
more.addEventListener('click', () => {
  wantedRows += 4 * PAGE_ROWS;
  showFiltered();
});

function showFiltered() {
  const { files, total } = latest;
  const wanted = filter.value.trim().toLowerCase();
  const found =
    wanted === '' ? files : files.filter((/** @type {any} */ file) => textOf(file).includes(wanted));
  showRows(found.slice(0, wantedRows));
  more.hidden = found.length <= wantedRows;
  const some = found.length === total ? '' : `${whole(found.length)} of `;
  say('files-count', `${some}${whole(total)}`);
}

/** @param {any} file */
function textOf(file) {
  const words = file.top.map((/** @type {any} */ { word }) => word);
  return [harmless(file.key), file.outcome, ...words].join('\n').toLowerCase();
}

/** @param {any} file */
function fileRow(file) {
  const name = make('th', [outside(file.key)]);
  name.setAttribute('scope', 'row');
  name.setAttribute('role', 'rowheader');
  const cells = [
    cell('outcome', [make('span', harmless(file.outcome), `pill ${kindOf(file.outcome)}`)]),
    cell('number words', whole(file.words)),
    cell('number size', size(file.bytes)),
    cell('number took', duration(file.durationMs / 1000)),
    cell('finished', [moment(file.finishedAt)]),
    cell('more', [details(file)]),
  ];
  const row = make('tr', [name, ...cells]);
  row.setAttribute('role', 'row');
  return row;
}

/**
 * @param {string} className
 * @param {string | (string | Node)[]} content
 */
function cell(className, content) {
  const element = make('td', content, className);
  element.setAttribute('role', 'cell');
  return element;
}

/** @param {string} outcome */
function kindOf(outcome) {
  if (outcome.startsWith('failed:')) return 'bad';
  return outcome === 'counted' ? 'good' : 'plain';
}

/** @param {any} file */
function details(file) {
  const glance = file.top
    .slice(0, GLANCE)
    .map((/** @type {any} */ { word }) => harmless(word))
    .join(', ');
  const element = document.createElement('details');
  element.append(make('summary', [make('bdi', glance || harmless(file.reason ?? 'no words'))]));
  // Most rows are never opened.
  element.addEventListener('toggle', () => element.append(topWords(file.top), facts(file)), { once: true });
  return element;
}

/** @param {{ word: string, count: number }[]} top */
function topWords(top) {
  const highest = top[0]?.count ?? 1;
  const items = top.map(({ word, count }) => {
    const bar = make('span', undefined, 'bar');
    bar.style.inlineSize = `${(100 * count) / highest}%`;
    const track = make('span', [bar], 'track');
    track.setAttribute('aria-hidden', 'true');
    return make('li', [outside(word), track, make('span', whole(count), 'number')]);
  });
  return make('ol', items, 'top-words');
}

/** @param {any} file */
function facts(file) {
  const warnings = file.warnings.map(
    (/** @type {any} */ { code, count, firstOffset }) =>
      `${code}, ${whole(count)} times, first at byte ${whole(firstOffset)}`,
  );
  /** @type {[string, string | Node][]} */
  const rows = [
    ['Different words', whole(file.distinctWords)],
    ...(file.reason === undefined
      ? []
      : [/** @type {[string, string]} */ (['Reason', harmless(file.reason)])]),
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
