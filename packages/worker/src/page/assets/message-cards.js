import { redrive } from './actions.js';
import { byId, harmless, keyedList, make, moment, outside, say, whole } from './elements.js';
import { can } from './summary.js';

const showLetterCards = keyedList(byId('dead-letters'), (/** @type {any} */ { id }) => id, letterCard);
const showMailCards = keyedList(byId('mails'), (/** @type {any} */ { id }) => id, mailCard);

/** @param {any} view */
export function showDeadLetters({ deadLetters }) {
  byId('no-dead').hidden = deadLetters.length > 0;
  byId('redrive-all').hidden = !can.redrive || deadLetters.length === 0;
  say('dead-count', whole(deadLetters.length));
  showLetterCards(deadLetters);
}

/** @param {any} view */
export function showMails({ notifications }) {
  byId('no-mail').hidden = notifications.length > 0;
  say('mail-count', whole(notifications.length));
  showMailCards(notifications);
}

/** @param {any} letter */
function letterCard({ id, key, code, detail, at }) {
  const name = key === '' ? make('span', `message ${harmless(id)}`) : outside(key);
  const head = make('p', [make('strong', [name]), make('span', harmless(code), 'pill bad')], 'card-head');
  const foot = make('p', at === '' ? [] : [moment(at)], 'card-foot');
  if (can.redrive) {
    const button = /** @type {HTMLButtonElement} */ (make('button', 'Send back'));
    button.type = 'button';
    button.setAttribute('aria-label', `Send back ${name.textContent}`);
    button.addEventListener('click', () => redrive(button, [id]));
    foot.append(button);
  }
  return make('li', [head, make('p', harmless(detail), 'card-text'), foot]);
}

/** @param {any} mail */
function mailCard({ topic, subject, text, at }) {
  const lines = text.split('\n').map(harmless).join('\n');
  const element = document.createElement('details');
  element.append(
    make('summary', [make('strong', harmless(subject)), ' ', moment(at)]),
    make('p', harmless(topic), 'card-foot'),
    make('pre', lines),
  );
  return make('li', [element]);
}
