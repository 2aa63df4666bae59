import { escapeText, make, makeLink, outside } from './elements.js';
import { dollars, duration, several, whole } from './format.js';
import { stopWordLanguage, withoutStopWords } from './stop-words.js';
import { leftOut, wordBar } from './top-words.js';

/** How many bars a row opens to. */
const SHOWN = 10;

/**
 * What a row opens to: the file's own chart of words, and all that is known of it.
 *
 * @param {any} file
 */
export function fileDetails(file) {
  return file.top.length === 0 ? [facts(file)] : [chart(file), facts(file)];
}

/** @param {any} file */
function chart(file) {
  const element = make('div');
  draw(element, file.top);
  // The view holds a few words of each file; others take the place of its stop words.
  if (stopWordLanguage() !== '' && file.keptWords > file.top.length)
    wordsOf(file).then((words) => draw(element, words));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {readonly { word: string, count: number }[]} words
 */
function draw(element, words) {
  const shown = withoutStopWords(words);
  const highest = shown[0]?.count ?? 1;
  const bars = shown.slice(0, SHOWN).map((item) => wordBar(item, highest));
  const note = leftOut(words.length, shown.length);
  element.replaceChildren(
    make('ol', bars, 'bars'),
    ...(note === '' ? [] : [make('p', note.trim(), 'left-out')]),
  );
}

/**
 * All words that the record keeps, or those of the view if the server does not respond.
 *
 * @param {any} file
 */
async function wordsOf(file) {
  try {
    const { versions } = await (await fetch(`/api/files/history?${queryOf(file)}`)).json();
    return versions.find((/** @type {any} */ { jobId }) => jobId === file.jobId)?.top ?? file.top;
  } catch {
    return file.top;
  }
}

/** @param {any} file */
function facts(file) {
  const reason = file.error?.message ?? file.missingWords;
  const problem = file.encodingProblem;
  const warnings = file.warnings.map(
    (/** @type {any} */ { code, count, firstOffset }) =>
      `${code}, ${several(count, 'time')}, first at byte ${whole(firstOffset)}`,
  );
  /** @type {[string, string | Node][]} */
  const rows = [
    ...(reason === undefined ? [] : [row('Reason', escapeText(reason))]),
    // Where the file itself is wrong, the reason already says what to do.
    ...(file.hint === undefined || file.remedy === 'upload-corrected'
      ? []
      : [row('What to do', escapeText(file.hint))]),
    ...(problem === undefined ? [] : [row('Not certain', problem.message), row('What to do', problem.hint)]),
    ['Different words', whole(file.distinctWords)],
    // The problem names the encoding, and what the warnings are about.
    ...(problem !== undefined || file.encoding === undefined
      ? []
      : [row('Encoding', encoding(file.encoding))]),
    ...(problem === undefined ? warnings : []).map((/** @type {string} */ text) => row('Warning', text)),
    ['Object', outside(`${file.bucket}/${file.key}`)],
    ['Version', escapeText(file.version)],
    ['Counted by', escapeText(`${file.worker}, tokenizer ${file.tokenizer}, attempt ${file.attempt}`)],
    ...(file.cost === undefined ? [] : [row('Cost', cost(file.cost))]),
    ['As JSON', makeLink(`every version, with ${keptWords(file)}`, `/api/files/history?${queryOf(file)}`)],
    ...(file.keptWords === 0 ? [] : [row('As CSV', csvLink(file))]),
  ];
  return make(
    'dl',
    rows.map(([name, value]) => make('div', [make('dt', name), make('dd', [value])])),
    'facts',
  );
}

/** @param {any} cost */
function cost({
  s3Reads,
  s3Writes,
  queueRequests,
  notifications,
  tableWrites,
  tableReads,
  processorMs,
  usd,
}) {
  const requests = s3Reads + s3Writes + queueRequests + notifications + tableWrites + tableReads;
  return `${dollars(usd)}: ${requests.toFixed(2)} requests, ${duration(processorMs / 1000)} of a processor`;
}

/** How a text's encoding was found. @type {Record<string, string>} */
const FOUND_BY = { bom: 'by its byte order mark', declared: 'as declared', detected: 'detected' };

/** @param {{ name: string, foundBy: string, likely?: string }} encoding */
function encoding({ name, foundBy, likely }) {
  if (likely !== undefined) return `read as ${name}; perhaps it is ${likely}`;
  return foundBy in FOUND_BY ? `${name}, ${FOUND_BY[foundBy]}` : name;
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
