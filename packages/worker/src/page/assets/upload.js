// Files that a person picks, or drops anywhere on the page.
import { byId, harmless, MAX_UPLOAD_BYTES, may, say } from './elements.js';
import { several, size } from './format.js';
import { send } from './send.js';

/** More problems than these are counted, not listed. */
const MAX_PROBLEMS = 5;

const picker = /** @type {HTMLInputElement} */ (byId('file-picker'));
const progress = /** @type {HTMLProgressElement} */ (byId('upload-progress'));

/** Files wait for those that were chosen before. @type {Promise<void>} */
let before = Promise.resolve();

export function listenForFiles() {
  if (!may('upload')) return;
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
    // Without this the browser would leave the page for the file.
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

/** @param {File[]} files */
function enqueue(files) {
  if (files.length > 0) before = before.then(() => upload(files));
}

/** @param {File[]} files */
async function upload(files) {
  /** @type {string[]} */
  const problems = [];
  const what = files.length === 1 ? harmless(files[0]?.name ?? '') : several(files.length, 'file');
  // Said once, however many files there are; the bar shows the rest.
  say('upload-status', `Uploading ${what}…`);
  progress.max = files.length;
  progress.hidden = files.length === 1;
  for (const [index, file] of files.entries()) {
    progress.value = index;
    const problem = await uploadOne(file);
    if (problem !== undefined) problems.push(`${harmless(file.name)}: ${harmless(problem)}`);
  }
  progress.hidden = true;
  const sent = files.length - problems.length;
  const onTheWay = files.length === 1 ? `${what} is` : `${several(sent, 'file')} are`;
  const listed = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > MAX_PROBLEMS) listed.push(`and ${problems.length - MAX_PROBLEMS} more problems`);
  say('upload-status', [...(sent > 0 ? [`${onTheWay} on the way.`] : []), ...listed].join('\n'));
}

/** @param {File} file */
async function uploadOne(file) {
  if (file.size > MAX_UPLOAD_BYTES) {
    return `larger than ${size(MAX_UPLOAD_BYTES)}. Use the AWS CLI for it.`;
  }
  // Whatever was dropped may be a folder, or gone.
  const readable = await file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => undefined);
  if (readable === undefined) return 'cannot be read. Is it a folder?';
  const path = `/api/uploads?${new URLSearchParams({ name: file.name })}`;
  return (await send(path, { body: file })).problem;
}
