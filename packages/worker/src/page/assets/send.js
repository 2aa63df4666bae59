/** Called once, when something was changed. @type {() => void} */
let tell = () => undefined;

/** @param {() => void} listener called once, with the next change */
export function onChange(listener) {
  tell = listener;
}

/**
 * Sends a request and returns the response, or as a sentence why it failed.
 *
 * @param {string} path
 * @param {RequestInit} request
 * @returns {Promise<{ answer?: any, problem?: string, code?: string }>}
 */
export async function send(path, request) {
  try {
    const response = await fetch(path, { method: 'POST', ...request });
    const answer = await response.json();
    tell();
    return response.ok ? { answer } : { problem: String(answer.error), code: answer.code };
  } catch {
    return { problem: 'The pipeline does not answer.' };
  }
}

/**
 * @param {string} path
 * @param {object} body
 */
export const sendJson = (path, body) =>
  send(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
