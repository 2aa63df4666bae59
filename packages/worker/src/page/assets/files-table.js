import { byId, escapeText, keyedList, make, may, outside, say } from './elements.js';
import { fileDetails } from './file-details.js';
import { inOrder, isFailure, onOrder } from './file-order.js';
import { canSearchOn, foundFiles, idOf, searchFor, searchOn, searchProgress } from './file-search.js';
import { duration, moment, several, size, whole } from './format.js';
import { onStopWords, stopWordLanguage, withoutStopWords } from './stop-words.js';

/** How many of the top words are shown while a row is closed. */
const GLANCE = 4;
/** How many rows are shown at first, and each time that more are requested. */
const PAGE_ROWS = 25;
/** What is shown where a failed file has no number. */
const NONE = '–';

let wantedRows = PAGE_ROWS;

// Rows are laid out as grids, and some browsers then forget that this is a table.
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

const showRows = keyedList(byId('files'), {
  // A failed file that is counted later keeps its job's id but has another outcome.
  keyOf: (/** @type {any} */ file) =>
    `${idOf(file)} ${file.outcome} ${file.finishedAt} ${stopWordLanguage()}`,
  create: fileRow,
  home: byId('files-title'),
});

/** @param {any} view */
export function showFiles(view) {
  latest = view;
  filter.disabled = view.files.length === 0;
  showFiltered();
}

const filter = /** @type {HTMLInputElement} */ (byId('filter'));
filter.addEventListener('input', () => {
  wantedRows = PAGE_ROWS;
  announce(searchFor(filter.value.trim(), showFiltered));
  showFiltered();
});
onOrder(() => {
  wantedRows = PAGE_ROWS;
  showFiltered();
});
onStopWords(showFiltered);
const more = byId('more-files');
more.addEventListener('click', () => {
  wantedRows += 4 * PAGE_ROWS;
  showFiltered();
});
const searchMore = byId('search-on');
searchMore.addEventListener('click', () => {
  wantedRows += 4 * PAGE_ROWS;
  announce(searchOn(showFiltered));
});

/**
 * Tells screen readers what a search has found, once, when it is done: not while it runs, and not when new
 * files arrive.
 *
 * @param {Promise<boolean>} search
 */
async function announce(search) {
  if (await search) say('found', filter.value === '' ? '' : `${several(showFiltered(), 'file')} found`);
}

function showFiltered() {
  const { files, total } = latest;
  const wanted = filter.value.trim().toLowerCase();
  const found = wanted === '' ? files : matching(files, wanted);
  byId('files-table').hidden = found.length === 0;
  byId('no-files').hidden = found.length > 0;
  say(
    'no-files',
    files.length === 0 ? nothingYet() : `No file found that has “${escapeText(filter.value.trim())}”.`,
  );
  showRows(inOrder(found).slice(0, wantedRows));
  const hadFocus = document.activeElement;
  more.hidden = found.length <= wantedRows;
  byId('searched').hidden = wanted === '';
  searchMore.hidden = !canSearchOn();
  if ((hadFocus === more && more.hidden) || (hadFocus === searchMore && searchMore.hidden))
    byId('files-title').focus();
  say('searched-text', searchProgress(total));
  const some = found.length === total ? '' : `${whole(found.length)} of `;
  say('files-count', `${some}${whole(total)}`);
  return found.length;
}

/**
 * Files that the page has are found at once and stay up to date; the others are shown when the server finds
 * them.
 *
 * @param {any[]} files
 * @param {string} wanted
 */
function matching(files, wanted) {
  const here = new Map(files.map((file) => [idOf(file), file]));
  const others = foundFiles().map((file) => here.get(idOf(file)) ?? file);
  return [...new Set([...files.filter((file) => textOf(file).includes(wanted)), ...others])];
}

function nothingYet() {
  return may('upload')
    ? 'No file has been counted yet. Drop one on this page.'
    : 'No file has been counted yet.';
}

/** @param {any} file */
function textOf(file) {
  const words = file.top.map((/** @type {any} */ { word }) => word);
  return [escapeText(file.key), file.outcome, ...words].join('\n').toLowerCase();
}

/** A few words, or why there are none. @param {any} file */
function glanceOf(file) {
  if (file.top.length === 0) return escapeText(file.error?.message ?? file.missingWords ?? 'no words');
  const shown = withoutStopWords(/** @type {{ word: string }[]} */ (file.top)).slice(0, GLANCE);
  return shown.map(({ word }) => escapeText(word)).join(', ') || 'only stop words at the top';
}

/** @param {any} file */
function fileRow(file) {
  const name = make('th', [outside(file.key)]);
  name.setAttribute('scope', 'row');
  name.setAttribute('role', 'rowheader');
  const kind = kindOf(file);
  /** @param {number} number @param {string} text */
  const known = (number, text) => (kind === 'bad' && number === 0 ? NONE : text);
  const row = make('tr', [name]);
  row.setAttribute('role', 'row');
  row.append(
    cell('outcome', [
      make(
        'span',
        `${escapeText(file.outcome)}${kind === 'doubtful' ? ', broken words' : ''}`,
        `pill ${kind}`,
      ),
    ]),
    cell('number words', known(file.words, whole(file.words))),
    cell('number size', known(file.bytes, size(file.bytes))),
    cell('number took', known(file.durationMs, duration(file.durationMs / 1000))),
    cell('finished', [moment(file.finishedAt)]),
    cell('more', [opener(file, row)]),
  );
  return row;
}

/** How an outcome is coloured. @param {any} file */
function kindOf(file) {
  if (isFailure(file)) return 'bad';
  if (file.encodingProblem !== undefined) return 'doubtful';
  return file.outcome === 'counted' ? 'good' : 'plain';
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

/**
 * The button that opens a row: it shows a few words, or why there are none.
 *
 * @param {any} file
 * @param {HTMLElement} row
 */
function opener(file, row) {
  const glance = glanceOf(file);
  const button = make('button', [make('bdi', glance, 'glance')], 'opener');
  button.setAttribute('type', 'button');
  button.setAttribute('aria-expanded', 'false');
  /** @type {HTMLElement | undefined} */
  let opened;
  button.addEventListener('click', () => {
    // Most rows are never opened.
    if (opened === undefined) {
      opened = cell('opened', fileDetails(file));
      opened.hidden = true;
      row.append(opened);
    }
    opened.hidden = !opened.hidden;
    button.setAttribute('aria-expanded', String(!opened.hidden));
  });
  return button;
}
