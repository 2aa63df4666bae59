import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PublishCommand } from '@aws-sdk/client-sns';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createEmbeddedClients, type EmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import type { ObjectStore } from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { readAll } from '@org/wordfreq-aws-adapters/testing';
import { type LocalPipeline, servePipelinePage, startLocalPipeline } from '@org/wordfreq-cli';
import type { ServedPage } from '@org/wordfreq-worker/page';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, startBrowser, whyNot } from './support/browser.ts';

/** Names that lead to this machine, as an attacker's name server would make them. */
const EVIL = 'evil.example';
const REBOUND = 'rebound.example';

const HOSTILE_PAGE = readFileSync(new URL('./support/hostile-page.js', import.meta.url), 'utf8');

describe.runIf(hasBrowser)(`what other web sites can do to a pipeline on this machine${whyNot}`, () => {
  let pipeline: LocalPipeline;
  let clients: EmbeddedClients;
  let page: ServedPage;
  let evil: Server;
  let browser: Browser;
  let objects: ObjectStore;

  beforeAll(async () => {
    const names = [EVIL, REBOUND].map((name) => `MAP ${name} 127.0.0.1`);
    [pipeline, browser] = await Promise.all([
      startLocalPipeline({ workers: 0 }),
      // Not every browser asks the person before a page may reach this machine.
      startBrowser([
        `--host-resolver-rules=${names.join(',')}`,
        '--disable-features=LocalNetworkAccessChecks',
      ]),
    ]);
    clients = createEmbeddedClients(pipeline);
    page = await servePipelinePage(pipeline, 0);
    evil = createServer((_, response) => void response.setHeader('content-type', 'text/html').end('<p>evil'));
    evil.listen(0, '127.0.0.1');
    await once(evil, 'listening');
    objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
    // Not a text, so that nothing happens to it.
    await pipeline.upload('secret.bin', Buffer.from('secret'));
  });

  afterAll(async () => {
    await browser?.close();
    evil?.close();
    await page?.close();
    clients?.destroy();
    await pipeline?.stop();
  });

  /** Every object among the uploads with its text. */
  async function uploads(): Promise<[key: string, text: string][]> {
    const found: [string, string][] = [];
    for await (const object of objects.list(pipeline.resources.uploadingBucket)) {
      const { bytes } = await objects.read(object);
      found.push([object.key, String(await readAll(bytes))]);
    }
    return found;
  }

  /** What has been published, up to a notification of our own that follows. */
  async function published(): Promise<string[]> {
    const { resources, mailbox } = pipeline;
    const Subject = `after ${mailbox.mails.length}`;
    await clients.sns.send(
      new PublishCommand({ TopicArn: resources.resultsTopicArn, Subject, Message: 'sent by the test' }),
    );
    await expect.poll(() => mailbox.mails.map(({ subject }) => subject)).toContain(Subject);
    return mailbox.mails.map(({ text }) => text);
  }

  /** Opens a hostile page, lets it try everything, and returns what it got to read. */
  async function attack(origin: string): Promise<unknown> {
    const context = await browser.newContext();
    const tab = await context.newPage();
    // The page itself always arrives: whoever rebinds a name serves it before.
    await tab.route(`${origin}/attack`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>evil' }),
    );
    await tab.goto(`${origin}/attack`);
    const { s3, sns, sqs, dynamodb } = pipeline.endpoints;
    const { uploadingBucket, resultsTopicArn, resultsTable } = pipeline.resources;
    const ours = (url: string): string =>
      new URL(origin).hostname === REBOUND ? url.replace(/127\.0\.0\.1|localhost/, REBOUND) : url;
    const doors = {
      bucket: ours(`${s3}/${uploadingBucket}`),
      sns: ours(sns),
      sqs: ours(sqs),
      dynamodb: ours(dynamodb),
      page: ours(page.url),
    };
    const names = JSON.stringify({ doors, topic: resultsTopicArn, table: resultsTable });
    const script = HOSTILE_PAGE.slice(HOSTILE_PAGE.indexOf('async'), HOSTILE_PAGE.lastIndexOf(';'));
    const read = await tab.evaluate(`(${script})(${names})`);
    await context.close();
    return read;
  }

  it.each([
    ['a site of the Internet', () => `http://${EVIL}:${(evil.address() as AddressInfo).port}`],
    ['another server of this machine', () => `http://localhost:${(evil.address() as AddressInfo).port}`],
    ['a site whose name was rebound to S3', () => pipeline.endpoints.s3.replace('127.0.0.1', REBOUND)],
    [
      'a site whose name was rebound to DynamoDB',
      () => pipeline.endpoints.dynamodb.replace('127.0.0.1', REBOUND),
    ],
    ['a site whose name was rebound to the page', () => page.url.replace('localhost', REBOUND)],
  ])('%s reads, changes, deletes and publishes nothing', async (_, origin) => {
    const read = await attack(origin());
    expect(read).toEqual([]);
    expect(await uploads()).toEqual([['secret.bin', 'secret']]);
    for (const text of await published()) expect(text).toBe('sent by the test');
    // Fails if the table is gone.
    for await (const result of pipeline.results.list()) expect(result).toBeUndefined();
  });

  it('scripts in a stored object are not scripts of S3', async () => {
    const { resources, endpoints } = pipeline;
    const bucket = `${endpoints.s3}/${resources.uploadingBucket}`;
    await objects.put(
      { bucket: resources.uploadingBucket, key: 'evil.html' },
      Buffer.from(`<title>idle</title><script>document.title = 'ran'</script>`),
      { contentType: 'text/html' },
    );
    const tab = await browser.newPage();
    await tab.goto(`${bucket}/evil.html`);
    expect(await tab.title()).toBe('idle');
    await tab.close();
  });
});
