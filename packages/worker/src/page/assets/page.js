// The page's own script: asks for each view again and again, and has it shown where it changed.
import { listen } from './actions.js';
import { byId, say } from './elements.js';
import { showFiles } from './files-table.js';
import { showDeadLetters, showMails } from './message-cards.js';
import { can, showSummary } from './summary.js';
import { showThroughput } from './throughput-chart.js';

/** How often to ask, while somebody looks. */
const PAUSE_MS = 1000;
/** How often to ask a pipeline that does not answer, at most. */
const LONGEST_PAUSE_MS = 10_000;

/** What was shown last, so that an unchanged view is left alone. @type {Map<string, string>} */
const shown = new Map();

/**
 * @param {string} path
 * @param {(view: any) => void} show
 */
async function refresh(path, show) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const text = await response.text();
  if (shown.get(path) === text) return;
  show(JSON.parse(text));
  shown.set(path, text);
}

async function refreshAll() {
  // First, because it says what else there is to show.
  await refresh('/api/summary', showSummary);
  await Promise.all([
    refresh('/api/files', showFiles),
    refresh('/api/throughput', showThroughput),
    refresh('/api/dead-letters', showDeadLetters),
    ...(can.notifications ? [refresh('/api/notifications', showMails)] : []),
  ]);
}

/**
 * @param {'live' | 'waiting' | 'lost'} state
 * @param {string} text
 */
function connection(state, text) {
  byId('connection').dataset['state'] = state;
  say('connection', text);
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const lookedAt = () =>
  new Promise((resolve) => {
    if (document.visibilityState === 'visible') resolve(undefined);
    else document.addEventListener('visibilitychange', resolve, { once: true });
  });

listen();
for (let pauseMs = PAUSE_MS; ; await pause(pauseMs), await lookedAt()) {
  try {
    await refreshAll();
    connection('live', 'Live');
    pauseMs = PAUSE_MS;
  } catch {
    connection('lost', 'The pipeline does not answer; trying again…');
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}
