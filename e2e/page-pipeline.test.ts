import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalPipeline, servePipelinePage, startLocalPipeline } from '@org/wordfreq-cli';
import type { ServedPage } from '@org/wordfreq-worker/page';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type OpenPage, openPage, PHONE, startBrowser, whyNot } from './support/browser.ts';

const NOISE = Buffer.from(Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256));

async function choose(page: Page, name: string, body: string | Buffer): Promise<void> {
  const picker = page.getByLabel('Choose .txt files');
  await picker.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(body) });
}

describe.runIf(hasBrowser)(`the page over a whole pipeline, on a phone${whyNot}`, () => {
  let pipeline: LocalPipeline;
  let served: ServedPage;
  let browser: Browser;
  let opened: OpenPage;
  const logs: string[] = [];
  let page: Page;

  beforeAll(async () => {
    const onLog = (line: string): void => void logs.push(line);
    [pipeline, browser] = await Promise.all([startLocalPipeline({ onLog }), startBrowser()]);
    served = await servePipelinePage(pipeline, 0);
    opened = await openPage(browser, served.url, PHONE);
    page = opened.page;
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await pipeline?.stop();
  });

  it('says what to do while there is nothing', async () => {
    await page.getByText('No file has been counted yet. Drop one on this page.').waitFor();
    await page.getByText('A file that cannot be counted ends here, with the reason.').waitFor();
    await page.getByText('No words yet.').waitFor();
  });

  it('takes a file and shows its outcome, time and top words', async () => {
    await choose(page, '红楼梦 + one.txt', 'call me Ishmael, call me call');
    await page.getByText('红楼梦 + one.txt is on the way.').waitFor();
    const row = page.getByRole('row', { name: /红楼梦 \+ one\.txt/ });
    await row.getByText('counted').waitFor();
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      'counted',
      '6',
      '29 B',
      expect.stringMatching(/^\d+ ms$|^\d\.\d\d s$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d$/),
      'call, me, ishmael',
    ]);
    await row.getByRole('button', { name: 'call, me, ishmael' }).click();
    expect(await row.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^call\s+3$/),
      expect.stringMatching(/^me\s+2$/),
      expect.stringMatching(/^ishmael\s+1$/),
    ]);
  });

  it('charts the top words of all files', async () => {
    await choose(page, 'two.txt', 'whale whale whale whale me');
    const bars = page.getByRole('region', { name: 'Top words' }).getByRole('listitem');
    await expect
      .poll(() => bars.allInnerTexts())
      .toEqual([
        expect.stringMatching(/^whale\s+4$/),
        expect.stringMatching(/^call\s+3$/),
        expect.stringMatching(/^me\s+3$/),
        expect.stringMatching(/^ishmael\s+1$/),
      ]);
    await page
      .getByText('Of the newest 2 files with words; each adds those that its record keeps.')
      .waitFor();
  });

  it('shows what failed, with the reason, and the mail about it', async () => {
    await choose(page, 'noise.txt', NOISE);
    const row = page.getByRole('row', { name: /noise\.txt/ });
    await row.getByText('failed:not-text').waitFor();
    const letters = page.getByRole('region', { name: /Dead-letter queue/ });
    await letters.getByText('Expected a text, but').waitFor();
    await letters.getByText('This cannot succeed: upload a corrected file.').waitFor();
    expect(await row.locator('.size').textContent()).toBe('4.0 kB');
    expect(await letters.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^noise\.txt\s+not-text\s+Expected a text/),
    ]);
    const mails = page.getByRole('region', { name: /Notifications/ });
    await mails.getByText('a file could not be counted: noise.txt').click();
    await mails.getByText(/^noise\.txt of bucket \S+ could not be counted: not-text/).waitFor();
    await mails.getByText('to whoever subscribed to wordfreq-failures').waitFor();
  });

  it('counts the file that took its place', async () => {
    await choose(page, 'noise.txt', 'now it is text');
    await page.getByText('noise.txt is there already.').waitFor();
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    await page.getByText('noise.txt is on the way.').waitFor();
    const rows = page.getByRole('row', { name: /noise\.txt/ });
    await expect.poll(() => rows.count()).toBe(2);
    await rows.first().getByText('counted').waitFor();
  });

  it('pauses all workers, and lets them go on', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^Paused since/).waitFor();
    await expect.poll(() => logs.some((line) => line.includes('intake is paused'))).toBe(true);
    await choose(page, 'later.txt', 'patience');
    // A receive that was open may have brought it to a worker, which holds it for a few seconds and returns
    // it.
    const counts = page.locator('#queued, #in-flight');
    const waiting = async () =>
      (await counts.allTextContents()).map(Number).reduce((sum, count) => sum + count);
    await expect.poll(waiting).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page
      .getByRole('row', { name: /later\.txt/ })
      .getByText('counted')
      .waitFor();
  });

  it('keeps hostile names and words text', async () => {
    const name = '<img src=x onerror=alert(1)>\u202etxt.exe.txt';
    await pipeline.upload(name, Buffer.from('<script>alert(1)</script> javascript:alert(1) __proto__'));
    const shown = page.getByRole('rowheader', { name: /onerror/ });
    await shown.waitFor();
    expect(await shown.textContent()).toBe('<img src=x onerror=alert(1)>‹U+202E›txt.exe.txt');
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('counts live', async () => {
    await expect.poll(() => page.locator('#files-total').textContent()).toBe('6');
    expect(await page.locator('#failed').textContent()).toBe('1');
    expect(await page.title()).toBe('wordfreq');
  });

  it('needs no sideways scrolling', async () => {
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('breaks no rule of its own security policy, and meets no error', () => {
    // The browser itself notes that a request had the status 409.
    expect(opened.complaints.filter((complaint) => !complaint.includes('409'))).toEqual([]);
  });

  it('says why a file is not taken', async () => {
    await choose(page, 'letter.doc', 'words');
    await page.getByText('letter.doc: Expected a name that ends in .txt').waitFor();
  });
});

describe.runIf(hasBrowser)(`a failure whose cause is cured${whyNot}`, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wordfreq-page-'));
  let pipeline: LocalPipeline | undefined;
  let served: ServedPage | undefined;
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(port: number, workerEnvironment: Record<string, string>): Promise<string> {
    pipeline = await startLocalPipeline({ dataDir, workerEnvironment });
    served = await servePipelinePage(pipeline, port);
    return served.url;
  }

  async function stop(): Promise<void> {
    await served?.close();
    await pipeline?.stop();
    [served, pipeline] = [undefined, undefined];
  }

  it('is sent back and counted, on a page that stayed open while the pipeline was restarted', async () => {
    const url = await start(0, { MAX_OBJECT_BYTES: '10' });
    const { page } = await openPage(browser, url);
    await choose(page, 'long.txt', 'more than ten bytes of text');
    const letters = page.getByRole('region', { name: /Dead-letter queue/ });
    await letters.getByText('object-too-large').waitFor();

    await stop();
    await page.getByText('The pipeline does not answer; trying again.').waitFor();
    await start(Number(new URL(url).port), {});
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('');

    const row = page.getByRole('row', { name: /long\.txt/ });
    await row.getByText('failed:object-too-large').waitFor();
    await letters.getByRole('button', { name: 'Send back long.txt' }).click();
    await row.getByText('counted').waitFor();
    await letters.getByText('Nothing is here.').waitFor();
    await expect.poll(() => page.locator('#failed').textContent()).toBe('0');
    expect(await page.locator('#done').textContent()).toBe('1');
  });
});
