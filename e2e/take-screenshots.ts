/** Takes the pictures of the page that the README shows, over the sample texts: `npm run screenshots`. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { servePipelinePage, startLocalPipeline } from '@org/wordfreq-cli';
import { openPage, startBrowser } from './support/browser.ts';

const SAMPLES = resolve(import.meta.dirname, '../samples/texts');
const PICTURES = resolve(import.meta.dirname, '../docs/images');
const SIZE = { width: 1200, height: 1100 };
/** Between two uploads, so that the chart has something to show. */
const PAUSE_MS = 3000;

const pipeline = await startLocalPipeline();
const served = await servePipelinePage(pipeline, 0);
const browser = await startBrowser();
try {
  // Those whose scripts few machines have fonts for come first, and so stand below the picture's edge.
  const names = (await readdir(SAMPLES)).filter((name) => name.endsWith('.txt'));
  const order = [...names].sort((a, b) => Number(/^(hi|th)-/.test(b)) - Number(/^(hi|th)-/.test(a)));
  for (const name of order) {
    await pipeline.upload(name, await readFile(join(SAMPLES, name)));
    await delay(PAUSE_MS);
  }
  await mkdir(PICTURES, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await openPage(browser, served.url, { colorScheme, viewport: SIZE });
    await page.getByRole('row').nth(names.length).waitFor();
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    await writeFile(join(PICTURES, `page-${colorScheme}.webp`), Buffer.from(data, 'base64'));
    await close();
  }
} finally {
  await browser.close();
  await served.close();
  await pipeline.stop();
}
