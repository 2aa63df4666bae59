import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectInfo, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../errors.ts';
import { sampleFiles, waitForResults } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samples-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe(sampleFiles, () => {
  it('finds the .txt files of all subfolders, compressed ones too, in key order, with / in keys', async () => {
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', 'two.txt'), '22');
    writeFileSync(join(folder, 'a.txt'), '1');
    writeFileSync(join(folder, 'c.txt.zst'), '333');
    writeFileSync(join(folder, 'notes.md'), '#');
    expect(await sampleFiles(folder)).toEqual([
      { path: join(folder, 'a.txt'), key: 'a.txt', sizeBytes: 1 },
      { path: join(folder, 'b', 'two.txt'), key: 'b/two.txt', sizeBytes: 2 },
      { path: join(folder, 'c.txt.zst'), key: 'c.txt.zst', sizeBytes: 3 },
    ]);
  });

  it('says in one sentence that a folder is missing', async () => {
    const missing = join(folder, 'nowhere');
    await expect(sampleFiles(missing)).rejects.toMatchObject({
      message: `the folder ${missing} does not exist`,
      exitCode: EXIT_CODES.environment,
    });
  });

  it('says in one sentence that a file is no folder', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(sampleFiles(file)).rejects.toMatchObject({ message: `the folder ${file} is not a folder` });
  });

  it('says that there is nothing to upload', async () => {
    await expect(sampleFiles(folder)).rejects.toMatchObject({ message: `no .txt file in ${folder}` });
  });

  // The superuser may read everything, so there it cannot be tested.
  it.runIf(process.getuid?.() !== 0)(
    'says that permission is missing (it needs a user who is not root)',
    async () => {
      chmodSync(folder, 0o000);
      await expect(sampleFiles(folder)).rejects.toMatchObject({
        message: `the folder ${folder} cannot be read: permission denied`,
      });
      chmodSync(folder, 0o700);
    },
  );
});

describe(waitForResults, () => {
  const at = (seconds: number): Date => new Date(seconds * 1000);
  const upload = { bucket: 'uploads', key: 'a.txt', sizeBytes: 9, metadata: new Map() };
  const record = (eTag: string, seconds: number) =>
    ({
      object: { bucket: 'texts', key: 'a.txt', eTag },
      lastModified: at(seconds),
      finishedAt: at(seconds),
    }) as StoredResult;

  it.each<[string, string, StoredResult, readonly string[]]>([
    ['the same ETag', 'abc', record('abc', 1), []],
    ['another ETag', 'abc', record('def', 9), ['a.txt']],
    ['another ETag, of an upload in parts', 'abc-2', record('def', 5), []],
    ['what was copied before an upload in parts', 'abc-2', record('def', 4), ['a.txt']],
  ])('takes for the result of an upload or not: %s', async (_, eTag, found, missing) => {
    const uploads: readonly ObjectInfo[] = [{ ...upload, eTag, lastModified: at(5.7) }];
    const results: StoredResult[] = [];
    const left = await waitForResults({
      results: { history: async () => [found] },
      bucket: 'texts',
      uploads,
      onResult: (result) => results.push(result),
      signal: new AbortController().signal,
      patienceMs: 150,
    });
    expect(left).toEqual(missing);
    expect(results).toHaveLength(1 - missing.length);
  });
});
