import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWords } from '../../src/index.ts';
import { type Installation, installBuiltPackage } from './built-package.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const missing = existsSync(CHROMIUM) ? '' : ` — skipped: no browser at ${CHROMIUM}; set CHROMIUM`;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

const TEXT =
  'To be, or not to be: “that” is the question. Straße «Война и мир» 我爱北京 ภาษาไทย cafe\u0301\0\n'.repeat(
    20_000,
  );
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' };
// No bundler: the browser gets the files as they are published.
const PAGE = `<!doctype html><input type="file">
<script type="module">
  import * as core from '/web.js';
  const input = document.querySelector('input');
  globalThis.countPage = async (options) => ({
    url: (await core.countUrl('/text.txt', options)).toJSON(),
    file: (await core.countWords(input.files[0], options)).toJSON(),
    text: (await core.countWords(await input.files[0].text(), options)).toJSON(),
  });
  globalThis.abortPage = async () => {
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error('enough'));
    return core.countUrl('/text.txt', { signal: abort.signal, onProgress }).then(String, (error) => error.message);
  };
</script>`;

function serve(installed: Installation, policy: string): Promise<Server> {
  const built = join(installed.folder, 'node_modules/@org/wordfreq-core/dist');
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const body =
      path === '/'
        ? PAGE
        : path === '/text.txt'
          ? TEXT
          : existsSync(join(built, path))
            ? readFileSync(join(built, path))
            : undefined;
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': TYPES[extname(path)] ?? (path === '/' ? 'text/html' : 'text/plain'),
      'content-security-policy': policy,
    });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe.runIf(missing === '')(`the built package in Chromium${missing}`, () => {
  let installed: Installation;
  let browser: BrowserContext;
  let profile: string;

  beforeAll(async () => {
    installed = installBuiltPackage();
    profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    browser = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    installed?.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  async function inPage<T>(policy: string, script: string): Promise<T> {
    const server = await serve(installed, policy);
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.setInputFiles('input', {
        name: 'text.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from(TEXT),
      });
      const result = await page.evaluate<T>(script);
      await page.close();
      return result;
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  it.each(['wasm', 'javascript'] as const)(
    'counts a URL, a File and a text as Node does, in %s',
    async (engine) => {
      const policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";
      const counted = await inPage<Record<string, unknown>>(policy, `countPage({ engine: '${engine}' })`);
      const expected = (await countWords(TEXT)).toJSON();
      expect(counted).toEqual({ url: expected, file: expected, text: expected });
    },
  );

  it('counts in JavaScript where a content security policy forbids WebAssembly', async () => {
    const counted = await inPage<Record<string, unknown>>(
      "script-src 'self' 'unsafe-inline'",
      'countPage({})',
    );
    expect(counted['file']).toEqual((await countWords(TEXT)).toJSON());
  });

  it('ends a count when told to', async () => {
    expect(await inPage<string>("script-src 'self' 'unsafe-inline'", 'abortPage()')).toBe('enough');
  });
});
