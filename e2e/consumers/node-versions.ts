import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './run.ts';

/** The major versions on which packages with `>=20` are tested. */
export const NODE_MAJORS: readonly number[] = [20, 22, 24, 26];

/** Kept between runs, and away from git: four binaries of a hundred megabytes. */
const FOLDER = join(ROOT, 'node_modules/.cache/node-versions');

const PLATFORM = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Where the binary of a major is, or why it is not there. */
export type NodeBinary = { readonly path: string } | { readonly missing: string };

async function install(major: number): Promise<NodeBinary> {
  const folder = join(FOLDER, String(major));
  const name = `node-${PLATFORM}`;
  const path = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(path)) return { path };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  try {
    // What npm's package "node" would fetch by its install script.
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `${name}@${major}`], {
      cwd: folder,
    });
    return { path };
  } catch (error) {
    return { missing: `the registry has no ${name}@${major}: ${String(error).split('\n')[1] ?? ''}` };
  }
}

/** Installs Node's majors from the npm registry, one after the other. */
export async function installNodes(): Promise<ReadonlyMap<number, NodeBinary>> {
  const found = new Map<number, NodeBinary>();
  for (const major of NODE_MAJORS) found.set(major, await install(major));
  return found;
}
