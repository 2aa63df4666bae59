import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { csvField, escapeField } from '@org/wordfreq-aws-adapters/rules';
import type { Context, Hono } from 'hono';
import type { Cached } from './cached.ts';
import type { ResultsDigest } from './digest-results.ts';
import type { PageSources } from './page-sources.ts';
import { fileView, historyView } from './views.ts';

/** Longer texts are not searched for. */
const MAX_TEXT_LENGTH = 1024;
/** How many files a page of a search holds. */
const SEARCH_PAGE = 25;
/** An exact key is looked up in at most this many buckets. */
const MAX_BUCKETS = 5;

/** What is asked of single files: search, history, words. */
export function addFileViews(app: Hono, { results }: PageSources, digest: Cached<ResultsDigest>): void {
  app.get('/api/files/search', async (context) => {
    const { text = '', cursor } = context.req.query();
    if (text === '' || text.length > MAX_TEXT_LENGTH) {
      return context.json({ error: `Expected ?text=… of 1 to ${MAX_TEXT_LENGTH} characters.` }, 400);
    }
    const { signal } = context.req.raw;
    const page = await results.search(text, {
      limit: SEARCH_PAGE,
      signal,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const exact = cursor === undefined ? await atKey(text) : [];
    const ids = new Set(exact.map(idOf));
    const files = [...exact, ...page.results.filter((result) => !ids.has(idOf(result)))].map(fileView);
    const { searched, cursor: next } = page;
    return context.json({ files, searched, ...(next === undefined ? {} : { cursor: next }) });
  });

  /** A viewer who types a whole key need not wait until the search comes to it. */
  async function atKey(key: string): Promise<readonly StoredResult[]> {
    const { files } = await digest.get();
    const buckets = [...new Set(files.map(({ bucket }) => bucket))].slice(0, MAX_BUCKETS);
    return (await Promise.all(buckets.map((bucket) => results.history(bucket, key)))).flat();
  }

  app.get('/api/files/history', async (context) => {
    const { bucket, key } = context.req.query();
    if (bucket === undefined || key === undefined) return badQuery(context, '?bucket=…&key=…');
    const history = await results.history(bucket, key);
    return context.json({ versions: history.map(historyView) });
  });

  app.get('/api/files/words.csv', async (context) => {
    const { bucket, key, version } = context.req.query();
    if (bucket === undefined || key === undefined) return badQuery(context, '?bucket=…&key=…&version=…');
    const views = (await results.history(bucket, key)).map(historyView);
    const view = version === undefined ? views[0] : views.find((each) => each.version === version);
    if (view === undefined) return context.json({ error: 'There is no such result.' }, 404);
    const rows = view.top.map(({ word, count }) => `${csvField(escapeField(word))},${count}`);
    return context.body(['word,count', ...rows, ''].join('\r\n'), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="words.csv"; filename*=UTF-8''${fileName(key)}`,
    });
  });
}

const idOf = ({ object, jobId }: StoredResult): string =>
  JSON.stringify([object.bucket, object.key, object.versionId ?? object.eTag, jobId]);

function badQuery(context: Context, expected: string): Response {
  return context.json({ error: `Expected ${expected}.` }, 400);
}

/** A name without folders, as RFC 8187 writes it in a header. */
function fileName(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1).replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  return encodeURIComponent(`${name || 'words'}.csv`).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
