import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planUploads } from './upload-plan.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.txt'), 'one');
  writeFileSync(join(folder, 'sub', 'b.txt.gz'), 'zip');
  writeFileSync(join(folder, 'sub', 'a.txt'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe(planUploads, () => {
  it('gives a file its own name as key, after the prefix', async () => {
    expect(await planUploads([join(folder, 'a.txt')], { prefix: '2026/' })).toEqual([
      { path: join(folder, 'a.txt'), key: '2026/a.txt', sizeBytes: 3, contentType: 'text/plain' },
    ]);
  });

  it('gives a folder’s files their paths below it, in order', async () => {
    const plan = await planUploads([folder]);
    expect(plan.map(({ key, contentType }) => [key, contentType])).toEqual([
      ['a.txt', 'text/plain'],
      ['sub/a.txt', 'text/plain'],
      ['sub/b.txt.gz', 'application/gzip'],
    ]);
  });

  it('takes the type that was asked for', async () => {
    const plan = await planUploads([join(folder, 'a.txt')], { contentType: 'text/plain; charset=utf-8' });
    expect(plan[0]?.contentType).toBe('text/plain; charset=utf-8');
  });

  it('refuses what cannot be converted before anything is sent', async () => {
    const plan = (name: string, options: { encoding: string; contentType?: string }) =>
      planUploads([join(folder, name)], options);
    expect(await plan('a.txt', { encoding: 'Latin1' })).toMatchObject([{ encoding: 'windows-1252' }]);
    await expect(plan('a.txt', { encoding: 'latin99' })).rejects.toThrow('--encoding latin99: expected');
    await expect(plan('sub/b.txt.gz', { encoding: 'latin1' })).rejects.toMatchObject({ code: 'compressed' });
    const contentType = 'text/plain; charset=latin1';
    await expect(plan('a.txt', { encoding: 'latin1', contentType })).rejects.toThrow('declares a charset');
  });

  it('refuses two files for one key', async () => {
    await expect(planUploads([join(folder, 'a.txt'), join(folder, 'sub', 'a.txt')])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('would both become a.txt'),
    });
  });

  it('refuses a key that S3 cannot have', async () => {
    await expect(planUploads([join(folder, 'a.txt')], { prefix: 'é'.repeat(600) })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^expected a key of 1 to 1,024 bytes .*… has 1205$/),
    });
  });

  it('says that a file is missing', async () => {
    await expect(planUploads([join(folder, 'nope.txt')])).rejects.toMatchObject({
      exitCode: 3,
      message: `${join(folder, 'nope.txt')} does not exist`,
    });
  });

  it('says that a folder is empty', async () => {
    mkdirSync(join(folder, 'empty'));
    await expect(planUploads([join(folder, 'empty')])).rejects.toMatchObject({
      exitCode: 3,
      message: `there is no file in ${join(folder, 'empty')}`,
    });
  });

  it('says how many links of a folder it leaves out', async () => {
    symlinkSync('../a.txt', join(folder, 'sub', 'link'));
    const links: (readonly [string, number])[] = [];
    const plan = await planUploads([folder], { onLinks: (...told) => links.push(told) });
    expect(plan).toHaveLength(3);
    expect(links).toEqual([[folder, 1]]);
  });

  it('says that a name is not UTF-8, which a key must be', async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/sub/caf`), Buffer.from([0xe9])]);
    writeFileSync(name, 'words');
    await expect(planUploads([folder])).rejects.toMatchObject({
      exitCode: 3,
      message: `the name of ${folder}/sub/caf\ufffd is not UTF-8, as the key of an object must be`,
    });
  });
});
