import { byId, escapeText, make, makeButton, may, outside, say } from './elements.js';
import { TYPING_PAUSE_MS } from './file-search.js';
import { moment, several, whole } from './format.js';
import { messageList } from './message-list.js';
import { sendJson } from './send.js';

/** The view has at most this many; the summary says how many there are in all. */
const MAX_LETTERS = 100;

/** Looking at a message hides it from others for a moment. */
const HELD = 'it is gone, or somebody else reads it at this moment.';
const NOTHING = 'Nothing is here. A file that cannot be counted ends here, with the reason.';

let lettersInQueue = 0;
/** @type {any[]} */
let latest = [];
/** What the server found, if the page does not have all letters. @type {any[] | undefined} */
let found;
let timer = 0;

const list = messageList(
  { list: 'dead-letters', sheet: 'dead-sheet', empty: 'no-dead', more: 'more-dead', home: 'dead-title' },
  letterItem,
  NOTHING,
);
const filter = /** @type {HTMLInputElement} */ (byId('letter-filter'));
filter.addEventListener('input', () => {
  found = undefined;
  showFiltered();
  clearTimeout(timer);
  timer = setTimeout(askServer, TYPING_PAUSE_MS);
});

/** @param {number} count */
export function countLetters(count) {
  lettersInQueue = count;
}

/** @param {any} view */
export function showDeadLetters({ deadLetters }) {
  latest = deadLetters;
  filter.disabled = latest.length === 0;
  if (!may('redrive')) {
    const hint = 'This page may not send them back; the command “wordfreq dlq redrive” may.';
    say('redrive-status', latest.length === 0 ? '' : hint);
  }
  showFiltered();
  askServer();
}

/** Searches on the server if the page does not have all letters. */
async function askServer() {
  const text = filter.value.trim();
  if (text === '' || latest.length < MAX_LETTERS) return;
  try {
    const response = await fetch(`/api/dead-letters/search?${new URLSearchParams({ text })}`);
    const { deadLetters } = await response.json();
    if (filter.value.trim() !== text) return;
    found = deadLetters;
    showFiltered();
  } catch {
    // The page already says that the pipeline does not respond.
  }
}

function showFiltered() {
  const wanted = filter.value.trim().toLowerCase();
  const matching = latest.filter((letter) => textOf(letter).includes(wanted));
  const letters = wanted === '' ? latest : (found ?? matching);
  const all = Math.max(lettersInQueue, latest.length);
  const some = wanted !== '' || latest.length >= MAX_LETTERS;
  say('dead-count', some ? `${whole(letters.length)} of ${whole(all)}` : whole(latest.length));
  list(
    letters,
    latest.length === 0 ? NOTHING : `No dead letter found that has “${escapeText(filter.value.trim())}”.`,
  );
  showReasons();
}

/** @param {any} letter */
function textOf({ key = '', code, detail, id }) {
  return [escapeText(key), key, code, detail, id].join('\n').toLowerCase();
}

/** A button for each reason that several letters share. */
function showReasons() {
  const group = byId('reasons');
  /** @type {Map<string, any[]>} */
  const byCode = new Map();
  for (const letter of latest) byCode.set(letter.code, [...(byCode.get(letter.code) ?? []), letter]);
  const shared = [...byCode].filter(([, letters]) => letters.length > 1);
  const state = JSON.stringify(shared.map(([code, letters]) => [code, letters[0].remedy]));
  if (group.dataset['state'] === state) return;
  group.dataset['state'] = state;
  const hadFocus = group.contains(document.activeElement);
  group.replaceChildren(
    ...shared.flatMap(([code, [{ remedy }]]) => [
      ...(may('redrive') && canSucceed(remedy)
        ? [makeButton(`Send back all: ${escapeText(code)}`, () => redrive({ reason: code }))]
        : []),
      ...(may('purge')
        ? [
            makeButton(`Delete all: ${escapeText(code)}`, () =>
              askToDelete({ reason: code }, `all with ${escapeText(code)}`),
            ),
          ]
        : []),
    ]),
  );
  group.hidden = group.children.length === 0;
  if (hadFocus) byId('dead-title').focus();
}

/** A message that is itself wrong would only come back. @param {string} remedy */
const canSucceed = (remedy) => remedy === 'fix-and-send-back' || remedy === 'nothing';

let busy = false;

/**
 * @param {string} path
 * @param {object} choice
 * @param {{ doing: string, nothing: string, done: (count: number) => string }} words
 */
async function act(path, choice, { doing, nothing, done }) {
  if (busy) return;
  busy = true;
  say('redrive-status', doing);
  const { answer, problem } = await sendJson(path, choice);
  busy = false;
  const count = answer?.sent ?? answer?.deleted ?? 0;
  const end = count === 0 ? `${nothing}: ${HELD}` : done(count);
  say('redrive-status', problem === undefined ? end : escapeText(problem));
}

/** @param {{ ids?: string[], reason?: string }} choice */
function redrive(choice) {
  return act('/api/dead-letters/redrive', choice, {
    doing: 'Sending back…',
    nothing: 'Nothing was sent back',
    done: (count) => `${several(count, 'message')} sent back to be done again.`,
  });
}

/** @param {{ ids?: string[], reason?: string }} choice */
function remove(choice) {
  return act('/api/dead-letters/delete', choice, {
    doing: 'Deleting…',
    nothing: 'Nothing was deleted',
    done: (count) => `${several(count, 'message')} deleted.`,
  });
}

const dialog = /** @type {HTMLDialogElement} */ (byId('confirm'));
/** @type {{ ids?: string[], reason?: string }} */
let toDelete = {};
byId('confirm-yes').addEventListener('click', () => {
  dialog.close();
  remove(toDelete);
});
byId('confirm-no').addEventListener('click', () => dialog.close());

/**
 * @param {{ ids?: string[], reason?: string }} choice
 * @param {string} what
 */
function askToDelete(choice, what) {
  toDelete = choice;
  say(
    'confirm-text',
    `Delete ${what} for good? The file itself stays where it is; only its message is lost.`,
  );
  dialog.showModal();
}

/** @param {any} letter */
function letterItem({ id, bucket, key, code, detail, hint: advice, remedy, excerpt, at }) {
  const name = key === undefined ? make('span', `message ${escapeText(id)}`) : outside(key);
  const text = name.textContent ?? '';
  const head = make(
    'p',
    [make('strong', [name]), make('span', escapeText(code), 'pill bad')],
    'message-head',
  );
  const foot = make('p', at === undefined ? [] : [moment(at)], 'message-foot');
  if (bucket !== undefined) foot.append(make('span', ['in ', outside(bucket)]));
  const buttons = make('span', [], 'buttons');
  if (may('redrive') && canSucceed(remedy))
    buttons.append(makeButton('Send back', () => redrive({ ids: [id] }), `Send back ${text}`));
  if (may('purge'))
    buttons.append(makeButton('Delete', () => askToDelete({ ids: [id] }, text), `Delete ${text}`));
  if (buttons.children.length > 0) foot.append(buttons);
  const item = make('li', [head, make('p', escapeText(detail), 'message-text')]);
  const hint =
    remedy === 'upload-corrected' ? 'This cannot succeed: upload a corrected file.' : (advice ?? '');
  if (hint !== '') item.append(make('p', escapeText(hint), 'message-text hint'));
  if (excerpt !== undefined)
    item.append(make('p', [make('code', [outside(excerpt)])], 'message-text excerpt'));
  item.append(foot);
  return item;
}
