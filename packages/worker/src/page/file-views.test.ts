import { createManualClock, createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import { HOSTILE_KEYS, sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { createPage } from './create-page.ts';

async function setUp(keys: readonly string[], words = [{ word: 'one', count: 1 }]) {
  const results = createMemoryResultStore();
  for (const key of keys) {
    await results.save(sampleResult({ jobId: key, object: { bucket: 'b', key, eTag: 'e1' }, words }));
  }
  const jobs = { depth: async () => ({ visible: 0, inFlight: 0, delayed: 0 }) };
  const page = createPage({ results, jobs, clock: createManualClock() });
  return (path: string, query: Record<string, string>) =>
    page.request(`${path}?${new URLSearchParams(query)}`, { headers: { host: 'localhost' } });
}

describe('the search for files', () => {
  it('finds any file of very many, with requests that are bounded and say how far they came', async () => {
    const keys = Array.from({ length: 3500 }, (_, index) => `${index}.txt`);
    const ask = await setUp(keys);
    const search = async (query: Record<string, string>) =>
      (await ask('/api/files/search', query)).json() as Promise<{
        files: { key: string }[];
        searched: number;
        cursor?: string;
      }>;
    const first = await search({ text: '3499' });
    expect([first.files, first.searched]).toEqual([[], 1000]);
    const found: string[] = [];
    let searched = first.searched;
    for (let { cursor } = first; cursor !== undefined; ) {
      const page = await search({ text: '3499', cursor });
      found.push(...page.files.map(({ key }) => key));
      searched += page.searched;
      cursor = page.cursor;
    }
    expect([found, searched]).toEqual([['3499.txt'], 3500]);
    // A whole key is found at once, wherever it is in the store.
    expect((await search({ text: '3499.txt' })).files.map(({ key }) => key)).toEqual(['3499.txt']);
    expect((await search({ text: '9.TXT' })).files).toHaveLength(25);
  });

  it.each([{}, { text: '' }, { text: 'x'.repeat(1025) }])('refuses %j', async (query) => {
    const ask = await setUp([]);
    expect((await ask('/api/files/search', query as Record<string, string>)).status).toBe(400);
  });
});

describe('the words of a file as CSV', () => {
  it('start no formula, move no cursor, and have the file’s own name', async () => {
    const words = ['=1+1', '＋1', 'a,"b"', '\u202ertl', 'plain'].map((word) => ({ word, count: 2 }));
    const ask = await setUp(['books/größe (1).txt'], words);
    const response = await ask('/api/files/words.csv', {
      bucket: 'b',
      key: 'books/größe (1).txt',
      version: 'e1',
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="words.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%281%29.txt.csv`,
    );
    expect(await response.text()).toBe(
      `word,count\r\n'=1+1,2\r\n'＋1,2\r\n"a,""b""",2\r\n‹U+202E›rtl,2\r\nplain,2\r\n`,
    );
  });

  it('can be had whatever the key is, and not of what is not there', async () => {
    const ask = await setUp([...HOSTILE_KEYS, 'half \ud800.txt', 'line\nbreak.txt', 'folder/']);
    for (const key of [...HOSTILE_KEYS, 'line\nbreak.txt', 'folder/']) {
      expect([key, (await ask('/api/files/words.csv', { bucket: 'b', key })).status]).toEqual([key, 200]);
    }
    expect((await ask('/api/files/words.csv', { bucket: 'b', key: 'no.txt' })).status).toBe(404);
    const other = { bucket: 'b', key: '__proto__', version: 'e2' };
    expect((await ask('/api/files/words.csv', other)).status).toBe(404);
    expect((await ask('/api/files/words.csv', { bucket: 'b' })).status).toBe(400);
  });
});
