// The page's own script: asks for each view once a second and shows it. Everything from outside becomes text, never markup.

/** How often to ask, while somebody looks. */
const PAUSE_MS = 1000;

/** @param {string} id */
const byId = (id) => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
};

const whole = new Intl.NumberFormat('en-US');
const size = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
  maximumFractionDigits: 1,
});

/**
 * Control, bidirectional and other invisible characters, shown as code points so that a name cannot pretend to be another.
 *
 * @param {string} text
 */
function harmless(text) {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\u200c' || character === '\u200d'
      ? character
      : `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/**
 * @param {string} tag
 * @param {string} [text]
 * @param {string} [className]
 */
function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className !== undefined) element.className = className;
  return element;
}

/** @param {{ word: string, count: number }[]} top */
function topWords(top) {
  const details = document.createElement('details');
  const shown = top.slice(0, 4).map(({ word }) => harmless(word));
  details.append(make('summary', shown.join(', ')));
  const list = make('ol', undefined, 'top-words');
  const highest = top[0]?.count ?? 1;
  for (const { word, count } of top) {
    const item = document.createElement('li');
    const meter = document.createElement('meter');
    meter.max = highest;
    meter.value = count;
    meter.setAttribute('aria-hidden', 'true');
    item.append(make('bdi', harmless(word), 'word'), meter, make('span', whole.format(count), 'number'));
    list.append(item);
  }
  details.append(list);
  return details;
}

/** @param {any} file */
function fileRow(file) {
  const failed = file.outcome.startsWith('failed:');
  const row = document.createElement('tr');
  const name = make('th');
  name.setAttribute('scope', 'row');
  name.append(make('bdi', harmless(file.key)));
  const last = document.createElement('td');
  if (file.top.length > 0) last.append(topWords(file.top));
  else if (file.reason !== undefined) last.append(make('span', harmless(file.reason), 'reason'));
  row.append(
    name,
    make('td', file.outcome, failed ? 'outcome bad' : 'outcome good'),
    make('td', whole.format(file.words), 'number'),
    make('td', size.format(file.bytes), 'number'),
    make('td', `${(file.durationMs / 1000).toFixed(2)} s`, 'number'),
    last,
  );
  return row;
}

/** Rows by job, so that an opened row stays open when others arrive. @type {Map<string, HTMLElement>} */
const rows = new Map();

/** @param {any} view */
function showFiles({ files }) {
  byId('no-files').hidden = files.length > 0;
  byId('files-table').hidden = files.length === 0;
  const wanted = files.map((/** @type {any} */ file) => {
    const row = rows.get(file.jobId) ?? fileRow(file);
    rows.set(file.jobId, row);
    return row;
  });
  byId('files').replaceChildren(...wanted);
}

/** @param {any} view */
function showSummary(view) {
  const texts = {
    queued: whole.format(view.queued),
    'in-flight': whole.format(view.inFlight),
    done: whole.format(view.done),
    failed: whole.format(view.failed),
    'files-total': whole.format(view.done + view.failed),
    bytes: size.format(view.bytes),
    words: whole.format(view.words),
    seconds: view.seconds.toFixed(2),
  };
  for (const [id, text] of Object.entries(texts)) byId(id).textContent = text;
  byId('upload').hidden = !view.can.upload;
  byId('mail').hidden = !view.can.notifications;
}

/**
 * @param {string} list
 * @param {string} none
 * @param {string} count
 * @param {HTMLElement[]} cards
 */
function showCards(list, none, count, cards) {
  byId(none).hidden = cards.length > 0;
  byId(count).textContent = whole.format(cards.length);
  byId(list).replaceChildren(...cards);
}

/** @param {any} view */
function showDeadLetters({ deadLetters }) {
  const cards = deadLetters.map((/** @type {any} */ letter) => {
    const card = document.createElement('li');
    card.append(make('strong', harmless(letter.key || letter.id)), ` — ${letter.code}`);
    card.append(make('pre', harmless(letter.detail)));
    return card;
  });
  showCards('dead-letters', 'no-dead', 'dead-count', cards);
}

/** @param {any} view */
function showMails({ notifications }) {
  const cards = notifications.map((/** @type {any} */ mail) => {
    const card = document.createElement('li');
    const lines = mail.text.split('\n').map(harmless).join('\n');
    card.append(make('strong', harmless(mail.subject)), ` — ${mail.topic}`, make('pre', lines));
    return card;
  });
  showCards('mails', 'no-mail', 'mail-count', cards);
}

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
  shown.set(path, text);
  show(JSON.parse(text));
}

async function refreshAll() {
  try {
    await Promise.all([
      refresh('/api/summary', showSummary),
      refresh('/api/files', showFiles),
      refresh('/api/dead-letters', showDeadLetters),
      refresh('/api/notifications', showMails),
    ]);
    say('connection', 'Live');
  } catch {
    say('connection', 'The pipeline does not answer; trying again…');
  }
}

/**
 * @param {string} id
 * @param {string} text
 */
function say(id, text) {
  const element = byId(id);
  // A live region speaks only when its text changes.
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Iterable<File>} files */
async function upload(files) {
  for (const file of files) {
    say('upload-status', `Uploading ${harmless(file.name)}…`);
    const response = await fetch(`/api/uploads?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      body: file,
    });
    const answer = await response.json();
    say(
      'upload-status',
      response.ok ? `${harmless(answer.key)} is on its way.` : `${harmless(file.name)}: ${answer.error}`,
    );
  }
}

const picker = /** @type {HTMLInputElement} */ (byId('file-picker'));
picker.addEventListener('change', async () => {
  await upload([...(picker.files ?? [])]);
  picker.value = '';
});
const zone = byId('drop-zone');
zone.addEventListener('dragover', (event) => {
  event.preventDefault();
  zone.classList.add('over');
});
zone.addEventListener('dragleave', () => zone.classList.remove('over'));
zone.addEventListener('drop', async (event) => {
  event.preventDefault();
  zone.classList.remove('over');
  await upload(event.dataTransfer?.files ?? []);
});

for (;;) {
  if (document.visibilityState === 'visible') await refreshAll();
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
