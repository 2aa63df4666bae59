import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** For what hangs; how busy a machine is, no test is to judge. */
const PATIENCE_MS = 60_000;

/** Whether there is a browser. */
export const hasBrowser: boolean = existsSync(CHROMIUM);

/** For a title: why tests do not run where they do not. */
export const whyNot: string = hasBrowser ? '' : ` — skipped: no browser at ${CHROMIUM}; set CHROMIUM`;

/** A page as a person has it before them. */
export interface OpenPage {
  readonly page: Page;
  /**
   * Whatever a browser complains about: errors, breaches of the security policy, dialogs that a script
   * opened.
   */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A desk, unless the options say otherwise. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Starts a browser that asks nobody but the page, with a profile of its own. */
export function startBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: PATIENCE_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** Opens an address as a new visitor, and waits until the page says how it is (default: `Live`). */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  state = 'Live',
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 844 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Breaches of the security policy come this way, too.
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.getByText(state, { exact: true }).waitFor();
  return { page, complaints, close: () => context.close() };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Which of axe-core's rules a page breaks, and where. */
export async function axeViolations(page: Page): Promise<readonly [rule: string, elements: string[]][]> {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run(document)');
  // A page on which hardly a rule applies was not looked at.
  if (passes.length < 10) throw new Error(`Expected axe-core to check more than ${passes.length} rules.`);
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
