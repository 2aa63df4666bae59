import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '@org/wordfreq-aws-adapters/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import type { UploadReport } from '../pipeline/uploads/upload-files.ts';

const embedded = useEmbeddedCloud();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upload-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, body: string | Uint8Array = 'some words'): string {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
}

describe('wordfreq upload', () => {
  it('prints JSON whose names are public contract', async () => {
    const { run, resources } = embedded();
    const path = file('a.txt');
    const report: UploadReport = (await run(['upload', path, '--prefix', 'x/', '--json'])).json();
    expect(report).toEqual({
      bucket: resources.uploadingBucket,
      files: [
        {
          file: path,
          key: 'x/a.txt',
          bytes: 10,
          status: 'uploaded',
          eTag: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ],
      summary: {
        files: 1,
        uploaded: 1,
        taken: 0,
        notUploaded: 0,
        bytes: 10,
        done: 0,
        failed: 0,
        pending: 0,
        notAwaited: 0,
      },
    });
  });

  it('exits with 1 where a key was taken, and says what to do', async () => {
    const { run } = embedded();
    const path = file('a.txt');
    await run(['upload', path]);
    const { exitCode, lines } = await run(['upload', path]);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toContain('Add --overwrite');
    const other = file('b.txt');
    await run(['upload', other]);
    const both = (await run(['upload', path, other])).lines.join('\n');
    expect([both.match(/exists/g)?.length, both.match(/Add --overwrite/g)?.length]).toEqual([2, 1]);
  });

  it('shows results as they are, and exits with 1 where one failed', async () => {
    const { run, put, finish, resources } = embedded();
    // The workers read the uploads directly here.
    const direct = ['--bucket', resources.processingBucket];
    await finish(await put('good.txt', 'good'));
    await finish(await put('bad.txt', 'bad'), {
      outcome: 'failed:not-text',
      error: { code: 'not-text', message: 'NUL\u0000 everywhere.' },
      words: [],
    });
    const args = ['upload', file('good.txt', 'good'), ...direct, '--overwrite', '--wait'];
    const good = await run(args);
    expect([good.exitCode, good.lines]).toEqual([
      0,
      [
        expect.stringMatching(/^✔ good\.txt +counted +3 words/),
        '    two 2  one 1',
        '    nul ×1 from byte 7',
        '1 uploaded, 4 B · 1 done · 0 failed',
      ],
    ]);
    const bad = await run([...args, file('bad.txt', 'bad')]);
    expect(bad.exitCode).toBe(1);
    expect(bad.lines.join('\n')).toContain('NUL‹U+0000› everywhere.');
  });

  it('shows broken words as doubtful, with the command that prevents them', async () => {
    const { run, put, finish, resources } = embedded();
    const direct = ['--bucket', resources.processingBucket];
    await finish(await put('fr.txt', 'caf\u00e9'), {
      warnings: [{ code: 'invalid-utf8', count: 1, firstOffset: 3 }],
      encoding: { name: 'utf-8', foundBy: 'default', likely: 'windows-1252' },
    });
    const { exitCode, lines } = await run([
      'upload',
      file('fr.txt', 'caf\u00e9'),
      ...direct,
      '--overwrite',
      '--wait',
    ]);
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(/^! fr\.txt +counted +3 words/),
      '    two 2  one 1',
      '    Counted, but 1 place is not UTF-8, at byte 3: words are broken there.',
      '    Perhaps it is windows-1252. If so, upload it again: wordfreq upload <file>',
      '    --overwrite --encoding windows-1252.',
      '1 uploaded, 5 B · 1 done · 0 failed',
    ]);
    for (const args of [['results', 'fr.txt'], ['explain', 'fr.txt'], ['results']]) {
      const shown = (await run(args)).lines.join(' ').replace(/\s+/g, ' ');
      expect(shown, args[0]).toMatch(args.length > 1 ? /broken/ : /! counted/);
      if (args.length > 1) expect(shown).toContain('--overwrite --encoding windows-1252');
    }
  });

  it('converts a text to UTF-8, and uploads nothing that is not in its encoding', async () => {
    const { run, cloud, resources } = embedded();
    const bucket = resources.uploadingBucket;
    const latin = file('latin.txt', Buffer.from('café', 'latin1'));
    expect((await run(['upload', latin, '--encoding', 'latin1'])).exitCode).toBe(0);
    const { bytes } = await cloud.objects.read({ bucket, key: 'latin.txt' });
    expect((await readAll(bytes)).toString()).toBe('café');
    const japanese = await run(['upload', latin, '--prefix', 'x/', '--encoding', 'shift_jis']).catch(
      (error: unknown) => error,
    );
    expect(japanese).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('in shift_jis, but'),
    });
    await expect(cloud.objects.head({ bucket, key: 'x/latin.txt' })).rejects.toThrow();
  });

  it('says at the time-out what is known, and exits with 1', async () => {
    const { run, send, resources } = embedded();
    await send(resources.copying?.uploadsQueueUrl ?? '', '{}');
    const path = file('a.txt');
    const { exitCode, json } = await run(['upload', path, '--wait', '--timeout', '300ms', '--json']);
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({
      files: [{ pending: true, state: 'uploaded', meaning: expect.stringContaining('not copied yet') }],
      summary: { pending: 1 },
    });
  });

  it('takes no message from the results queue', async () => {
    const { run, put, finish, send, take, resources } = embedded();
    await send(resources.resultsQueueUrl, 'somebody else’s');
    await finish(await put('a.txt'));
    await run(['upload', file('a.txt'), '--bucket', resources.processingBucket, '--overwrite', '--wait']);
    expect(await take(resources.resultsQueueUrl)).toEqual(['somebody else’s']);
  });

  it('notes that an empty file has an outcome of its own', async () => {
    const { notes } = await embedded().run(['upload', file('e.txt', '')]);
    expect(notes).toEqual([expect.stringMatching(/e\.txt is empty; its outcome will be "empty"$/)]);
  });

  it('does not wait for what nobody counts, and says so', async () => {
    const { run, environment } = embedded();
    // With a time limit that the test would not survive.
    const args = ['upload', file('a.md'), file('b.log'), '--wait', '--timeout', '1h', '--json'];
    const { exitCode, notes, json } = await run(args);
    expect(exitCode).toBe(0);
    expect(notes[0]).toMatch(
      /a\.md ends with none of \.txt, \.txt\.gz, \.txt\.zst, so it is uploaded, but not waited/,
    );
    expect(json()).toMatchObject({
      files: [{ notAwaited: true }, { notAwaited: true }],
      summary: { uploaded: 2, pending: 0, notAwaited: 2 },
    });
    const shown = await run(['upload', file('pic.png'), '--wait']);
    expect(shown.lines[0]).toMatch(/^! .*pic\.png/);
    const counted = ['upload', file('c.md'), '--wait', '--timeout', '0s', '--json'];
    const other = await run(counted, { environment: { ...environment, KEY_SUFFIX: '.md' } });
    expect(other.notes).toEqual([]);
    expect(other.json()).toMatchObject({ summary: { pending: 1, notAwaited: 0 } });
  });

  it('asks for the table before it sends anything', async () => {
    const { run, environment, cloud, resources } = embedded();
    const { RESULTS_TABLE: _, ...without } = environment;
    await expect(run(['upload', file('a.txt'), '--wait'], { environment: without })).rejects.toMatchObject({
      code: 'not-named',
    });
    await expect(cloud.objects.head({ bucket: resources.uploadingBucket, key: 'a.txt' })).rejects.toThrow();
  });
});
