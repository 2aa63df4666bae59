import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/**
 * Creates an empty npm project that gets the `@org` scope from the registry, as `npm init` and a line in
 * `.npmrc` would.
 */
export async function createApp(folder: string, npmrc: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
  await writeFile(join(folder, '.npmrc'), npmrc);
  return folder;
}

/** `npm install` of packages, in an app. */
export async function install(app: string, ...packages: readonly string[]): Promise<void> {
  await run('npm', ['install', ...packages], { cwd: app });
}

/** Copies the consumer's own files into its app. */
export async function addFixture(app: string, name: string): Promise<string> {
  const target = join(app, name);
  await cp(join(FIXTURES, name), target, { recursive: true });
  return target;
}
