// What a person can do here: upload files, send dead letters back.
import { byId, harmless, say, several, size } from './elements.js';
import { can } from './summary.js';

/**
 * Sends a request and answers what came of it, as a sentence where it failed.
 *
 * @param {string} path
 * @param {RequestInit} request
 * @returns {Promise<{ answer?: any, problem?: string }>}
 */
async function post(path, request) {
  try {
    const response = await fetch(path, { method: 'POST', ...request });
    const answer = await response.json();
    return response.ok ? { answer } : { problem: String(answer.error) };
  } catch {
    return { problem: 'The pipeline does not answer.' };
  }
}

/** @param {File} file */
async function uploadOne(file) {
  if (file.size > can.maxUploadBytes)
    return `larger than ${size(can.maxUploadBytes)}. Use the AWS CLI for it.`;
  const path = `/api/uploads?${new URLSearchParams({ name: file.name })}`;
  return (await post(path, { body: file })).problem;
}

/** @param {File[]} files */
async function upload(files) {
  /** @type {string[]} */
  const problems = [];
  for (const [index, file] of files.entries()) {
    const place = files.length === 1 ? '' : ` (${index + 1} of ${files.length})`;
    say('upload-status', `Uploading ${harmless(file.name)}${place}…`);
    const problem = await uploadOne(file);
    if (problem !== undefined) problems.push(`${harmless(file.name)}: ${harmless(problem)}`);
  }
  const sent = files.length - problems.length;
  const only = files.length === 1 ? `${harmless(files[0]?.name ?? '')} is` : `${several(sent, 'file')} are`;
  say('upload-status', [...(sent > 0 ? [`${only} on the way.`] : []), ...problems].join('\n'));
}

/**
 * @param {HTMLButtonElement} button
 * @param {string[]} [ids]
 */
export async function redrive(button, ids) {
  button.disabled = true;
  say('redrive-status', 'Sending back…');
  const { answer, problem } = await post('/api/dead-letters/redrive', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ids === undefined ? {} : { ids }),
  });
  button.disabled = false;
  say('redrive-status', problem ?? `${several(answer.sent, 'message')} sent back to be done again.`);
}

/** Waits for clicks, picks and drops. */
export function listen() {
  const picker = /** @type {HTMLInputElement} */ (byId('file-picker'));
  picker.addEventListener('change', async () => {
    await upload([...(picker.files ?? [])]);
    picker.value = '';
  });
  const zone = byId('drop-zone');
  // A file that misses the zone would otherwise take the page's place.
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => event.preventDefault());
  zone.addEventListener('dragover', () => zone.classList.add('over'));
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', async (event) => {
    zone.classList.remove('over');
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) await upload(files);
  });
  const all = /** @type {HTMLButtonElement} */ (byId('redrive-all'));
  all.addEventListener('click', () => redrive(all));
}
