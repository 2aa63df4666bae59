import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedEnvironment, writeReadyFile } from './ready-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ready-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe(writeReadyFile, () => {
  it('writes what a shell reads back, whatever is in it', async () => {
    const path = join(folder, 'it’s ready');
    const value = `a 'b' "c" $HOME \`id\` \\ 红`;
    await writeReadyFile(path, { VALUE: value });
    const script = '. "$1"; printf "%s|" "$VALUE"; test -z "$AWS_PROFILE" && printf unset';
    const shown = execFileSync('sh', ['-c', script, 'sh', path], { env: { AWS_PROFILE: 'mine' } });
    expect(shown.toString()).toBe(`${value}|unset`);
    expect(readdirSync(folder)).toEqual(['it’s ready']);
  });

  it('makes wordfreq the program that wrote it, where none is installed', async () => {
    const path = join(folder, 'ready');
    await writeReadyFile(path, {});
    const shown = execFileSync('sh', ['-c', '. "$1"; command -v wordfreq', 'sh', path], { encoding: 'utf8' });
    expect(shown).toBe('wordfreq\n');
    expect(readFileSync(path, 'utf8')).toContain(`wordfreq() { '${process.execPath}'`);
  });

  it('has an absolute path, because other terminals are in other folders', async () => {
    const { path, remove } = await writeReadyFile(relative(process.cwd(), join(folder, 'ready')), {});
    expect(path).toBe(join(folder, 'ready'));
    await remove();
  });

  it('is readable for its owner only, and goes away', async () => {
    const { path, remove } = await writeReadyFile(undefined, { A: 'b' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await remove();
    expect(existsSync(path)).toBe(false);
  });

  it('says that it cannot be written', async () => {
    await expect(writeReadyFile(join(folder, 'no', 'such'), {})).rejects.toMatchObject({
      code: 'ready-file-unusable',
      exitCode: 3,
      hint: expect.stringContaining('--ready-file'),
    });
  });
});

describe(embeddedEnvironment, () => {
  it('keeps what a process needs, and nothing of an AWS account', () => {
    const inherited = {
      PATH: '/bin',
      AWS_PROFILE: 'mine',
      AWS_DEFAULT_PROFILE: 'mine',
      AWS_SESSION_TOKEN: 't',
      AWS_REGION: 'eu-west-1',
    };
    expect(embeddedEnvironment({ AWS_REGION: 'us-east-1' }, inherited)).toEqual({
      PATH: '/bin',
      AWS_REGION: 'us-east-1',
    });
  });
});
