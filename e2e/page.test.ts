import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import {
  createMemoryDeadLetterQueue,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryQueue,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { type LocalPipeline, servePipelinePage, startLocalPipeline } from '@org/wordfreq-cli';
import { createPage, createRedrive, type ServedPage, servePage } from '@org/wordfreq-worker/page';
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

interface OpenPage {
  readonly page: Page;
  /** Whatever a browser complains about: errors, breaches of the security policy, dialogs that a script opened. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

async function openInBrowser(url: string, width: number): Promise<OpenPage> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const browser: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
    viewport: { width, height: 844 },
  });
  const complaints: string[] = [];
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return {
    page,
    complaints,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

describe.runIf(missing === '')(`the page over a whole pipeline, on a phone${missing}`, () => {
  let pipeline: LocalPipeline;
  let served: ServedPage;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    pipeline = await startLocalPipeline();
    served = await servePipelinePage(pipeline, 0);
    opened = await openInBrowser(served.url, 390);
    page = opened.page;
  }, 60_000);

  afterAll(async () => {
    await opened?.close();
    await served?.close();
    await pipeline?.stop();
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
      expect.stringMatching(/^noise\.txt\s+not-text\s+Expected UTF-8/),
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
    expect(await page.locator('main img').count()).toBe(0);
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
    expect(opened.complaints.filter((complaint) => !complaint.includes('400'))).toEqual([]);
  });
});

describe.runIf(missing === '')(`the page over adapters in memory, on a desk${missing}`, () => {
  const clock = systemClock;
  const queue = createMemoryQueue({ clock });
  const deadLetters = createMemoryQueue({ clock });
  const jobs = createMemoryJobQueue({ queue, deadLetters, clock });
  const results = createMemoryResultStore();
  let served: ServedPage;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    for (const key of ['noise.txt', '<b>bold</b>.txt', 'third.txt']) {
      const attributes = new Map([
        ['reasonCode', 'not-text'],
        ['reasonDetail', 'Expected text, and got <b>noise</b>.'],
        ['key', key],
      ]);
      deadLetters.send(key, { attributes });
    }
    await results.save(failedNoise());
    const redrive = createRedrive({
      from: createMemoryJobQueue({ queue: deadLetters, deadLetters, clock }),
      to: createMemoryJobSender({ queue }),
    });
    const letters = createMemoryDeadLetterQueue({ queue: deadLetters });
    served = await servePage(createPage({ results, jobs, deadLetters: letters, redrive, clock }), {
      port: 0,
    });
    opened = await openInBrowser(served.url, 1280);
    page = opened.page;
  }, 60_000);

  afterAll(async () => {
    await opened?.close();
    await served?.close();
  });

  function failedNoise() {
    return sampleResult({
      jobId: 'noise',
      object: { bucket: 'b', key: 'noise.txt', eTag: 'e' },
      outcome: 'failed:not-text',
      error: { code: 'not-text', message: 'Expected text.' },
      words: [],
      finishedAt: clock.now(),
    });
  }

  const sentBack = (): string[] => queue.messages().map(({ body }) => body);

  it('shows dead letters with their reasons, as text', async () => {
    const letters = page.getByRole('region', { name: /Dead-letter queue/ }).getByRole('listitem');
    await letters.first().waitFor();
    expect(await letters.allInnerTexts()).toEqual([
      expect.stringMatching(/^noise\.txt\s+not-text\s+Expected text, and got <b>noise<\/b>\./),
      expect.stringContaining('<b>bold</b>.txt'),
      expect.stringContaining('third.txt'),
    ]);
  });

  it('sends one dead letter back, by the keyboard', async () => {
    const button = page.getByRole('button', { name: 'Send back <b>bold</b>.txt' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('1 message sent back to be done again.').waitFor();
    await button.waitFor({ state: 'detached' });
    expect(sentBack()).toEqual(['<b>bold</b>.txt']);
    await expect.poll(() => page.locator('#queued').textContent(), { timeout: 10_000 }).toBe('1');
  });

  it('sends all back', async () => {
    await page.getByRole('button', { name: 'Send all back' }).click();
    await page.getByText('2 messages sent back to be done again.').waitFor();
    await page.getByText('Nothing is here.').waitFor();
    expect(sentBack()).toEqual(['<b>bold</b>.txt', 'noise.txt', 'third.txt']);
  });

  it('shows the new fate of a file that failed before, and leaves opened rows open', async () => {
    const row = page.getByRole('row', { name: /noise\.txt/ });
    await row.getByText('failed:not-text').waitFor();
    await results.save(
      sampleResult({
        jobId: 'open',
        object: { bucket: 'b', key: 'open.txt', eTag: 'e' },
        finishedAt: clock.now(),
      }),
    );
    const open = page.getByRole('row', { name: /open\.txt/ });
    await open.getByText('two, one').click();
    await results.save({ ...failedNoise(), outcome: 'counted', words: [{ word: 'mended', count: 3 }] });
    await row.getByText('counted').waitFor();
    await row.getByText('mended').waitFor();
    expect(await row.getByText('failed:not-text').count()).toBe(0);
    expect(await open.getByText('every version, with all words').isVisible()).toBe(true);
  });

  it('finds files by name, outcome and word', async () => {
    const search = page.getByRole('searchbox');
    await search.fill('mended');
    await page.getByRole('row', { name: /open\.txt/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('rowheader').allInnerTexts()).toEqual(['noise.txt']);
    await search.fill('');
    await page.getByRole('row', { name: /open\.txt/ }).waitFor();
  });

  it('says in words what the chart shows', async () => {
    await page.getByText('2 files, 22 B; at most').waitFor();
    expect(await page.locator('#throughput-chart canvas').count()).toBe(1);
    await page.getByLabel('Time shown').selectOption('Last day');
    await page.getByText(/in 24 minutes\./).waitFor();
  });

  it('offers no upload where there is none', async () => {
    expect(await page.getByRole('region', { name: 'Count a file' }).count()).toBe(0);
  });

  it('says so when the pipeline does not answer any more', async () => {
    expect(opened.complaints).toEqual([]);
    await served.close();
    await page.getByText('The pipeline does not answer; trying again.').waitFor();
  });
});
