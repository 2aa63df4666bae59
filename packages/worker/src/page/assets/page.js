// The page's own script: polls each view, and shows it again when it has changed.
import { showDeadLetters } from './dead-letters.js';
import { byId, escapeText, may, say } from './elements.js';
import { showFiles } from './files-table.js';
import { moment } from './format.js';
import { showMails } from './message-cards.js';
import { onChange } from './send.js';
import { startStopWords } from './stop-words.js';
import { showSummary } from './summary.js';
import { startTheme } from './theme.js';
import { showThroughput } from './throughput-chart.js';
import { showTopWords } from './top-words.js';
import { listenForFiles } from './upload.js';

/** The pause between polls while the page is visible. */
const PAUSE_MS = 1000;
/** The longest pause between polls of a pipeline that does not respond. */
const LONGEST_PAUSE_MS = 5000;
/** How long to wait for a response. */
const PATIENCE_MS = 30_000;

/** @type {readonly (readonly [path: string, show: (view: any) => void])[]} */
const VIEWS = [
  ['/api/summary', showSummary],
  ['/api/files', showFiles],
  ['/api/words', showTopWords],
  ['/api/throughput', showThroughput],
  ['/api/dead-letters', showDeadLetters],
  ...(may('notifications') ? [/** @type {const} */ (['/api/notifications', showMails])] : []),
];

/** What was shown last, so that an unchanged view is not shown again. @type {Map<string, string>} */
const shown = new Map();
let lastAnswerAt = '';

/**
 * @param {string} path
 * @param {(view: any) => void} show
 * @returns {Promise<string | undefined>} what is wrong with this view, if the others may be right
 */
async function refresh(path, show) {
  const response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (!response.ok) return problemOf(text, path, response.status);
  if (shown.get(path) === text) return undefined;
  show(JSON.parse(text));
  shown.set(path, text);
  return undefined;
}

/**
 * @param {string} text
 * @param {string} path
 * @param {number} status
 */
function problemOf(text, path, status) {
  try {
    return escapeText(String(JSON.parse(text).error));
  } catch {
    return `${path} answered ${status}.`;
  }
}

/**
 * @param {'live' | 'lost'} state
 * @param {string} text
 * @param {(string | Node)[]} trouble
 */
function tell(state, text, trouble) {
  byId('connection').dataset['state'] = state;
  say('connection', text);
  const alert = byId('trouble');
  const sentence = trouble.map((part) => (typeof part === 'string' ? part : part.textContent)).join('');
  // Screen readers read an alert again each time that it is written.
  if (alert.textContent !== sentence) alert.replaceChildren(...trouble);
}

async function refreshAll() {
  const problems = await Promise.all(VIEWS.map(([path, show]) => refresh(path, show)));
  lastAnswerAt = new Date().toISOString();
  const different = new Set(problems.filter((problem) => problem !== undefined));
  if (different.size === 0) tell('live', 'Live', []);
  else tell('lost', 'Not complete', [[...different].join(' ')]);
}

/** Ends early when somebody has changed something. @param {number} ms */
const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    onChange(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });

const lookedAt = () =>
  new Promise((resolve) => {
    if (document.visibilityState === 'visible') resolve(undefined);
    else document.addEventListener('visibilitychange', resolve, { once: true });
  });

startTheme();
startStopWords();
listenForFiles();
for (let pauseMs = PAUSE_MS; ; await pause(pauseMs), await lookedAt()) {
  try {
    await refreshAll();
    pauseMs = PAUSE_MS;
  } catch {
    const seen = lastAnswerAt === '' ? [] : [' What you see is from ', moment(lastAnswerAt), '.'];
    tell('lost', 'No answer', ['The pipeline does not answer; trying again.', ...seen]);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}
