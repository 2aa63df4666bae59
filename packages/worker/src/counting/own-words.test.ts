import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createManualClock, createMemoryObjectStore } from '@org/wordfreq-aws-adapters/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../test/support/memory-world.ts';
import { readConfig } from '../config.ts';
import { readOwnWords } from './own-words.ts';

const objects = createMemoryObjectStore({ clock: createManualClock(), buckets: ['lists'] });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-words-'));
});
afterAll(() => rm(folder, { recursive: true }));

const wordsOf = (WORDS_FILE: string | undefined, more: Readonly<Record<string, string>> = {}) =>
  readOwnWords(readConfig({ ...ENVIRONMENT, ...more, WORDS_FILE }), objects);

describe(readOwnWords, () => {
  it('reads nothing unless there is a list', async () => {
    expect(await wordsOf(undefined)).toEqual([]);
  });

  it('reads a file, in any encoding, also compressed', async () => {
    const path = join(folder, 'words.txt.gz');
    await writeFile(path, gzipSync(Buffer.from('\ufeff云原生\r\nสมชายใจดี\r\n', 'utf16le')));
    expect([...(await wordsOf(path))].sort()).toEqual(['สมชายใจดี', '云原生']);
  });

  it('reads an object, by the charset of its content type', async () => {
    const gbk = Buffer.from('d4c6d4adc9fa0a', 'hex');
    await objects.put({ bucket: 'lists', key: 'a b/w.txt' }, gbk, { contentType: 'text/plain; charset=GBK' });
    expect(await wordsOf('s3://lists/a b/w.txt')).toEqual(['云原生']);
  });

  it.each([
    ['a file that is missing', '/no/such/file', {}, /WORDS_FILE: \/no\/such\/file cannot be read: ENOENT/],
    ['an object that is missing', 's3://lists/none', {}, /WORDS_FILE: s3:\/\/lists\/none cannot be read/],
    [
      'Chinese words that nothing would use',
      's3://lists/chinese',
      { CJK: 'character' },
      /WORDS_FILE.*云原生/,
    ],
    ['words of other scripts', 's3://lists/english', {}, /WORDS_FILE.*"English"/],
  ])('says at the start what is wrong with %s', async (_, location, more, message) => {
    await objects.put({ bucket: 'lists', key: 'chinese' }, Buffer.from('云原生\n'));
    await objects.put({ bucket: 'lists', key: 'english' }, Buffer.from('English\n'));
    const problem = wordsOf(location, more);
    await expect(problem).rejects.toMatchObject({ code: 'invalid-configuration', retryable: false });
    await expect(problem).rejects.toThrow(message);
  });
});
