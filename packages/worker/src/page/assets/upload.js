// Files that a person picks, or drops anywhere on the page.
import { byId, escapeText, MAX_UPLOAD_BYTES, may, say } from './elements.js';
import { several, size } from './format.js';
import { send } from './send.js';

/** Problems beyond this number are counted, not listed. */
const MAX_PROBLEMS = 5;

const picker = /** @type {HTMLInputElement} */ (byId('file-picker'));
const progress = /** @type {HTMLProgressElement} */ (byId('upload-progress'));

/** Files wait for those that were chosen before. @type {Promise<void>} */
let before = Promise.resolve();

const question = byId('replace');
/** Files whose names are taken. @type {File[]} */
let conflicts = [];

export function listenForFiles() {
  if (!may('upload')) return;
  byId('replace-yes').addEventListener('click', () => enqueue(conflicts, true));
  byId('replace-no').addEventListener('click', () => ask([]));
  picker.addEventListener('change', () => {
    const files = [...(picker.files ?? [])];
    // Otherwise the same file could not be chosen again.
    picker.value = '';
    enqueue(files);
  });
  /** @param {DragEvent} event */
  const isOfFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!isOfFiles(event)) return;
    // Without this, the browser would open the file instead of the page.
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    document.body.classList.remove('dropping');
    if (!isOfFiles(event)) return;
    event.preventDefault();
    enqueue([...(event.dataTransfer?.files ?? [])]);
  });
}

/**
 * @param {File[]} files
 * @param {boolean} [replace]
 */
function enqueue(files, replace = false) {
  if (files.length > 0) before = before.then(() => upload(files, replace));
}

/**
 * @param {File[]} files
 * @param {boolean} replace
 */
async function upload(files, replace) {
  /** @type {string[]} */
  const problems = [];
  /** @type {File[]} */
  const existing = [];
  const what = files.length === 1 ? escapeText(files[0]?.name ?? '') : several(files.length, 'file');
  // Said once, however many files there are; the bar shows the rest.
  say('upload-status', `Uploading ${what}…`);
  progress.max = files.length;
  progress.hidden = files.length === 1;
  for (const [index, file] of files.entries()) {
    progress.value = index;
    const { problem, code } = await uploadOne(file, replace);
    if (code === 'exists') existing.push(file);
    else if (problem !== undefined) problems.push(`${escapeText(file.name)}: ${escapeText(problem)}`);
  }
  progress.hidden = true;
  const sent = files.length - problems.length - existing.length;
  const onTheWay =
    files.length === 1 ? `${what} is` : `${several(sent, 'file')} ${sent === 1 ? 'is' : 'are'}`;
  const listed = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > MAX_PROBLEMS) listed.push(`and ${problems.length - MAX_PROBLEMS} more problems`);
  say('upload-status', [...(sent > 0 ? [`${onTheWay} on the way.`] : []), ...listed].join('\n'));
  ask(existing);
}

/**
 * Asks before files replace others of the same name, which the server has found.
 *
 * @param {File[]} existing
 */
function ask(existing) {
  conflicts = existing;
  const [first] = existing;
  const named = existing.length === 1 ? escapeText(first?.name ?? '') : `${several(existing.length, 'file')}`;
  const there = existing.length === 1 ? 'is there already' : 'are there already';
  say('replace-question', first === undefined ? '' : `${named} ${there}.`);
  const hadFocus = question.contains(document.activeElement);
  question.hidden = first === undefined;
  if (hadFocus && question.hidden) picker.focus();
}

/**
 * @param {File} file
 * @param {boolean} replace
 * @returns {Promise<{ problem?: string, code?: string }>}
 */
async function uploadOne(file, replace) {
  if (file.size > MAX_UPLOAD_BYTES) {
    return { problem: `larger than ${size(MAX_UPLOAD_BYTES)}. Use the AWS CLI for it.` };
  }
  // Whatever was dropped may be a folder, or gone.
  const readable = await file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => undefined);
  if (readable === undefined) return { problem: 'cannot be read. Is it a folder?' };
  const query = new URLSearchParams({ name: file.name, ...(replace ? { replace: 'true' } : {}) });
  return send(`/api/uploads?${query}`, { body: file });
}
