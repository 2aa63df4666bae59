import { readFileSync } from 'node:fs';
import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { cached } from './cached.ts';
import type { PageSources } from './page-sources.ts';
import { requireLoopbackHost, requireSameOrigin } from './request-guards.ts';
import { deadLetterViews, fileViews, mailViews, summaryView } from './views.ts';

/** How the page behaves. */
export interface PageOptions {
  /** `loopback`: answers only where it is called localhost. `any`: something in front of it decides. Default: `loopback`. */
  readonly hosts?: 'loopback' | 'any';
  /** Default: 100 MB. */
  readonly maxUploadBytes?: number;
}

/** The store and the queues are asked at most once in this time. */
const FRESH_MS = 1000;
const MAX_DEAD_LETTERS = 100;
/** S3's limit for a key. */
const MAX_KEY_BYTES = 1024;

const ASSETS = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
];

/**
 * Makes the page: what waits, what was done, each file's fate and top words, dead letters with their reasons, the mails that were
 * sent, and a place to drop files where uploads are possible. Behind each view is JSON: `/api/summary`, `/api/files`,
 * `/api/dead-letters`, `/api/notifications`; `POST /api/uploads?name=…` takes a file. The browser asks again every second
 * with an ETag, which is simple and survives proxies.
 *
 * @example
 * const page = createPage({ results, jobs, clock });
 * const { url, close } = await servePage(page, { port: 4000 });
 */
export function createPage(sources: PageSources, options: PageOptions = {}): Hono {
  const app = new Hono();
  if ((options.hosts ?? 'loopback') === 'loopback') app.use(requireLoopbackHost());
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
    }),
  );
  addAssets(app);
  addViews(app, sources);
  if (sources.upload !== undefined) addUploads(app, sources.upload, options.maxUploadBytes ?? 100_000_000);
  app.onError((error, context) =>
    context.json({ error: `The page could not ask for that: ${error.message}` }, 502),
  );
  return app;
}

function addAssets(app: Hono): void {
  for (const { path, file, type } of ASSETS) {
    const body = readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8');
    app.get(path, etag(), (context) =>
      context.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  }
}

function addViews(app: Hono, sources: PageSources): void {
  const { clock, jobs, deadLetters, notifications } = sources;
  const results = cached(() => collect(sources.results.list()), FRESH_MS, clock);
  const depths = cached(() => Promise.all([jobs.depth(), deadLetters?.depth()]), FRESH_MS, clock);
  const letters = cached(async () => (await deadLetters?.peek(MAX_DEAD_LETTERS)) ?? [], FRESH_MS, clock);
  app.use('/api/*', etag(), async (context, next) => {
    await next();
    context.header('cache-control', 'no-cache');
  });
  app.get('/api/summary', async (context) => {
    const [work, dead] = await depths();
    return context.json({
      ...summaryView(await results(), work, dead),
      can: { upload: sources.upload !== undefined, notifications: notifications !== undefined },
    });
  });
  app.get('/api/files', async (context) => context.json({ files: fileViews(await results()) }));
  app.get('/api/dead-letters', async (context) =>
    context.json({ deadLetters: deadLetterViews(await letters()) }),
  );
  app.get('/api/notifications', (context) =>
    context.json({ notifications: mailViews(notifications?.() ?? []) }),
  );
}

async function collect(list: AsyncIterable<StoredResult>): Promise<readonly StoredResult[]> {
  const collected: StoredResult[] = [];
  for await (const result of list) collected.push(result);
  return collected;
}

function addUploads(app: Hono, upload: NonNullable<PageSources['upload']>, maxSize: number): void {
  const limit = bodyLimit({
    maxSize,
    onError: (context) =>
      context.json({ error: `Expected at most ${maxSize} bytes. Use the AWS CLI for larger files.` }, 413),
  });
  app.post('/api/uploads', requireSameOrigin(), limit, async (context) => {
    const name = context.req.query('name') ?? '';
    const problem = nameProblem(name);
    if (problem !== undefined) return context.json({ error: problem }, 400);
    await upload(name, new Uint8Array(await context.req.arrayBuffer()));
    return context.json({ key: name }, 201);
  });
}

function nameProblem(name: string): string | undefined {
  if (!name.endsWith('.txt')) return 'Expected a name that ends in .txt: only such files are counted.';
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) return `Expected a name of at most ${MAX_KEY_BYTES} bytes.`;
  return undefined;
}
