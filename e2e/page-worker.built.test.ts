import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type PipelineResources,
  provisionPipeline,
  type S3EventBridge,
  startEmbeddedAws,
  startS3EventBridge,
} from '@org/wordfreq-aws-adapters/local';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, hasBrowser, openPage, startBrowser, whyNot } from './support/browser.ts';

const PROGRAM = fileURLToPath(new URL('../packages/worker/dist/main.js', import.meta.url));

describe.runIf(hasBrowser)(`the page of the built worker, on its own port${whyNot}`, () => {
  let aws: EmbeddedAws;
  let resources: PipelineResources;
  let bridge: S3EventBridge;
  let browser: Browser;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    if (!existsSync(PROGRAM)) throw new Error(`Expected ${PROGRAM}. Run "npm run build" first.`);
    [aws, browser] = await Promise.all([startEmbeddedAws(), startBrowser()]);
    resources = await provisionPipeline({ aws });
    const onError = (error: unknown): void => {
      throw error;
    };
    bridge = startS3EventBridge({ aws, resources, onError });
    const clients = createEmbeddedClients(aws);
    const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
    const put = (key: string, body: Uint8Array) =>
      objects.put({ bucket: resources.processingBucket, key }, body, { contentType: 'text/plain' });
    await put('moby.txt', Buffer.from('whale whale me'));
    await put('noise.txt', new Uint8Array(1000));
    clients.destroy();
  });

  afterAll(async () => {
    await browser?.close();
    for (const worker of workers) {
      worker.kill('SIGTERM');
      if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
    }
    await bridge?.stop();
    await aws?.stop();
  });

  /** Starts the program as it is published, and answers where its page is. */
  async function start(environment: Record<string, string>): Promise<string> {
    const settings = { PORT: '0', PAGE: 'true', ...environment };
    const worker = spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env['PATH'] ?? '', ...aws.environment, ...resources.environment, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.push(worker);
    for await (const line of createInterface({ input: worker.stdout })) {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'worker started' && url !== undefined) {
        worker.stdout.resume();
        return url;
      }
    }
    throw new Error('The worker ended before it had started.');
  }

  it('shows outcomes, words and dead letters, and changes nothing unless that is enabled', async () => {
    const { page, complaints } = await openPage(browser, await start({}));
    await page
      .getByRole('row', { name: /moby\.txt/ })
      .getByText('whale, me')
      .waitFor();
    await page
      .getByRole('row', { name: /noise\.txt/ })
      .getByText('failed:not-text')
      .waitFor();
    await page.getByText('This page may not send them back').waitFor();
    expect(await page.getByRole('button', { name: /Send/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('deletes dead letters where PAGE_ACTIONS says so, on loopback', async () => {
    const { page, complaints } = await openPage(browser, await start({ PAGE_ACTIONS: 'true' }));
    await page.getByText('This cannot succeed: upload a corrected file.').waitFor();
    await page.getByRole('button', { name: 'Delete noise.txt' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('1 message deleted.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('lets nobody send back whom its load balancer did not ask who they are', async () => {
    const loadBalancer = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/words/0123';
    const url = await start({ PAGE_ACTIONS: 'true', PAGE_LOAD_BALANCER_ARN: loadBalancer });
    const redrive = await fetch(`${url}/api/dead-letters/redrive`, { method: 'POST', body: '{}' });
    expect([redrive.status, await redrive.json()]).toEqual([
      403,
      { error: 'Expected the load balancer to say who you are. Sign in again.' },
    ]);
    expect((await fetch(`${url}/api/dead-letters`)).status).toBe(200);
  });

  it('says what is missing while it has no settings', async () => {
    const port = new URL(await start({})).port;
    workers.at(-1)?.kill('SIGTERM');
    await once(workers.at(-1) ?? process, 'exit');
    const env = { PATH: process.env['PATH'] ?? '', PAGE: 'true', PORT: port, LOG_LEVEL: '<b>loud</b>' };
    workers.push(spawn(process.execPath, [PROGRAM], { env, stdio: 'ignore' }));
    const url = `http://127.0.0.1:${port}/`;
    await expect.poll(() => fetch(url).then(({ status }) => status, String)).toBe(503);
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('heading', { name: 'wordfreq: not set up yet' }).waitFor();
    await page.getByText('JOBS_QUEUE_URL is missing').waitFor();
    await page.getByText('<b>loud</b>').waitFor();
    expect(await page.evaluate('document.styleSheets.length')).toBe(3);
    expect(await axeViolations(page)).toEqual([]);
  });
});
