import { HOSTILE_KEYS, HOSTILE_WORDS } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { hasBrowser, whyNot } from './support/browser.ts';
import { useStage } from './support/use-stage.ts';

/**
 * What is dangerous where text becomes markup, code, a path, a formula, or something that looks like
 * something else.
 */
const HOSTILE = new Map<string, string>([
  ['<img src=x onerror=alert(1)>.txt', '<img src=x onerror=alert(1)>.txt'],
  ['"><svg/onload=alert(1)>.txt', '"><svg/onload=alert(1)>.txt'],
  ['javascript:alert(1)//.txt', 'javascript:alert(1)//.txt'],
  ['{{constructor.constructor("alert(1)")()}}.txt', '{{constructor.constructor("alert(1)")()}}.txt'],
  ['\u202egnp.txt', '‹U+202E›gnp.txt'],
  ['\u2066a\u2069.txt', '‹U+2066›a‹U+2069›.txt'],
  ['nul\u0000bell\u0007esc\u001b[31m.txt', 'nul‹U+0000›bell‹U+0007›esc‹U+001B›[31m.txt'],
  ['line\nbreak\ttab.txt', 'line‹U+000A›break‹U+0009›tab.txt'],
  ['zero\u200bwidth\ufeff.txt', 'zero‹U+200B›width‹U+FEFF›.txt'],
  ['tag\u{e0041}.txt', 'tag‹U+E0041›.txt'],
  ['lone\ud800.txt', 'lone‹U+D800›.txt'],
  ['👩‍👩‍👧‍👦.txt', '👩‍👩‍👧‍👦.txt'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['שלום عالم.txt', 'שלום عالم.txt'],
  ...HOSTILE_KEYS.map((key): [string, string] => [key, key]),
]);

const open = useStage();

const FIRST_WORDS = [...HOSTILE].slice(0, 8);

describe.runIf(hasBrowser)(`hostile text on the page${whyNot}`, () => {
  it('stays text in the names of files, in dead letters and their reasons, and in mails', async () => {
    const { stage, page, complaints } = await open();
    for (const key of HOSTILE.keys()) {
      await stage.finish(key);
      stage.bury(key, `Expected ${key}.`);
      stage.mails.push({
        id: key,
        at: new Date(),
        topic: key,
        subject: `about ${key}`,
        key,
        text: `it was ${key}`,
      });
    }
    const shown = [...HOSTILE.values()];
    const names = page.getByRole('rowheader');
    await expect.poll(() => names.count()).toBe(HOSTILE.size);
    expect([...(await names.allTextContents())].sort()).toEqual([...shown].sort());
    for (const list of ['dead letters', 'notifications']) {
      await page.getByRole('button', { name: `Show more ${list}` }).click();
    }
    const buttons = page.locator('#dead-letters').getByRole('button', { name: /^Send back / });
    const labels = await buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')));
    expect(labels).toEqual(shown.map((name) => `Send back ${name}`));
    await page.getByRole('button', { name: /^Delete <img/ }).click();
    const question = await page.locator('#confirm-text').textContent();
    expect(question).toContain(`Delete ${shown[0]} for good?`);
    await page.getByRole('button', { name: 'Keep' }).click();
    expect(await page.locator('#dead-letters .message-text:not(.hint)').allTextContents()).toEqual(
      shown.map((name) => `Expected ${name}.`),
    );
    const subjects = await page.locator('#mails strong').allTextContents();
    expect(subjects).toEqual(shown.map((name) => `about ${name}: ${name}`));
    expect(await page.locator('main :is(img, script, iframe, b)').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('stays text in words: in the chart of all files, in a glance, and in a file’s own chart', async () => {
    const { stage, page, complaints } = await open();
    const words = FIRST_WORDS.map(([word], index) => ({ word, count: 100 - index }));
    await stage.finish('words.txt', { words });
    const expected = FIRST_WORDS.map(([, text]) => text);
    const chart = page.locator('#top-words .outside');
    await expect.poll(() => chart.allTextContents()).toEqual(expected);
    const button = page.locator('.opener');
    expect(await button.textContent()).toBe(expected.slice(0, 4).join(', '));
    await button.click();
    expect(await page.locator('.opened .bars .outside').allTextContents()).toEqual(expected);
    expect(complaints).toEqual([]);
  });

  it('stays apart from the direction of the text around it', async () => {
    const { stage, page } = await open();
    await stage.finish('שלום.txt', { words: HOSTILE_WORDS.map((word) => ({ word, count: 1 })) });
    const name = page.getByRole('rowheader').locator('bdi');
    await name.waitFor();
    const bidi = await page.evaluate(`getComputedStyle(document.querySelector('tbody bdi')).unicodeBidi`);
    expect(bidi).toBe('isolate');
  });

  it('is sent to the pipeline as it is, and told as text', async () => {
    const { stage, page, complaints } = await open();
    const name = '<img src=x onerror=alert(1)> +%2F?&#.txt';
    await page
      .getByLabel('Choose .txt files')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('a') });
    await page.getByText(`${name} is on the way.`).waitFor();
    expect(stage.uploads).toEqual([{ name, text: 'a' }]);
    expect(complaints).toEqual([]);
  });

  it('could not become markup even by a mistake in a script: the browser refuses', async () => {
    const { page } = await open();
    const refusals = await page.evaluate(`(() => {
      const attempts = [
        () => { document.body.innerHTML = '<b>markup</b>'; },
        () => { document.body.insertAdjacentHTML('beforeend', '<b>markup</b>'); },
        () => { document.createElement('script').text = 'alert(1)'; },
      ];
      return attempts.map((attempt) => {
        try { attempt(); return 'done'; } catch (error) { return error.name; }
      });
    })()`);
    expect(refusals).toEqual(['TypeError', 'TypeError', 'TypeError']);
  });

  it('is found by how it is shown, and links to its own history', async () => {
    const { stage, page } = await open();
    const key = 'a b+c%2Bd&key=x.txt';
    await stage.finish(key);
    await stage.finish('\u202egnp.txt');
    await page.getByLabel('Find files').fill('U+202E');
    await expect.poll(() => page.getByRole('rowheader').allTextContents()).toEqual(['‹U+202E›gnp.txt']);
    await page.getByLabel('Find files').fill('key=x');
    await page.getByRole('button', { name: 'two, one' }).click();
    await page.getByRole('link', { name: 'every version, with all 2 words' }).click();
    const json = JSON.parse((await page.locator('body').textContent()) ?? '');
    expect(json).toMatchObject({ versions: [{ key }] });
  });
});
