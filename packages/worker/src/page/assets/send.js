/**
 * Sends a request and answers what came of it, as a sentence where it failed.
 *
 * @param {string} path
 * @param {RequestInit} request
 * @returns {Promise<{ answer?: any, problem?: string }>}
 */
export async function send(path, request) {
  try {
    const response = await fetch(path, { method: 'POST', ...request });
    const answer = await response.json();
    return response.ok ? { answer } : { problem: String(answer.error) };
  } catch {
    return { problem: 'The pipeline does not answer.' };
  }
}
