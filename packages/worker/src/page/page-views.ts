import type { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { PageSources } from './page-sources.ts';
import type { Readings } from './readings.ts';
import { type Abilities, deadLetterViews, historyView, mailViews, summaryView } from './views.ts';

/** What `GET /api` answers: where each view is, and what it holds. */
const VIEWS = [
  { path: '/api/summary', holds: 'work waiting and done, totals, outcomes, and what you can do here' },
  { path: '/api/files', holds: 'the newest 500 files with fate, time and top ten words' },
  { path: '/api/files/history?bucket=…&key=…', holds: 'every version of one file with all its kept words' },
  { path: '/api/words', holds: 'the most frequent words of the newest 500 files' },
  { path: '/api/throughput', holds: 'the last 5 minutes, hour and day, in 60 stretches each' },
  { path: '/api/dead-letters', holds: 'up to 100 dead letters with their reasons' },
  { path: '/api/notifications', holds: 'the newest 100 mails that would be sent' },
] as const;

/** The JSON behind each view, all with ETags; `/api` lists them. */
export function addViews(
  app: Hono,
  sources: PageSources,
  { results, depths, deadLetters }: Readings,
  can: Abilities,
): void {
  const { notifications } = sources;
  app.use('/api/*', etag(), async (context, next) => {
    await next();
    context.header('cache-control', 'no-cache');
  });
  app.get('/api', (context) => context.json({ views: VIEWS }));
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
  app.get('/api/words', async (context) => context.json((await results.get()).topWords));
  app.get('/api/throughput', async (context) => context.json({ windows: (await results.get()).throughput }));
  app.get('/api/dead-letters', async (context) =>
    context.json({ deadLetters: deadLetterViews(await deadLetters.get()) }),
  );
  app.get('/api/notifications', (context) =>
    context.json({ notifications: mailViews(notifications?.() ?? []) }),
  );
}
