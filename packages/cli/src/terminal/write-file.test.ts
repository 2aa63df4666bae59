import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeWrittenFile, whyUnwritable, writeFileAtomically } from './write-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe(writeFileAtomically, () => {
  it('makes a file with the permissions that were asked for', async () => {
    await writeFileAtomically(join(folder, 'a'), ['one', 'two'], { mode: 0o600 });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\ntwo\n');
    expect(modeOf(join(folder, 'a'))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.each([0o600, 0o640, 0o444, 0o755])(
    'keeps the permissions %o of a file that it replaces',
    async (mode) => {
      const path = join(folder, 'a');
      writeFileSync(path, 'old');
      chmodSync(path, mode);
      await writeFileAtomically(path, ['new']);
      expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new\n', mode]);
    },
  );

  it('replaces the file that links lead to, and keeps the links', async () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync('real', join(folder, 'one'));
    symlinkSync('one', join(folder, 'two'));
    await writeFileAtomically(join(folder, 'two'), ['new']);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new\n');
    expect(readlinkSync(join(folder, 'two'))).toBe('one');
    expect(readdirSync(folder)).toEqual(['one', 'real', 'two']);
  });

  it('makes the file that a link leads to', async () => {
    symlinkSync('later', join(folder, 'link'));
    await writeFileAtomically(join(folder, 'link'), ['new']);
    expect(readFileSync(join(folder, 'later'), 'utf8')).toBe('new\n');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
  });

  it('writes into a FIFO and leaves it there', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const [read] = await Promise.all([readFile(path, 'utf8'), writeFileAtomically(path, ['one', 'two'])]);
    expect(read).toBe('one\ntwo\n');
    expect(lstatSync(path).isFIFO()).toBe(true);
    await removeWrittenFile(path);
    expect(lstatSync(path).isFIFO()).toBe(true);
  });

  it('writes to a device and leaves it there', async () => {
    await writeFileAtomically('/dev/null', ['nothing']);
    await removeWrittenFile('/dev/null');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    await expect(writeFileAtomically('/dev/full', ['nothing'])).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('leaves the old file when it is interrupted', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(writeFileAtomically(join(folder, 'a'), ['new'], { signal })).rejects.toThrow('stop');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe(removeWrittenFile, () => {
  it('removes a file, and is content where there is none', async () => {
    writeFileSync(join(folder, 'a'), '');
    await removeWrittenFile(join(folder, 'a'));
    await removeWrittenFile(join(folder, 'a'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe(whyUnwritable, () => {
  it('says what is wrong with the place, and nothing of the draft beside it', async () => {
    const path = join(tmpdir(), 'no such folder', 'a.csv');
    const error = await writeFileAtomically(path, ['line']).catch((thrown: unknown) => thrown);
    expect(whyUnwritable(error)).toBe('its folder does not exist');
    expect(whyUnwritable(new Error('odd'))).toBe('odd');
  });
});
