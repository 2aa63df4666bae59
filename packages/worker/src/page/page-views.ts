import type { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { PageSources } from './page-sources.ts';
import type { Readings } from './readings.ts';
import { deadLetterViews, historyView, mailViews, summaryView } from './views.ts';

/**
 * The JSON behind each view, all with ETags: `/api/summary`, `/api/files` (the newest 500), `/api/files/history?bucket=…&key=…` (every
 * version of one file with all its words), `/api/throughput`, `/api/dead-letters`, `/api/notifications`.
 */
export function addViews(
  app: Hono,
  sources: PageSources,
  { results, depths, deadLetters }: Readings,
  { maxUploadBytes }: { readonly maxUploadBytes: number },
): void {
  const { notifications, redrive, upload } = sources;
  const can = {
    upload: upload !== undefined,
    redrive: redrive !== undefined,
    notifications: notifications !== undefined,
    maxUploadBytes,
  };
  app.use('/api/*', etag(), async (context, next) => {
    await next();
    context.header('cache-control', 'no-cache');
  });
  app.get('/api/summary', async (context) => {
    const [digest, work] = await Promise.all([results.get(), depths.get()]);
    return context.json(summaryView(digest.totals, work, { resultsAt: digest.at.toISOString(), can }));
  });
  app.get('/api/files', async (context) => {
    const { files, totals } = await results.get();
    return context.json({ files, total: totals.files });
  });
  app.get('/api/files/history', async (context) => {
    const { bucket, key } = context.req.query();
    if (bucket === undefined || key === undefined) {
      return context.json({ error: 'Expected ?bucket=…&key=….' }, 400);
    }
    const history = await sources.results.history(bucket, key);
    return context.json({ versions: history.map(historyView) });
  });
  app.get('/api/throughput', async (context) => context.json({ windows: (await results.get()).throughput }));
  app.get('/api/dead-letters', async (context) =>
    context.json({ deadLetters: deadLetterViews(await deadLetters.get()) }),
  );
  app.get('/api/notifications', (context) =>
    context.json({ notifications: mailViews(notifications?.() ?? []) }),
  );
}
