import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalPipeline, servePipelinePage, startLocalPipeline } from '@org/wordfreq-cli';
import type { ServedPage } from '@org/wordfreq-worker/page';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const missing = existsSync(CHROMIUM) ? '' : ` — skipped: no browser at ${CHROMIUM}; set CHROMIUM`;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.runIf(missing === '')(`the page in a browser${missing}`, () => {
  let profile: string;
  let browser: BrowserContext;
  let pipeline: LocalPipeline;
  let served: ServedPage;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    pipeline = await startLocalPipeline();
    served = await servePipelinePage(pipeline, 0);
    profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: FLAGS,
      viewport: { width: 390, height: 844 },
    });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(served.url);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await pipeline?.stop();
    if (profile !== undefined) rmSync(profile, { recursive: true, force: true });
  });

  async function upload(name: string, body: string | Buffer): Promise<void> {
    const picker = page.getByLabel('Choose .txt files');
    await picker.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(body) });
  }

  it('takes a file and shows its fate and top words', async () => {
    await upload('红楼梦 + one.txt', 'call me Ishmael, call me call');
    const row = page.getByRole('row', { name: /红楼梦 \+ one\.txt/ });
    await row.getByText('counted').waitFor();
    await row.getByText('call, me, ishmael').click();
    expect(await row.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^call\s+3$/),
      expect.stringMatching(/^me\s+2$/),
      expect.stringMatching(/^ishmael\s+1$/),
    ]);
  });

  it('shows what failed, with the reason, and the mail about it', async () => {
    await upload(
      'noise.txt',
      Buffer.from(Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256)),
    );
    await page
      .getByRole('row', { name: /noise\.txt/ })
      .getByText('failed:not-text')
      .waitFor();
    const letters = page.getByRole('region', { name: /Dead-letter queue/ });
    await letters.getByText('Expected UTF-8 or UTF-16 text').waitFor();
    expect(await letters.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('noise.txt — not-text'),
    ]);
    await page
      .getByRole('region', { name: /Notifications/ })
      .getByText('a file could not be counted')
      .waitFor();
  });

  it('keeps hostile names and words text', async () => {
    const name = '<img src=x onerror=alert(1)>\u202etxt.exe.txt';
    await pipeline.upload(name, Buffer.from('<script>alert(1)</script> javascript:alert(1) __proto__'));
    const shown = page.getByRole('rowheader', { name: /onerror/ });
    await shown.waitFor();
    expect(await shown.textContent()).toBe('<img src=x onerror=alert(1)>‹U+202E›txt.exe.txt');
    expect(await page.locator('img').count()).toBe(0);
  });

  it('says in the page why a file is not taken', async () => {
    await upload('letter.doc', 'words');
    await page.getByText('letter.doc: Expected a name that ends in .txt').waitFor();
  });

  it('counts live', async () => {
    await expect.poll(() => page.locator('#files-total').textContent(), { timeout: 10_000 }).toBe('3');
    expect(await page.locator('#failed').textContent()).toBe('1');
  });

  it('needs no sideways scrolling on a phone', async () => {
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('breaks no rule of its own security policy, and meets no error', () => {
    // The refused upload is answered with 400, which browsers log.
    expect(complaints.filter((complaint) => !complaint.includes('400'))).toEqual([]);
  });
});
