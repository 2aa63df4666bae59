import { byId, duration, make, moment, say, several, size, whole } from './elements.js';

/** Results older than this are said to be. */
const OLD_MS = 10_000;
/** A screen reader hears of news at most this often. */
const NEWS_PAUSE_MS = 5000;

/** @type {number} */
let lastNewsAt = Number.NEGATIVE_INFINITY;

/**
 * What the other parts ask about.
 *
 * @type {{ upload: boolean, redrive: boolean, notifications: boolean, maxUploadBytes: number }}
 */
export let can = { upload: false, redrive: false, notifications: false, maxUploadBytes: 0 };

/** @param {any} view */
export function showSummary(view) {
  can = view.can;
  const { queued, inFlight, done, failed } = view;
  const texts = {
    queued: whole(queued),
    'in-flight': whole(inFlight),
    done: whole(done),
    failed: whole(failed),
    'files-total': whole(done + failed),
    bytes: size(view.bytes),
    words: whole(view.words),
    seconds: duration(view.seconds),
  };
  for (const [id, text] of Object.entries(texts)) say(id, text);
  byId('failed-count').classList.toggle('bad', failed > 0);
  byId('upload').hidden = !can.upload;
  byId('mail').hidden = !can.notifications;
  showProgress({ done, failed, inFlight, queued });
  showAge(view.resultsAt);
  tellNews({ done, failed, waiting: queued + inFlight });
}

/** @param {{ done: number, failed: number, inFlight: number, queued: number }} work */
function showProgress(work) {
  const bar = byId('progress');
  const names = /** @type {const} */ (['done', 'failed', 'inFlight', 'queued']);
  if (bar.children.length === 0) bar.append(...names.map((name) => make('i', undefined, name)));
  names.forEach((name, index) => {
    const part = /** @type {HTMLElement} */ (bar.children[index]);
    part.style.flexGrow = String(work[name]);
    part.hidden = work[name] === 0;
  });
  const { done, failed, inFlight, queued } = work;
  bar.setAttribute('aria-label', `${done} done, ${failed} failed, ${inFlight} in flight, ${queued} queued`);
}

/** @param {string} resultsAt */
function showAge(resultsAt) {
  const element = byId('results-age');
  element.hidden = Date.now() - Date.parse(resultsAt) < OLD_MS;
  if (!element.hidden) element.replaceChildren('Results as of ', moment(resultsAt));
}

/** @param {{ done: number, failed: number, waiting: number }} work */
function tellNews({ done, failed, waiting }) {
  document.title = waiting === 0 ? 'wordfreq' : `(${whole(waiting)}) wordfreq`;
  if (performance.now() - lastNewsAt < NEWS_PAUSE_MS) return;
  lastNewsAt = performance.now();
  say('news', `${several(done, 'file')} done, ${whole(failed)} failed, ${whole(waiting)} waiting`);
}
