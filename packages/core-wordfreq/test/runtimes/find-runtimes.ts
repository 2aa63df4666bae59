import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { programsNamed } from '../../../../tools/find-program.ts';

/** A program that runs JavaScript, or what is missing for it. */
export interface Runtime {
  readonly name: string;
  readonly path: string | undefined;
  /** What stands before the file to run. */
  readonly args: readonly string[];
  /** Why it is skipped; empty if it is there. */
  readonly missing: string;
}

const DENO_ARGS = ['run', '--quiet', '--no-lock', '--node-modules-dir=manual', '--allow-read', '--allow-env'];
const require = createRequire(import.meta.url);

/** Node 20, 22 and the present one, Bun and Deno. */
export function findRuntimes(): readonly Runtime[] {
  return [
    findNode('20'),
    findNode('22'),
    { name: `Node ${process.versions.node}`, path: process.execPath, args: [], missing: '' },
    findPackaged('Bun', 'bun', bunFile(), []),
    findPackaged('Deno', 'deno', denoFile(), DENO_ARGS),
  ];
}

/** By NODE_20 or NODE_22, or the first of that version on the path. */
function findNode(major: string): Runtime {
  const variable = `NODE_${major}`;
  const given = process.env[variable];
  const candidates = given ? [given] : programsNamed('node');
  const path = candidates.find((candidate) => existsSync(candidate) && majorOf(candidate) === major);
  const missing =
    path === undefined ? ` — skipped: no Node ${major} on the path; set ${variable} to one` : '';
  return { name: `Node ${major}`, path, args: [], missing };
}

function majorOf(path: string): string {
  return execFileSync(path, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).trim();
}

/** npm's packages of these runtimes have an optional package for each platform with the program in it. */
function findPackaged(name: string, owner: string, file: string, args: readonly string[]): Runtime {
  try {
    const inside = createRequire(require.resolve(`${owner}/package.json`));
    const [scope = '', platform = '', ...rest] = file.split('/');
    const root = dirname(inside.resolve(`${scope}/${platform}/package.json`));
    return { name, path: join(root, ...rest), args, missing: '' };
  } catch {
    return { name, path: undefined, args, missing: ` — skipped: npm installed no ${file} for this platform` };
  }
}

function bunFile(): string {
  const cpu = process.arch === 'arm64' ? 'aarch64' : process.arch;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `@oven/bun-${system}-${cpu}/bin/bun${suffix}`;
}

function denoFile(): string {
  const libc = process.platform === 'linux' ? '-glibc' : '';
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return `@deno/${process.platform}-${process.arch}${libc}/deno${suffix}`;
}
