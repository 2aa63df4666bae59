import { globSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, run } from './consumers/run.ts';

const README = readFileSync(join(ROOT, 'examples/reference-stack/README.md'), 'utf8');
const MOST_BYTES = 500_000_000;

const folder = mkdtempSync(join(tmpdir(), 'wordfreq-clone-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a clone from which somebody deploys', () => {
  it('installs less than 500 MB by the printed command, as much as is said, and synthesizes', async () => {
    const clone = join(folder, 'wordfreq');
    await run('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, clone], { cwd: folder });
    const [, install = '', stated = ''] = /^npm (ci --omit=dev .*?) #.*: (\d+) MB\b/m.exec(README) ?? [];
    await run('npm', [...install.split(' '), '--no-audit', '--no-fund', '--prefer-offline'], { cwd: clone });
    // Without following links: what npm links is in the clone already.
    const files = readdirSync(clone, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    // One file under two names, such as Node's binary, takes its space once.
    const sizes = new Map(
      files.map(({ parentPath, name }) => {
        const { ino, size } = lstatSync(join(parentPath, name));
        return [ino, size];
      }),
    );
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(Math.abs(Number(stated) / (bytes / 1e6) - 1), `${bytes} bytes`).toBeLessThan(0.1);
    const cwd = join(clone, 'examples/reference-stack');
    await run('npm', ['run', 'synth', '--', '-c', 'roleMode=existing'], {
      cwd,
      env: { CDK_VALIDATION: 'false' },
    });
    expect(globSync('cdk.out/WordFreq.template.json', { cwd })).toHaveLength(1);
  }, 900_000);
});
