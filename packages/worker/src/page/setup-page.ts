import { Hono } from 'hono';
import { html } from 'hono/html';
import { addAssets } from './page-assets.ts';
import { securityHeaders } from './security-headers.ts';
import { servePage } from './serve-page.ts';

/**
 * The page of a worker that cannot start: what is missing, for whoever opens it; 503 for whatever asks
 * whether it is healthy.
 */
export function createSetupPage(problems: readonly string[]): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.get('/healthz', (context) => context.json({ healthy: false, problems }, 503));
  app.get('/readyz', (context) => context.json({ ready: false, problems }, 503));
  app.get('/', (context) => context.html(setupHtml(problems), 503));
  addAssets(app);
  return app;
}

/**
 * Shows what is missing on the page, where there is to be one, until the signal fires: who starts a container
 * and opens its page would otherwise see a browser's error. Without a page it does nothing, so that the
 * worker ends at once.
 */
export async function showSetup(
  error: unknown,
  { PAGE, PORT, HOST }: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<void> {
  const { problems } = error as { readonly problems?: readonly string[] };
  const port = Number(PORT);
  if (PAGE !== 'true' || problems === undefined || !/^\d+$/.test(PORT ?? '') || port > 65_535) return;
  const served = await servePage(createSetupPage(problems), { port, ...(HOST ? { host: HOST } : {}) });
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await served.close();
}

const setupHtml = (problems: readonly string[]): ReturnType<typeof html> => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>wordfreq: not set up yet</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/base.css" />
    <link rel="stylesheet" href="/controls.css" />
    <link rel="stylesheet" href="/messages.css" />
  </head>
  <body>
    <header><h1><img src="/icon.svg" alt="" width="28" height="28" /> wordfreq: not set up yet</h1></header>
    <main>
      <p>The worker runs, but does no work: its environment is not complete.</p>
      <ul class="sheet messages">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>
      <p>Stop it, and start it with these variables, such as from a file:
        <code>docker run --env-file worker.env -p 4000:80 wordfreq-worker</code></p>
    </main>
  </body>
</html>`;
