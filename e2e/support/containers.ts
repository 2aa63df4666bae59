/**
 * Builds and runs container images without a container engine: buildah with chroot isolation, and podman for
 * one container at a time. The base images of registries are out of reach for that, so the base is made here:
 * Debian's essential packages and this repository's Node, under the name of the real one. It is kept for the
 * next run, where only root may write.
 */
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../tools/find-program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const STORE = '/var/cache/wordfreq-containers';
const DOCKERFILE = 'packages/worker/Dockerfile';
const PUBLISHED = 'packages/worker/published.Dockerfile';
const TOOLS = ['buildah', 'podman', 'crun', 'mmdebstrap', 'unshare'];
const CERTIFICATES = '/etc/ssl/certs';

/** Why containers cannot be tested here; empty when they can. */
export function missingForContainers(): string {
  const missing = TOOLS.filter((tool) => findProgram(tool) === undefined);
  if (missing.length > 0) return ` — skipped: ${missing.join(', ')} not installed`;
  if (process.getuid?.() !== 0) return ' — skipped: making a base image needs root';
  return succeeds('unshare', ['--mount', 'true']) ? '' : ' — skipped: this machine allows no mounts';
}

/** The base that the Dockerfile names. */
export function baseImage(): string {
  const [, image] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(join(ROOT, DOCKERFILE), 'utf8')) ?? [];
  if (image === undefined) throw new Error(`Expected "ARG NODE_IMAGE=…" in ${DOCKERFILE}.`);
  return image;
}

/** Creates the base image unless it exists; returns why it cannot be created. */
export async function prepareBase(): Promise<string> {
  mkdirSync(STORE, { recursive: true });
  if (await has(baseImage())) return '';
  const folder = mkdtempSync(join('/var/tmp', 'wordfreq-base-'));
  try {
    const debian = join(folder, 'debian.tar');
    const packages = ['--variant=essential', '--include=ca-certificates,libstdc++6', 'bookworm', debian];
    // Debian's servers may be out of reach, which says nothing about the image.
    if (
      !(await run('mmdebstrap', packages).then(
        () => true,
        () => false,
      ))
    ) {
      return ' — skipped: mmdebstrap could not fetch Debian';
    }
    await makeBase(baseImage(), folder);
    return '';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Builds the worker's image with its Dockerfile on the base, and returns its name. */
export function buildWorkerImage(): Promise<string> {
  return buildImage(`localhost/wordfreq-worker:test-${process.pid}`, ['--file', DOCKERFILE], ROOT);
}

/** Builds the image of a published worker, without a context, with additional settings for npm. */
export async function buildPublishedImage(version: string, npmrc: string): Promise<string> {
  const empty = mkdtempSync(join(tmpdir(), 'wordfreq-no-context-'));
  try {
    const name = `localhost/wordfreq-published:test-${process.pid}`;
    const args = ['--file', join(ROOT, PUBLISHED), '--build-arg', `VERSION=${version}`];
    return await buildImage(name, args, empty, npmrc);
  } finally {
    rmSync(empty, { recursive: true });
  }
}

async function buildImage(
  name: string,
  args: readonly string[],
  context: string,
  npmrcLines = '',
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wordfreq-image-'));
  try {
    const npmrc = join(folder, 'npmrc');
    writeFileSync(npmrc, npmSettings() + npmrcLines);
    const cache = npm('config', 'get', 'cache');
    const mounts = ['--volume', `${CERTIFICATES}:${CERTIFICATES}:ro`, '--volume', `${cache}:/root/.npm`];
    await buildah(['--secret', `id=npmrc,src=${npmrc}`, ...args, ...mounts, '--tag', name, context], ROOT);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return name;
}

/** Forgets an image. */
export async function removeImage(name: string): Promise<void> {
  await run('buildah', [...storage(), 'rmi', '--force', name]);
}

/** What the image says of itself. */
export async function inspectImage(name: string): Promise<ImageFacts> {
  const [facts] = JSON.parse(await run('podman', [...storage(), 'image', 'inspect', name]));
  return facts;
}

/** The part of an image's description that matters here. */
interface ImageFacts {
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Env: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, object>>;
  };
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly Size: number;
}

/** A container that runs. */
export interface Container {
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>;
  /** Standard output and standard error so far. */
  output(): string;
  /** Runs a program in it, and returns its output. */
  exec(...command: string[]): Promise<string>;
  /** Sends SIGTERM, and SIGKILL after the seconds. */
  stop(seconds: number): Promise<void>;
}

/** Runs a container with a root file system that cannot be written and without any capability. */
export function runContainer(
  image: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[],
): Container {
  const name = `wordfreq-test-${process.pid}-${Math.trunc(performance.now())}`;
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  // Not more than this process may have itself, which podman's own defaults can be.
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096', '--cgroups', 'disabled'];
  const hardened = ['--read-only', '--cap-drop', 'all', '--no-healthcheck', ...limits];
  const child: ChildProcess = spawn(
    ...podman('run', '--rm', '--name', name, ...hardened, ...variables, ...flags, image),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
  return {
    ended,
    output: () => output,
    exec: (...command) => run(...podman('exec', name, ...command)),
    stop: async (seconds) => {
      await run(...podman('stop', '--time', String(seconds), name));
    },
  };
}

/** Podman, where crun refuses a machine with both kinds of cgroups: in a mount namespace that has neither. */
function podman(...args: string[]): [command: string, args: string[]] {
  const all = [...storage(), '--runtime', 'crun', '--cgroup-manager', 'cgroupfs', ...args];
  if (!existsSync('/sys/fs/cgroup/unified')) return ['podman', all];
  const script = 'mount -t tmpfs tmpfs /sys/fs/cgroup && exec podman "$@"';
  return ['unshare', ['--mount', 'sh', '-c', script, 'sh', ...all]];
}

let driver: string | undefined;

/** Overlay mounts where the kernel allows them, else whole copies, which take seconds more. */
function storage(): string[] {
  driver ??= canMountOverlays() ? 'overlay' : 'vfs';
  const folder = join(STORE, driver);
  return ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', driver];
}

function canMountOverlays(): boolean {
  const folder = mkdtempSync(join('/var/tmp', 'overlay-'));
  for (const name of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(folder, name));
  const options = `lowerdir=${folder}/lower,upperdir=${folder}/upper,workdir=${folder}/work`;
  const command = `mount -t overlay overlay -o ${options} ${folder}/merged`;
  try {
    return succeeds('unshare', ['--mount', 'sh', '-c', command]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

async function has(image: string): Promise<boolean> {
  return run('buildah', [...storage(), 'inspect', '--type', 'image', image]).then(
    () => true,
    () => false,
  );
}

/** Debian's essential packages and what Node links to, which the folder holds; Node and npm. */
async function makeBase(image: string, folder: string): Promise<void> {
  cpSync(join(ROOT, 'node_modules/node/bin/node'), join(folder, 'node'), { dereference: true });
  cpSync(npmFolder(), join(folder, 'npm'), { recursive: true, dereference: true });
  const lines = [
    'FROM scratch',
    'ADD debian.tar /',
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
  ];
  writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
  await buildah(['--tag', image, folder], folder);
}

async function buildah(args: readonly string[], cwd: string): Promise<void> {
  const how = ['--isolation', 'chroot', '--format', 'docker', '--pull-never'];
  await run('buildah', [...storage(), 'build', ...how, ...args], cwd);
}

/**
 * What npm in a build needs of this machine's settings: who signs, which registry; and what was fetched is
 * not fetched again.
 */
function npmSettings(): string {
  const own = join(homedir(), '.npmrc');
  const bundle = join(CERTIFICATES, 'ca-certificates.crt');
  return [
    existsSync(own) ? readFileSync(own, 'utf8') : '',
    `registry=${npm('config', 'get', 'registry')}`,
    'prefer-offline=true',
    ...(existsSync(bundle) ? [`cafile=${bundle}`] : []),
    '',
  ].join('\n');
}

/** Where npm is installed, seen from its program. */
function npmFolder(): string {
  const program = process.env['npm_execpath'] ?? findProgram('npm');
  if (program === undefined) throw new Error('Expected npm on the PATH.');
  return resolve(dirname(realpathSync(program)), '..');
}

function npm(...args: string[]): string {
  return execFileSync('npm', args, { encoding: 'utf8', cwd: '/' }).trim();
}

async function run(command: string, args: readonly string[], cwd: string = ROOT): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, maxBuffer: 1e8 });
  return stdout;
}
