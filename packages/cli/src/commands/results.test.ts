import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import type { ResultView } from '../pipeline/result-view.ts';

const embedded = useEmbeddedCloud();
const at = (second: number) => ({ finishedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) });

describe('wordfreq results', () => {
  it('prints a key’s newest result as JSON whose names are public contract', async () => {
    const { put, finish, run } = embedded();
    await finish(await put('a.txt', 'older'), { ...at(1), lastModified: new Date(1000) });
    await finish(await put('a.txt', 'newer'), {
      ...at(2),
      lastModified: new Date(2000),
      outcome: 'failed:internal',
      error: { code: 'internal', message: 'x' },
    });
    const view: ResultView = (await run(['results', 'a.txt', '--json'])).json();
    expect(view.outcome).toBe('failed:internal');
    expect(Object.keys(view)).toEqual([
      'bucket',
      'key',
      'version',
      'jobId',
      'outcome',
      'error',
      'bytes',
      'words',
      'distinctWords',
      'keptWords',
      'durationMs',
      'finishedAt',
      'attempt',
      'worker',
      'tokenizer',
      'warnings',
      'top',
      'meaning',
      'hint',
    ]);
    const history: ResultView[] = (await run(['results', 'a.txt', '--history', '--json'])).json();
    expect(history).toHaveLength(2);
  });

  it('lists the newest results of all, with a limit, a prefix and an outcome', async () => {
    const { put, finish, run } = embedded();
    for (const [index, key] of ['a/1.txt', 'a/2.txt', 'b/1.txt'].entries()) {
      await finish(await put(key), { ...at(index), ...(index === 1 ? { outcome: 'failed:not-text' } : {}) });
    }
    const keys = async (...args: string[]) =>
      (await run(['results', '--format', 'ndjson', ...args])).lines.map((line) => JSON.parse(line).key);
    expect(await keys()).toEqual(['b/1.txt', 'a/2.txt', 'a/1.txt']);
    expect(await keys('--limit', '1')).toEqual(['b/1.txt']);
    expect(await keys('--prefix', 'a/')).toEqual(['a/2.txt', 'a/1.txt']);
    expect(await keys('--outcome', 'failed')).toEqual(['a/2.txt']);
  });

  it('says that there are more than it shows, and how to see them', async () => {
    const { put, finish, run } = embedded();
    for (const key of ['a.txt', 'b.txt', 'c.txt']) await finish(await put(key));
    const two = await run(['results', '--limit', '2']);
    expect([two.lines.length, two.notes]).toEqual([
      3,
      ['There are more than these 2: --limit shows more, --all every one.'],
    ]);
    expect((await run(['results', '--limit', '3'])).notes).toEqual([]);
    expect((await run(['results', '--limit', '2', '--json'])).notes).toEqual([]);
  });

  it('prints all, one after the other, and says first what it reads', async () => {
    const { put, finish, run } = embedded();
    const keys = Array.from({ length: 130 }, (_, index) => `${index}.txt`);
    await Promise.all(
      keys.map(async (key, index) =>
        finish(await put(key), index === 7 ? { outcome: 'failed:not-text' } : {}),
      ),
    );
    const all = await run(['results', '--all', '--json']);
    const views: ResultView[] = all.json();
    expect(views.map(({ key }) => key).sort()).toEqual(keys.sort());
    expect(all.notes).toEqual([expect.stringMatching(/^Reading the whole table wordfreq-results-\d+: /)]);
    expect((await run(['results', '--all', '--format', 'csv'])).lines).toHaveLength(131);
    const failed = await run(['results', '--all', '--outcome', 'failed', '--format', 'ndjson']);
    expect(failed.lines.map((line) => JSON.parse(line).key)).toEqual(['7.txt']);
    expect((await run(['results', '--all', '--prefix', 'nope', '--json'])).json()).toEqual([]);
  });

  it('writes CSV in which nothing is a formula', async () => {
    const { put, finish, run } = embedded();
    await finish(await put('=1+1.txt'), { ...at(1), words: [{ word: '=cmd()', count: 1 }] });
    expect((await run(['results', '--format', 'csv'])).lines).toEqual([
      'finishedAt,bucket,key,version,outcome,words,distinctWords,bytes,durationMs,attempt,worker',
      expect.stringMatching(/^2026-01-01T00:00:01\.000Z,wordfreq-processing-\d+,'=1\+1\.txt,/),
    ]);
    const { lines } = await run(['results', '=1+1.txt', '--format', 'csv', '--top', '0']);
    expect(lines).toEqual(['key,version,word,count', expect.stringMatching(/^'=1\+1\.txt,\w+,'=cmd\(\),1$/)]);
  });

  it('draws a table that fits and is harmless', async () => {
    const { put, finish, run } = embedded();
    await finish(await put(`${'k'.repeat(100)}\u001b.txt`), at(1));
    const { lines } = await run(['results']);
    expect(lines[0]).toMatch(/^FINISHED +KEY +OUTCOME +WORDS +SIZE$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says that a key has no result, and who knows more', async () => {
    await expect(embedded().run(['results', 'nope.txt'])).rejects.toMatchObject({
      code: 'no-result',
      exitCode: 1,
      hint: expect.stringContaining('wordfreq explain'),
    });
  });

  it('says that there are none', async () => {
    expect((await embedded().run(['results'])).lines).toEqual(['No results.']);
    expect((await embedded().run(['results', '--json'])).json()).toEqual([]);
  });

  it('says what was noticed about a text that was counted all the same', async () => {
    const { put, finish, run } = embedded();
    const warnings = [{ code: 'invalid-utf8', count: 3, firstOffset: 1200 }] as const;
    await finish(await put('latin1.txt', 'caf\u00e9'), { warnings });
    expect((await run(['results', 'latin1.txt'])).lines.join('\n')).toMatch(
      /Counted, but 3 places are not UTF-8, the first at byte 1,200/,
    );
    expect((await run(['results'])).lines.join('\n')).toMatch(/latin1\.txt +! counted +3/);
  });
});
