import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const IMAGE = /\.(png|webp|jpe?g|gif|avif)$/;

describe('the pictures in the README', () => {
  const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path]) => path ?? '');

  it('are a light one and a dark one, each of at most 100 kB, and say in words what they show', () => {
    expect(shown.map((path) => /(light|dark)\.webp$/.exec(path)?.[1]).sort()).toEqual(['dark', 'light']);
    for (const path of shown) expect(statSync(resolve(ROOT, path)).size, path).toBeLessThanOrEqual(100_000);
    expect(readme).toMatch(/<img [^>]*alt="[^"]{50,}"/);
  });

  const inGit = existsSync(resolve(ROOT, '.git'));
  it.runIf(inGit)(`are the only pictures in git${inGit ? '' : ' — skipped: this is no clone'}`, () => {
    const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
    expect(files.filter((file) => IMAGE.test(file)).sort()).toEqual([...shown].sort());
  });
});
