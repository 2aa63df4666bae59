import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from './folder-files.ts';
import type { FolderOptions } from './found-texts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes files with these texts; what ends with a slash is a folder. */
function make(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name.endsWith('/') ? name : dirname(name)), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(join(folder, name), text);
  }
}

const DEFAULTS: FolderOptions = { hidden: false, ignore: true, follow: false, glob: [] };

async function find(options: Partial<FolderOptions> = {}, below = '.') {
  const { signal } = new AbortController();
  const found = await filesBelow(join(folder, below), { ...DEFAULTS, ...options }, signal);
  expect(found.problems).toEqual([]);
  return { ...found, names: found.files.map(({ name }) => name.slice(folder.length + 1)) };
}

describe(filesBelow, () => {
  it('skips what is hidden, a folder as one, unless asked not to', async () => {
    make({ 'a.txt': '', '.env': '', '.cache/x.txt': '', '.cache/y.txt': '', 'b/.c': '' });
    expect(await find()).toMatchObject({ names: ['a.txt'], skipped: { hidden: 3 } });
    const { names } = await find({ hidden: true });
    expect(names).toEqual(['.cache/x.txt', '.cache/y.txt', '.env', 'a.txt', 'b/.c']);
  });

  it('reads .ignore anywhere, and .gitignore in a repository only', async () => {
    make({ '.ignore': 'one', '.gitignore': 'two', one: '', two: '', three: '' });
    expect(await find()).toMatchObject({ names: ['three', 'two'], skipped: { ignored: 1, hidden: 2 } });
    make({ '.git/': '' });
    expect(await find()).toMatchObject({ names: ['three'], skipped: { ignored: 2, hidden: 3 } });
    expect((await find({ ignore: false })).names).toEqual(['one', 'three', 'two']);
  });

  it('lets deeper rules win, and .ignore over .gitignore', async () => {
    make({
      '.git/info/exclude': 'excluded',
      '.gitignore': '*.log\n/build/\nkept',
      '.ignore': '!kept',
      'sub/.gitignore': '!b.log',
      'a.log': '',
      'sub/b.log': '',
      'sub/build/x': '',
      'build/x': '',
      kept: '',
      excluded: '',
    });
    expect((await find()).names).toEqual(['kept', 'sub/b.log', 'sub/build/x']);
  });

  it('knows the rules above the folder, as far as the repository goes, and counts a folder that they ignore if asked for it', async () => {
    make({
      '.git/': '',
      '.gitignore': '*.log\nbuild/',
      'sub/a.log': '',
      'sub/a.txt': '',
      'build/deep/a.txt': '',
      'build/a.log': '',
      'other/.git/': '',
      'other/a.log': '',
    });
    expect((await find({}, 'sub')).names).toEqual(['sub/a.txt']);
    expect((await find({}, 'build')).names).toEqual(['build/a.log', 'build/deep/a.txt']);
    expect((await find()).names).toEqual(['other/a.log', 'sub/a.txt']);
  });

  it('takes a folder that .ignore takes back, with all that is in it', async () => {
    make({ '.git/': '', '.gitignore': 'build/', '.ignore': '!build/', 'build/deep/a.txt': '' });
    expect((await find()).names).toEqual(['build/deep/a.txt']);
  });

  it.each([
    [['*.txt'], ['a.txt', 'sub/.h.txt', 'sub/b.txt', 'sub/ignored.txt']],
    [['!*.txt'], ['sub/c.md']],
    [['*.txt', '!sub/'], ['a.txt']],
    [['*.{md,rst}'], ['sub/c.md']],
    [['sub/*.md'], ['sub/c.md']],
    [['/*.txt'], ['a.txt']],
    [['*.TXT'], []],
    [['*.txt', '!b.*', '!ignored.*', '!.*'], ['a.txt']],
  ])('lets the globs %j decide before everything else', async (glob, expected) => {
    make({ 'a.txt': '', 'sub/b.txt': '', 'sub/c.md': '', 'sub/.h.txt': '', 'sub/ignored.txt': '' });
    make({ '.ignore': 'ignored.txt' });
    expect((await find({ glob })).names).toEqual(expected);
  });

  it('skips links, or follows them, but never in a circle', async () => {
    make({ 'real/a.txt': 'abc', 'top/': '' });
    symlinkSync('../real', join(folder, 'top/link'));
    symlinkSync('../real/a.txt', join(folder, 'top/file'));
    symlinkSync('..', join(folder, 'real/back'));
    symlinkSync('.', join(folder, 'real/self'));
    expect(await find({}, 'top')).toMatchObject({ names: [], skipped: { links: 2 } });
    const { names, files } = await find({ follow: true }, 'top');
    expect(names).toEqual(['top/file', 'top/link/a.txt']);
    expect(files[0]?.sizeBytes).toBe(3);
  });

  it('says which link leads nowhere, and finds the rest', async () => {
    make({ 'a.txt': '' });
    symlinkSync('nowhere', join(folder, 'broken'));
    const { signal } = new AbortController();
    const { files, problems } = await filesBelow(folder, { ...DEFAULTS, follow: true }, signal);
    expect(files).toHaveLength(1);
    expect(problems).toMatchObject([
      { message: `${folder}/broken cannot be read: it does not exist any more`, exitCode: 3 },
    ]);
  });

  it('reads names that are not UTF-8, and shows their bytes', async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]);
    writeFileSync(name, 'words');
    const { files, names } = await find();
    expect(names).toEqual(['caf\\xe9.txt']);
    expect(Buffer.compare(Buffer.from(files[0]?.path ?? ''), name)).toBe(0);
  });
});
