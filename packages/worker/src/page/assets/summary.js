import { countLetters } from './dead-letters.js';
import { byId, make, say } from './elements.js';
import { dollars, duration, moment, several, size, whole } from './format.js';
import { showPause } from './intake.js';

/** Results older than this are marked as old; while nothing changes, they are read every 20 seconds. */
const OLD_MS = 30_000;
/**
 * During work, screen readers announce progress at most this often; at once when all is done, or another file
 * has failed.
 */
const NEWS_PAUSE_MS = 30_000;

/** @param {any} view */
export function showSummary(view) {
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
    cost: view.cost === null ? 'not counted' : dollars(view.cost.usd),
  };
  for (const [id, text] of Object.entries(texts)) say(id, text);
  byId('done-count').classList.toggle('good', done > 0);
  byId('failed-count').classList.toggle('bad', failed > 0);
  showSpan(view);
  countLetters(view.deadLetters ?? 0);
  showProgress({ done, failed, inFlight, queued });
  showAge(view);
  showPause(view.paused);
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

/**
 * From the start of the first file to the end of the last one, pauses included.
 *
 * @param {{ firstStartAt: string | null, lastEndAt: string | null }} view
 */
function showSpan({ firstStartAt, lastEndAt }) {
  const element = byId('span');
  if (firstStartAt === null || lastEndAt === null) return;
  const [start, end] = [moment(firstStartAt), moment(lastEndAt)];
  const text = `first start ${start.textContent}, last end ${end.textContent}`;
  if (element.textContent !== text) element.replaceChildren('first start ', start, ', last end ', end);
}

/** @param {{ resultsAt: string, complete: boolean }} view */
function showAge({ resultsAt, complete }) {
  const element = byId('results-age');
  element.hidden = complete && Date.now() - Date.parse(resultsAt) < OLD_MS;
  if (!complete) element.replaceChildren('Older results are still being added up');
  else if (!element.hidden) element.replaceChildren('Results as of ', moment(resultsAt));
}

/** What was announced last. */
let announced = { done: 0, failed: 0, waiting: 0, at: Number.NEGATIVE_INFINITY };

/** @param {{ done: number, failed: number, waiting: number }} work */
function tellNews(work) {
  const { done, failed, waiting } = work;
  document.title = waiting === 0 ? 'wordfreq' : `(${whole(waiting)}) wordfreq`;
  const now = performance.now();
  const urgent =
    (waiting === 0 && (announced.waiting > 0 || done > announced.done)) || failed > announced.failed;
  if (!urgent && now - announced.at < NEWS_PAUSE_MS) return;
  announced = { ...work, at: now };
  say('news', `${several(done, 'file')} done, ${whole(failed)} failed, ${whole(waiting)} waiting`);
}
