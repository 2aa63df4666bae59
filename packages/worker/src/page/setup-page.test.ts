import { describe, expect, it } from 'vitest';
import { freePort } from '../../test/support/free-port.ts';
import { createSetupPage, showSetup } from './setup-page.ts';

const PROBLEMS = ['RESULTS_TABLE is missing, such as wordfreq-results.', 'LOG_LEVEL: got "<b>loud</b>".'];

describe(createSetupPage, () => {
  it('says what is missing, as text, and that it is not healthy', async () => {
    const page = createSetupPage(PROBLEMS);
    const answer = await page.request('/');
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(text).toContain('<li>RESULTS_TABLE is missing, such as wordfreq-results.</li>');
    expect(text).toContain('&lt;b&gt;loud');
    for (const path of ['/healthz', '/readyz']) {
      const health = await page.request(path);
      expect([health.status, await health.json()]).toMatchObject([503, { problems: PROBLEMS }]);
    }
    expect((await page.request('/base.css')).status).toBe(200);
  });
});

describe(showSetup, () => {
  const error = Object.assign(new Error('not complete'), { problems: PROBLEMS });

  it('serves the page until it is to stop', async () => {
    const stop = new AbortController();
    const PORT = await freePort();
    const shown = showSetup(error, { PAGE: 'true', PORT }, stop.signal);
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${PORT}/`)).status).toBe(503);
    stop.abort();
    await shown;
    await expect(fetch(`http://127.0.0.1:${PORT}/`)).rejects.toThrow();
  });

  it.each([
    ['no page is asked for', error, { PORT: '1' }],
    ['no port is given', error, { PAGE: 'true' }],
    ['the port is no number', error, { PAGE: 'true', PORT: 'eighty' }],
    ['the error is another', new Error('taken'), { PAGE: 'true', PORT: '1' }],
  ])('does nothing when %s', async (_, problem, environment) => {
    await expect(showSetup(problem, environment, new AbortController().signal)).resolves.toBeUndefined();
  });
});
