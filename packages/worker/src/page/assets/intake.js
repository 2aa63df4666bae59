// Pausing and resuming the workers' intake.
import { byId, escapeText, may, say } from './elements.js';
import { moment } from './format.js';
import { sendJson } from './send.js';

const button = /** @type {HTMLButtonElement} */ (byId('pause'));
let paused = false;

button.hidden = !may('pause');
button.addEventListener('click', async () => {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  const { problem } = await sendJson('/api/intake', { paused: !paused });
  button.removeAttribute('aria-disabled');
  if (problem !== undefined) say('pause-status', escapeText(problem));
});

/** @param {{ since: string, by?: string } | null} pause */
export function showPause(pause) {
  paused = pause !== null;
  button.textContent = paused ? 'Resume' : 'Pause';
  const status = byId('pause-status');
  if (pause === null) {
    say('pause-status', may('pause') ? 'Workers take new files.' : '');
    return;
  }
  const by = pause.by === undefined ? '' : ` by ${escapeText(pause.by)}`;
  const at = moment(pause.since);
  const text = `Paused since ${at.textContent}${by}: workers finish what they have, and within 5 seconds take nothing new.`;
  // A live region announces every change.
  if (status.textContent !== text)
    status.replaceChildren('Paused since ', at, text.slice(13 + (at.textContent ?? '').length));
}
