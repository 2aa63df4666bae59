import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWordfreq, runLine, runWordfreq } from './support/run-wordfreq.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unreadable-'));
  for (const name of ['texts', 'empty', 'links', 'mixed', 'images', 'latin']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'texts/a.txt'), 'red fish');
  writeFileSync(join(folder, 'texts/b.txt'), 'blue fish');
  symlinkSync('../texts/a.txt', join(folder, 'links/a'));
  writeFileSync(join(folder, 'mixed/a.txt'), 'red fish');
  writeFileSync(join(folder, 'mixed/.env'), 'secret');
  writeFileSync(join(folder, 'mixed/.ignore'), 'b.txt');
  writeFileSync(join(folder, 'mixed/b.txt'), 'ignored');
  writeFileSync(join(folder, 'mixed/image'), Buffer.from('PNG\0\0\0\0 words'));
  writeFileSync(
    join(folder, 'mixed/faulty.txt'),
    Buffer.from('two f\xe9ulty words, and many others', 'latin1'),
  );
  writeFileSync(join(folder, 'images/one.png'), Buffer.from('\x89PNG\0\0\0\0 words', 'latin1'));
  writeFileSync(join(folder, 'utf-16.txt'), Buffer.from('\ufeffred fish', 'utf16le'));
  for (const byte of [0xe8, 0xe9]) {
    const name = Buffer.concat([Buffer.from(`${folder}/latin/caf`), Buffer.from([byte])]);
    writeFileSync(name, `caf${byte}`);
  }
});
afterAll(() => {
  chmodSync(join(folder, 'texts'), 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const count = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await runWordfreq(['count', '--format', 'tsv', ...args], {
    cwd: folder,
  });
  return { exitCode, lines: stdout.trimEnd().split('\n').slice(1).sort(), stderr };
};

describe('what cannot be read', () => {
  it('does not keep the rest from being counted, and makes the exit code 3', async () => {
    expect(await count('texts/a.txt', 'missing', 'texts/b.txt', 'nowhere')).toEqual({
      exitCode: 3,
      lines: ['blue\t1', 'fish\t2', 'red\t1'],
      stderr: ['missing', 'nowhere']
        .map(
          (name) =>
            `wordfreq: no file, folder or match for ${name}\n  Check the path; quote patterns that the shell must not expand.\n`,
        )
        .join(''),
    });
  });

  it('is a line of JSON each with --json', async () => {
    const { stdout, stderr } = await runWordfreq(['count', '-j', 'missing', 'texts', 'nowhere'], {
      cwd: folder,
    });
    expect(JSON.parse(stdout).totalWords).toBe(4);
    const errors = stderr.trimEnd().split('\n');
    expect(errors.map((line) => JSON.parse(line).error.code)).toEqual(['not-found', 'not-found']);
  });

  it('keeps two texts from being compared', async () => {
    const { exitCode, stdout } = await runWordfreq(['compare', 'texts', 'missing'], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  });

  it.each([
    ['an empty folder', 'empty', 'no file to count in empty'],
    ['a folder of links', 'links', 'no file to count in links'],
    ['a folder of images', 'images', 'the only file is not text'],
  ])('%s is no count of nothing', async (_, name, message) => {
    const { exitCode, lines, stderr } = await count(name);
    expect({ exitCode, lines }).toEqual({ exitCode: 3, lines: [] });
    expect(stderr).toContain(`wordfreq: ${message}\n`);
  });

  it('is a folder as standard input', async () => {
    const { stderr, exitCode } = await runLine('wordfreq count < texts', { cwd: folder });
    expect(stderr).toBe('wordfreq: standard input is a folder\n  Give the folder as an argument instead.\n');
    expect(exitCode).toBe(3);
  });

  it('is a folder that belongs to somebody else: the others are counted', () => {
    const closed = join(folder, 'texts/closed');
    mkdirSync(closed, { mode: 0 });
    chmodSync(folder, 0o755);
    // Root may read everything, so it becomes nobody; the program itself must be readable for both.
    const script = `
      import { filesBelow } from ${JSON.stringify(join(import.meta.dirname, '../src/counting/folder-files.ts'))};
      if (process.getuid() === 0) process.setuid(65534);
      const options = { hidden: false, ignore: true, follow: false, glob: [] };
      const { files, problems } = await filesBelow(${JSON.stringify(join(folder, 'texts'))}, options, new AbortController().signal);
      console.log(JSON.stringify([files.map(({ name }) => name), problems.map(({ message }) => message)]));`;
    const args = ['--conditions=@org/source', '--input-type=module', '--eval', script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    rmSync(closed, { recursive: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      [join(folder, 'texts/a.txt'), join(folder, 'texts/b.txt')],
      [`${closed} cannot be read: permission denied`],
    ]);
  });
});

describe('a folder', () => {
  it('is counted without what is hidden, ignored or no text, which one line sums up', async () => {
    expect(await count('mixed')).toMatchObject({
      exitCode: 0,
      lines: expect.arrayContaining(['fish\t1', 'red\t1']),
      stderr:
        'wordfreq: skipped 2 hidden (--hidden), 1 ignored (--no-ignore), 1 binary (--text)\nwordfreq: not UTF-8 (see --encoding): mixed/faulty.txt, perhaps windows-1252\n',
    });
    const all = await count('--hidden', '--no-ignore', '--text', '--top', '0', 'mixed');
    expect(all.stderr).not.toContain('skipped');
    expect(all.lines).toEqual(expect.arrayContaining(['secret\t1', 'ignored\t1', 'png\t1']));
  });

  it('has a table that says which file a warning is about', async () => {
    const { stdout } = await runWordfreq(['count', 'mixed'], { cwd: folder });
    expect(stdout).toMatch(/\nmixed\/faulty\.txt {2}invalid-utf8 ×1 from byte 5\n$/);
    const narrow = openWordfreq(['count', 'mixed'], { cwd: folder, columns: 40 });
    expect(await narrow.exitCode).toBe(0);
    expect(narrow.text).toMatch(
      /\nmixed\/faulty\.txt\n {2}invalid-utf8 ×1 from byte 5\nwordfreq: not UTF-8 \(see --encoding\):\n {2}mixed\/faulty\.txt, perhaps windows-1252\n$/,
    );
    const json = await runWordfreq(['count', '--json', 'mixed'], { cwd: folder });
    expect(JSON.parse(json.stdout).warnings).toEqual([
      { name: 'mixed/faulty.txt', code: 'invalid-utf8', count: 1, firstOffset: 5 },
    ]);
  });

  it('is counted with names that are not UTF-8, whoever expands them', async () => {
    const expected = { exitCode: 0, stderr: '', lines: ['caf232\t1', 'caf233\t1'] };
    expect(await count('latin')).toEqual(expected);
    expect(await count('latin/*')).toEqual(expected);
    const { stdout } = await runLine('wordfreq count --per-file --format tsv latin/*', { cwd: folder });
    expect(stdout).toBe('file\tword\tcount\nlatin/caf\\xe8\tcaf232\t1\nlatin/caf\\xe9\tcaf233\t1\n');
  });
});

describe('what is not text', () => {
  it.each([
    ['a file', 'images/one.png'],
    ['standard input', '-'],
  ])('is refused, as workers refuse it: %s', async (spoken, name) => {
    const input = readFileSync(join(folder, 'images/one.png'));
    const run = await runWordfreq(['count', name], { cwd: folder, input });
    const shown = name === '-' ? spoken : name;
    expect(run).toEqual({
      exitCode: 3,
      stdout: '',
      stderr:
        `wordfreq: ${shown} is not text: it is a PNG image\n` +
        '  Leave it out, name its encoding with --encoding, or count it anyway with --text.\n',
    });
    const forced = await runWordfreq(['count', '-a', '--format', 'tsv', name], { cwd: folder, input });
    expect(forced).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('png\t1\nwords\t1\n') });
  });

  it('is not UTF-16 with a byte order mark', async () => {
    expect((await count('utf-16.txt')).lines).toEqual(['fish\t1', 'red\t1']);
    expect((await count('-g', 'utf-16.txt', '.')).lines).toEqual(['fish\t1', 'red\t1']);
  });
});
