import { once } from 'node:events';
import { connect } from 'node:net';
import { createManualClock, createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { createPage } from './create-page.ts';
import type { PageSources } from './page-sources.ts';
import { type ServedPage, servePage } from './serve-page.ts';

const open: ServedPage[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

async function serve(port: number, sources: Partial<PageSources> = {}): Promise<ServedPage> {
  const jobs = { depth: async () => ({ visible: 0, inFlight: 0, delayed: 0 }) };
  const clock = createManualClock();
  const page = createPage({ results: createMemoryResultStore(), jobs, clock, ...sources });
  const served = await servePage(page, { port });
  open.push(served);
  return served;
}

describe('servePage', () => {
  it('serves on a free port of this machine, and says where', async () => {
    const { url } = await serve(0);
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(await (await fetch(url.replace('localhost', '127.0.0.1'))).text()).toContain(
      '<title>wordfreq</title>',
    );
  });

  it('says which port is taken, and what to do', async () => {
    const port = Number(new URL((await serve(0)).url).port);
    await expect(serve(port)).rejects.toMatchObject({
      code: 'port-taken',
      retryable: false,
      message: `Expected port ${port} to be free for the page, but another program listens there. Choose another port.`,
    });
  });

  it('ends a redrive when the browser that asked for it has gone', async () => {
    let asked = (): void => undefined;
    let ended = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const isEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { url } = await serve(0, {
      async redrive(_, { signal } = {}) {
        signal?.addEventListener('abort', ended);
        asked();
        await isEnded;
        return 0;
      },
    });
    const browser = new AbortController();
    const answer = fetch(`${url.replace('localhost', '127.0.0.1')}/api/dead-letters/redrive`, {
      method: 'POST',
      body: '{}',
      signal: browser.signal,
    });
    await isAsked;
    browser.abort();
    await expect(answer).rejects.toThrow();
    await isEnded;
  });

  it('ends a request whose body does not arrive', async () => {
    const jobs = { depth: async () => ({ visible: 0, inFlight: 0, delayed: 0 }) };
    const upload = async () => undefined;
    const page = createPage({
      results: createMemoryResultStore(),
      jobs,
      clock: createManualClock(),
      upload,
    });
    const served = await servePage(page, { port: 0, requestTimeoutMs: 100 });
    open.push(served);
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    socket.write(
      'POST /api/uploads?name=a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nslow',
    );
    const [response] = await once(socket, 'data');
    expect(String(response)).toMatch(/^HTTP\/1\.1 408 /);
    await once(socket, 'close');
  });

  it('closes though a browser keeps its connection', async () => {
    const served = await serve(0);
    const url = served.url.replace('localhost', '127.0.0.1');
    await (await fetch(url)).text();
    await served.close();
    await expect(fetch(url)).rejects.toThrow();
  });
});
