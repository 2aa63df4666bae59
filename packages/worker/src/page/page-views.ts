import { STOP_WORD_LISTS } from '@org/wordfreq-aws-adapters/rules';
import type { Hono } from 'hono';
import { etag } from 'hono/etag';
import { addFileViews } from './file-views.ts';
import type { PageSources } from './page-sources.ts';
import { MAX_LETTERS, type Readings } from './readings.ts';
import { stopWordsOf } from './stop-words.ts';
import { type Abilities, letterMatches, letterViews, mailViews, summaryView } from './views.ts';

/** The views that `GET /api` lists: the path of each, and what it contains. */
const VIEWS = [
  { path: '/api/summary', holds: 'work waiting and done, totals, outcomes, and what you can do here' },
  { path: '/api/files', holds: 'the newest 500 files with outcome, time and top ten words' },
  {
    path: '/api/files/search?text=…&cursor=…',
    holds: 'files by name, outcome or word, of all there are, page by page',
  },
  { path: '/api/files/history?bucket=…&key=…', holds: 'every version of one file with all its kept words' },
  {
    path: '/api/files/words.csv?bucket=…&key=…&version=…',
    holds: 'the kept words of one version, for a spreadsheet',
  },
  { path: '/api/words', holds: 'the 100 most frequent words of the newest 500 files' },
  {
    path: '/api/stop-words?language=…',
    holds: 'words that say little, which the page leaves out if somebody asks for that',
  },
  { path: '/api/throughput', holds: 'the last 5 minutes, hour and day, in 60 stretches each' },
  { path: '/api/dead-letters', holds: 'up to 100 dead letters with their reasons' },
  {
    path: '/api/dead-letters/search?text=…',
    holds: 'up to 100 of those with a name or reason, of up to 1,000',
  },
  { path: '/api/notifications', holds: 'the newest 100 mails that would be sent' },
] as const;

/** The requests that change something, which `GET /api` lists where they are allowed. */
const ACTIONS: readonly {
  readonly needs: keyof Abilities;
  readonly path: string;
  readonly body: string;
  readonly does: string;
}[] = [
  {
    needs: 'upload',
    path: '/api/uploads?name=….txt&replace=true',
    body: 'the file',
    does: 'uploads a file; without replace=true it returns 409 if there is one of that name',
  },
  {
    needs: 'redrive',
    path: '/api/dead-letters/redrive',
    body: '{}, {"ids": […]} or {"reason": "…"}',
    does: 'sends back all dead letters, these, or those with that reason',
  },
  {
    needs: 'purge',
    path: '/api/dead-letters/delete',
    body: '{"ids": […]} or {"reason": "…"}',
    does: 'deletes these dead letters, or those with that reason, for good',
  },
  {
    needs: 'pause',
    path: '/api/intake',
    body: '{"paused": true} or {"paused": false}',
    does: 'lets no worker take new messages, or lets all take them again',
  },
];

/** The JSON of each view, all with ETags; `/api` lists them. */
export function addViews(app: Hono, sources: PageSources, readings: Readings, can: Abilities): void {
  const { results, work, deadLetters } = readings;
  const { notifications, parse } = sources;
  app.use('/api/*', etag(), async (context, next) => {
    await next();
    context.header('cache-control', 'no-cache');
  });
  const actions = ACTIONS.filter(({ needs }) => can[needs]).map(({ needs: _, ...action }) => ({
    method: 'POST',
    ...action,
  }));
  app.get('/api', (context) => context.json({ views: VIEWS, actions }));
  app.get('/api/summary', async (context) => {
    const [digest, current] = await Promise.all([results.get(), work.get()]);
    return context.json(
      summaryView(digest.totals, current, {
        resultsAt: digest.at.toISOString(),
        complete: digest.complete,
        can,
      }),
    );
  });
  app.get('/api/files', async (context) => {
    const { files, totals } = await results.get();
    return context.json({ files, total: totals.files });
  });
  addFileViews(app, sources, results);
  app.get('/api/words', async (context) => context.json((await results.get()).topWords));
  app.get('/api/stop-words', async (context) => {
    const words = await stopWordsOf(context.req.query('language') ?? '');
    if (words !== undefined) return context.json({ words });
    return context.json(
      { error: `Expected ?language= to be one of ${[...STOP_WORD_LISTS.keys()].join(', ')}.` },
      400,
    );
  });
  app.get('/api/throughput', async (context) => context.json({ windows: (await results.get()).throughput }));
  app.get('/api/dead-letters', async (context) =>
    context.json({ deadLetters: letterViews(await deadLetters.get(), parse) }),
  );
  addLetterSearch(app, sources, readings);
  app.get('/api/notifications', (context) =>
    context.json({ notifications: mailViews(notifications?.() ?? []) }),
  );
}

/** Where there are no more letters than the page holds, the search needs no reading of its own. */
function addLetterSearch(
  app: Hono,
  { parse }: PageSources,
  { deadLetters, searchedLetters }: Readings,
): void {
  app.get('/api/dead-letters/search', async (context) => {
    const text = context.req.query('text') ?? '';
    const first = await deadLetters.get();
    const letters = first.length < MAX_LETTERS ? first : await searchedLetters.get();
    const found = letterViews(letters, parse).filter((letter) => letterMatches(letter, text));
    return context.json({ deadLetters: found.slice(0, MAX_LETTERS), searched: letters.length });
  });
}
