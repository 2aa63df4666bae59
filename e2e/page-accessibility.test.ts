import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations, hasBrowser, PHONE, whyNot } from './support/browser.ts';
import { NOT_TEXT, type Stage } from './support/staged-page.ts';
import { type StagedPage, useStage } from './support/use-stage.ts';

const openStage = useStage();

/** A page with something of everything, or with nothing. */
async function open(
  visitor: BrowserContextOptions = {},
  contents: 'full' | 'empty' = 'full',
): Promise<StagedPage> {
  if (contents === 'empty') return openStage(undefined, { visitor });
  const opened = await openStage(fill, { visitor });
  await opened.page.getByRole('row', { name: /moby\.txt/ }).waitFor();
  await opened.page.getByRole('button', { name: 'Send back a.txt' }).waitFor();
  return opened;
}

async function fill({ bury, finish, mails, queue }: Stage): Promise<void> {
  for (const key of ['a.txt', 'b.txt', 'c.txt']) bury(key);
  await finish('moby.txt', { words: [{ word: 'whale', count: 3 }] });
  await finish('noise.txt', NOT_TEXT);
  await finish('nothing.txt', { outcome: 'empty', words: [] });
  mails.push({
    id: '1',
    at: new Date(),
    topic: 'failures',
    subject: 'A file failed',
    text: 'noise.txt',
  });
  queue(7);
}

/** What has the focus, as a screen reader calls it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { activeElement: element } = document;
    return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent.trim();
  })()`);

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab never comes to ${name}`);
}

describe.runIf(hasBrowser)(`the page by keyboard alone${whyNot}`, () => {
  it('comes to everything, in the order in which it stands there, and shows where it is', async () => {
    const { page } = await open();
    const stops: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const name = await focused(page);
      if (stops.length > 60 || name === stops[0]) break;
      stops.push(name);
      const outline = await page.evaluate(`(() => {
        const { activeElement: element } = document;
        const shown = element.type === 'file' ? element.labels[0] : element;
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        return outlineStyle + ' ' + outlineWidth;
      })()`);
      expect(outline, name).toBe('solid 3px');
      // The last one: the browser's own buttons would be next.
      if (name === 'summary') break;
    }
    expect(stops).toEqual([
      'Skip to the files',
      'Colours',
      'Pause',
      'Choose .txt files',
      'Time shown',
      'JSON of the throughput',
      'Stop words, here and in the files',
      'JSON of the top words',
      'Order of the files',
      'Find files by name, outcome or word',
      'JSON of the files',
      'no words',
      'Expected UTF-8 or UTF-16 text.',
      'whale',
      'Find dead letters by name or reason',
      'JSON of the dead letters',
      'Send back all: access-denied',
      'Delete all: access-denied',
      'Send back a.txt',
      'Delete a.txt',
      'Send back b.txt',
      'Delete b.txt',
      'Send back c.txt',
      'Delete c.txt',
      'JSON of the notifications',
      expect.stringMatching(/^A file failed [\d:]+$/),
      'where it is',
      'summary',
    ]);
  });

  it.each(['Enter', 'Space'])('uploads: Tab, %s, and the choice of a file', async (key) => {
    const { stage, page } = await open({}, 'empty');
    // The browser must know early that no dialog of its own is wanted: a key may be faster than that word.
    const chosen = page.waitForEvent('filechooser');
    await tabTo(page, 'Choose .txt files');
    await page.keyboard.press(key);
    const chooser = await chosen;
    await chooser.setFiles({ name: 'typed.txt', mimeType: 'text/plain', buffer: Buffer.from('by keyboard') });
    await page.getByText('typed.txt is on the way.').waitFor();
    expect(stage.uploads).toEqual([{ name: 'typed.txt', text: 'by keyboard' }]);
    expect(await focused(page)).toBe('Choose .txt files');
  });

  it('sends dead letters back, and goes on with the next one', async () => {
    const { stage, page } = await open();
    await tabTo(page, 'Send back a.txt');
    await page.keyboard.press('Space');
    await page.getByText('1 message sent back to be done again.').waitFor();
    await expect.poll(() => focused(page)).toBe('Send back b.txt');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Send back c.txt');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^Dead-letter queue/);
    expect(stage.jobs().filter((body) => body.startsWith('job of'))).toHaveLength(3);
  });

  it('finds a file and opens it', async () => {
    const { page } = await open();
    await tabTo(page, 'Find files by name, outcome or word');
    await page.keyboard.type('moby');
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
    await page.getByRole('status').getByText('1 file found').waitFor({ state: 'attached' });
    await tabTo(page, 'whale');
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name: 'whale', expanded: true });
    await button.waitFor();
    await tabTo(page, 'every version, with the most frequent of 2 different words');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'whale', expanded: false }).waitFor();
  });

  it('skips to the files', async () => {
    const { page } = await open();
    await tabTo(page, 'Skip to the files');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Order of the files');
  });

  it('keeps the focus where it is when news come', async () => {
    const { stage, page } = await open();
    await tabTo(page, 'whale');
    await stage.finish('newer.txt', { words: [{ word: 'newer', count: 1 }] });
    await page.getByRole('row', { name: /newer\.txt/ }).waitFor();
    expect(await focused(page)).toBe('whale');
    await page.getByLabel('Order of the files').selectOption('By name');
    await tabTo(page, 'whale');
    await stage.finish('a.txt', { words: [{ word: 'first', count: 1 }] });
    await page.getByRole('row', { name: /^a\.txt/ }).waitFor();
    expect(await focused(page)).toBe('whale');
  });
});

describe.runIf(hasBrowser)(`the page for a screen reader${whyNot}`, () => {
  it.each<[string, BrowserContextOptions, 'full' | 'empty']>([
    ['in light', { colorScheme: 'light' }, 'full'],
    ['in dark', { colorScheme: 'dark' }, 'full'],
    ['on a phone', PHONE, 'full'],
    ['on a phone in dark', { ...PHONE, colorScheme: 'dark' }, 'full'],
    ['with nothing yet', {}, 'empty'],
    ['with more contrast', { contrast: 'more', forcedColors: 'active' }, 'full'],
  ])('meets every rule of axe-core, %s', async (_, options, contents) => {
    const { page } = await open(options, contents);
    if (contents === 'full') {
      for (const name of ['whale', 'Expected UTF-8 or UTF-16 text.']) {
        await page.getByRole('button', { name }).click();
      }
      await page.getByText('A file failed').click();
    }
    expect(await axeViolations(page)).toEqual([]);
  });

  it('is a banner, sections with names, a table with headers, and lists', async () => {
    const { page } = await open();
    const regions = await page.evaluate(`[...document.querySelectorAll('section')].map((section) =>
      document.getElementById(section.getAttribute('aria-labelledby')).firstChild.textContent.trim())`);
    expect(await page.getByRole('region').count()).toBe(7);
    expect(regions).toEqual([
      'Work',
      'Count a file',
      'Throughput',
      'Top words',
      'Files',
      'Dead-letter queue',
      'Notifications',
    ]);
    const row = page.getByRole('row', { name: /moby\.txt/ });
    expect(await row.getByRole('rowheader').count()).toBe(1);
    expect(await row.getByRole('cell').count()).toBe(6);
    expect(await page.getByRole('columnheader').allInnerTexts()).toHaveLength(7);
    await page.getByRole('img', { name: '2 done, 1 failed, 0 in flight, 7 queued' }).waitFor();
  });

  it('hears of work going on once, not at every change', async () => {
    const { stage, page } = await open();
    await page.evaluate(`{
      globalThis.told = [];
      for (const element of document.querySelectorAll('[role=status], [role=alert]'))
        new MutationObserver(() => told.push(element.textContent))
          .observe(element, { childList: true, characterData: true, subtree: true });
    }`);
    for (const count of [4, 5, 6]) {
      await stage.finish(`${count}.txt`);
      await expect.poll(() => page.locator('#files-total').textContent()).toBe(String(count));
    }
    expect(await page.evaluate('told')).toEqual([]);
    await stage.finish('bad.txt', NOT_TEXT);
    await expect.poll(() => page.evaluate('told')).toEqual(['5 files done, 2 failed, 7 waiting']);
  });
});

describe.runIf(hasBrowser)(`the page for all eyes${whyNot}`, () => {
  it('does not jump: what comes takes its place, or none', async () => {
    const { stage, page } = await open();
    await stage.finish('newer.txt');
    await page.getByRole('row', { name: /newer\.txt/ }).waitFor();
    const shift = await page.evaluate(`new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const { value, startTime } of list.getEntries()) sum += value;
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(sum), 100);
    })`);
    // "Good" in Web Vitals' terms; the table takes the place of the sentence that says that there is none.
    expect(shift).toBeLessThan(0.1);
  });

  it('is dark or light as the device is, or as somebody chose, which the browser remembers', async () => {
    const { page } = await open({ colorScheme: 'light' }, 'empty');
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.getByLabel('Colours').selectOption('Light');
    expect(await paper()).toBe(light);
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await paper()).toBe(light);
    await page.getByLabel('Colours').selectOption('System');
    expect(await paper()).toBe(dark);
  });

  it('moves nothing for those who want that', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return transitionDuration !== '0s' || animationName !== 'none';
    }).length`);
    expect(moving).toBe(0);
  });

  it.each([
    ['a phone', 390],
    ['the narrowest phone', 320],
    ['a desk with 200 % zoom', 640],
    ['a tablet', 800],
    ['a desk', 1280],
  ])('needs no sideways scrolling on %s', async (_, width) => {
    const { stage, page } = await open({ viewport: { width, height: 844 } });
    await stage.finish(`${'x'.repeat(1000)}.txt`, {
      words: [{ word: 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(5), count: 1_000_000_000 }],
    });
    stage.bury(`${'y'.repeat(1000)}.txt`, 'z'.repeat(1000));
    await page.getByText(/^y{1000}/).waitFor();
    for (const button of await page.locator('.opener').all()) await button.click();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
