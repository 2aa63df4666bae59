import { existsSync, globSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './run.ts';

/** The folders of the packages, with their names on the registry. */
export const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['core-wordfreq', '@org/wordfreq-core'],
  ['aws-adapters', '@org/wordfreq-aws-adapters'],
  ['worker', '@org/wordfreq-worker'],
  ['copy-lambda', '@org/wordfreq-copy-lambda'],
  ['constructs', '@org/wordfreq-constructs'],
  ['cli', '@org/wordfreq-cli'],
]);

/** A copy of the repository with its builds, in which releases are tried. */
export interface ReleaseCopy {
  readonly folder: string;
  /**
   * Adds a changeset, runs `changeset version` and commits: what the release workflow's pull request does.
   */
  version(name: string, changes: Readonly<Record<string, 'patch' | 'minor'>>, text: string): Promise<string>;
  /** Runs `changeset publish`, and returns its output. */
  publish(): Promise<string>;
}

async function copyPackage(folder: string, target: string): Promise<void> {
  if (!existsSync(join(ROOT, folder, 'dist')))
    throw new Error(`${folder} is not built: run "npm run build" first`);
  const left = /\/(node_modules|bench|test|\.wordfreq)(\/|$)/;
  await cp(join(ROOT, folder), target, {
    recursive: true,
    filter: (file) => !left.test(file.slice(ROOT.length)),
  });
  // npm signs where a package comes from only in a workflow that it knows: here it would refuse to publish.
  const manifest = join(target, 'package.json');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace('"provenance": true', '"provenance": false'));
}

async function git(folder: string, ...args: string[]): Promise<void> {
  const identity = [
    '-c',
    'user.name=release',
    '-c',
    'user.email=release@localhost',
    '-c',
    'commit.gpgsign=false',
  ];
  await run('git', [...identity, ...args], { cwd: folder });
}

/** Copies what a release needs, so that the working tree stays as it is. */
export async function copyForRelease(folder: string, npmrc: string): Promise<ReleaseCopy> {
  for (const name of PACKAGES.keys()) await copyPackage(`packages/${name}`, join(folder, 'packages', name));
  for (const manifest of globSync('{e2e,tools,examples/*}/package.json', { cwd: ROOT })) {
    await cp(join(ROOT, manifest), join(folder, manifest));
  }
  // By the lockfile changesets know that these are npm's workspaces.
  for (const file of ['package.json', 'package-lock.json', '.changeset'])
    await cp(join(ROOT, file), join(folder, file), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, '.npmrc'), npmrc);
  await writeFile(join(folder, '.gitignore'), 'node_modules\ndist\n.npmrc\n');
  await git(folder, 'init', '-q', '-b', 'main');
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', 'Before the release');

  return {
    folder,
    async version(name, changes, text) {
      const heads = Object.entries(changes).map(([changed, bump]) => `'${changed}': ${bump}\n`);
      await mkdir(join(folder, '.changeset'), { recursive: true });
      await appendFile(join(folder, '.changeset', `${name}.md`), `---\n${heads.join('')}---\n\n${text}\n`);
      await git(folder, 'add', '-A');
      await git(folder, 'commit', '-q', '-m', text);
      await run('changeset', ['version'], { cwd: folder });
      await git(folder, 'add', '-A');
      await git(folder, 'commit', '-q', '-m', 'Version packages');
      const manifest = await readFile(join(folder, 'packages/core-wordfreq/package.json'), 'utf8');
      return (JSON.parse(manifest) as { version: string }).version;
    },
    publish: () => run('changeset', ['publish'], { cwd: folder }),
  };
}
