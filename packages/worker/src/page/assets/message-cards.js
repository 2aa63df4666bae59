import { byId, harmless, make, may, outside, say } from './elements.js';
import { moment, several, whole } from './format.js';
import { messageList } from './message-list.js';
import { send } from './send.js';

/** The view holds no more; how many there are altogether is known from the summary. */
const MAX_LETTERS = 100;

/** Looking at a message hides it from others for a moment. */
const HELD = 'Nothing was sent back: it is gone, or somebody else reads it at this moment.';

let lettersInQueue = 0;

const showLetters = messageList(
  { list: 'dead-letters', sheet: 'dead-sheet', empty: 'no-dead', more: 'more-dead', home: 'dead-title' },
  letterItem,
  'Nothing is here. A file that cannot be counted ends here, with the reason.',
);
const showMailItems = messageList(
  { list: 'mails', sheet: 'mail-sheet', empty: 'no-mail', more: 'more-mails', home: 'mail-title' },
  mailItem,
  'No mail yet. Whoever subscribes is told of each failure.',
);
const redriveAll = /** @type {HTMLButtonElement} */ (byId('redrive-all'));
redriveAll.addEventListener('click', () => redrive(redriveAll));

/** @param {number} count */
export function countLetters(count) {
  lettersInQueue = count;
}

/** @param {any} view */
export function showDeadLetters({ deadLetters }) {
  const hadFocus = redriveAll === document.activeElement;
  redriveAll.hidden = !may('redrive') || deadLetters.length === 0;
  if (hadFocus && redriveAll.hidden) byId('dead-title').focus();
  const more = deadLetters.length >= MAX_LETTERS && lettersInQueue > MAX_LETTERS;
  say('dead-count', more ? `${MAX_LETTERS} of ${whole(lettersInQueue)}` : whole(deadLetters.length));
  if (!may('redrive')) {
    const hint = 'This page may not send them back; the command “wordfreq dlq redrive” may.';
    say('redrive-status', deadLetters.length === 0 ? '' : hint);
  }
  showLetters(deadLetters);
}

/** @param {any} view */
export function showMails({ notifications }) {
  say('mail-count', whole(notifications.length));
  showMailItems(notifications);
}

/**
 * @param {HTMLButtonElement} button
 * @param {string[]} [ids]
 */
async function redrive(button, ids) {
  // A disabled button would lose the focus.
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  say('redrive-status', 'Sending back…');
  const { answer, problem } = await send('/api/dead-letters/redrive', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ids === undefined ? {} : { ids }),
  });
  button.removeAttribute('aria-disabled');
  const sent = answer?.sent ?? 0;
  const done = sent === 0 ? HELD : `${several(sent, 'message')} sent back to be done again.`;
  say('redrive-status', problem === undefined ? done : harmless(problem));
}

/** @param {any} letter */
function letterItem({ id, bucket, key, code, detail, excerpt, at }) {
  const name = key === '' ? make('span', `message ${harmless(id)}`) : outside(key);
  const head = make('p', [make('strong', [name]), make('span', harmless(code), 'pill bad')], 'message-head');
  const foot = make('p', at === '' ? [] : [moment(at)], 'message-foot');
  if (bucket !== '') foot.append(make('span', ['in ', outside(bucket)]));
  if (may('redrive')) foot.append(redriveButton(id, name.textContent ?? ''));
  const item = make('li', [head, make('p', harmless(detail), 'message-text')]);
  if (excerpt !== '') item.append(make('p', [make('code', [outside(excerpt)])], 'message-text excerpt'));
  item.append(foot);
  return item;
}

/**
 * @param {string} id
 * @param {string} name
 */
function redriveButton(id, name) {
  const button = /** @type {HTMLButtonElement} */ (make('button', 'Send back'));
  button.type = 'button';
  button.setAttribute('aria-label', `Send back ${name}`);
  button.addEventListener('click', () => redrive(button, [id]));
  return button;
}

/** @param {any} mail */
function mailItem({ topic, subject, text, at }) {
  const lines = text.split('\n').map(harmless).join('\n');
  const element = document.createElement('details');
  element.append(
    make('summary', [make('span', [make('strong', harmless(subject)), ' ', moment(at)])]),
    make('pre', lines),
    make('p', ['to whoever subscribed to ', outside(topic)], 'message-foot'),
  );
  return make('li', [element]);
}
