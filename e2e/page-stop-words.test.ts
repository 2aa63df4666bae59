import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations, hasBrowser, PHONE, whyNot } from './support/browser.ts';
import { useStage } from './support/use-stage.ts';

const open = useStage();

const STOP_WORDS = ['the', 'of', 'and', 'to', 'in', 'a', 'is', 'that', 'it', 'was'];
const OTHERS = [
  'whale',
  'ship',
  'sea',
  'captain',
  'boat',
  'deck',
  'oil',
  'harpoon',
  'mast',
  'sail',
  'wave',
  'crew',
];
/** As a record keeps them: the most frequent are stop words. */
const WORDS = [...STOP_WORDS, ...OTHERS].map((word, index) => ({ word, count: 100 - index }));

const picker = (page: Page): Locator => page.getByRole('combobox', { name: 'Stop words' });
const topWords = (page: Page): Promise<string[]> => page.locator('#top-words .outside').allInnerTexts();
const opened = (page: Page): Promise<string[]> => page.locator('.opened .bars .outside').allInnerTexts();

describe.runIf(hasBrowser)(`stop words on the page${whyNot}`, () => {
  it('are shown until somebody hides them, which this browser remembers', async () => {
    const { page, complaints } = await open(({ finish }) => finish('whale.txt', { words: WORDS }));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await expect.poll(() => topWords(page)).toEqual(STOP_WORDS.slice(0, 8));
    expect(asked.filter((url) => url.includes('stop-words'))).toEqual([]);

    await picker(page).selectOption('English stop words hidden');
    await expect.poll(() => topWords(page)).toEqual(OTHERS.slice(0, 8));
    await page.getByText('10 English stop words of the top 22 hidden.').waitFor();
    await page.reload();
    await expect.poll(() => topWords(page)).toEqual(OTHERS.slice(0, 8));
    expect(await picker(page).inputValue()).toBe('en');

    await picker(page).selectOption('All words');
    await expect.poll(() => topWords(page)).toEqual(STOP_WORDS.slice(0, 8));
    expect(complaints).toEqual([]);
  });

  it('are hidden in the files, too, where the next kept words take their place', async () => {
    const { page, complaints } = await open(({ finish }) => finish('whale.txt', { words: WORDS }));
    await picker(page).selectOption('en');
    const opener = page.locator('.opener');
    await expect.poll(() => opener.textContent()).toBe('only stop words at the top');
    await opener.click();
    await expect.poll(() => opened(page)).toEqual(OTHERS.slice(0, 10));
    await page.locator('.opened').getByText('10 English stop words of the top 22 hidden.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('leave few words or none where a file has no others, and the page says so', async () => {
    const words = WORDS.slice(0, 11);
    const { page } = await open(({ finish }) => finish('few.txt', { words }));
    await picker(page).selectOption('en');
    await expect.poll(() => topWords(page)).toEqual(['whale']);
    await page.getByText('10 English stop words of the top 11 hidden.').waitFor();
  });

  it('stay on the page if their list cannot be loaded', async () => {
    const { page } = await open(({ finish }) => finish('whale.txt', { words: WORDS }));
    await page.route('**/api/stop-words*', (route) => route.abort());
    await picker(page).selectOption('en');
    await page.getByText('The stop words cannot be loaded.').waitFor();
    expect([await picker(page).inputValue(), await topWords(page)]).toEqual(['', STOP_WORDS.slice(0, 8)]);
  });

  it('are chosen on a phone without scrolling sideways', async () => {
    const prepare = { visitor: PHONE };
    const { page } = await open(({ finish }) => finish('whale.txt', { words: WORDS }), prepare);
    await picker(page).selectOption('id');
    await page.getByText('No Indonesian stop words among the top 22.').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
  });
});
