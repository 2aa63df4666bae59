import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;
/** Users that every system has, without root's privileges. */
const USERS = isRoot ? ['nobody', 'daemon'].map(idOf) : [undefined, undefined];
const as = isRoot ? 'each as a user of their own' : 'as this user: becoming another one needs root';

/**
 * The tests that depend on paths, temporary folders, ports and permissions; the others are the same on every
 * machine.
 */
const TESTS = ['src/local/local', 'src/pipeline/with-cloud', 'test/bench', 'test/bundle'];
const TEST_FILES = TESTS.length;

function idOf(user: string): number {
  return Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
}

interface Place {
  readonly uid: number | undefined;
  readonly checkout: string;
  readonly temporary: string;
  readonly home: string;
}

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

let folder: string;
let places: readonly Place[];

/**
 * Copies this checkout for a user, as a clone with `npm ci` would be there; files are linked, which takes a
 * second instead of a minute.
 */
function settle(uid: number | undefined, index: number): Place {
  // A space, an umlaut and an apostrophe are in many people's names.
  const own = join(folder, `Zoë's Rechner ${index + 1}`);
  const checkout = join(own, 'word freq');
  const place = { uid, checkout, temporary: join(own, 'tmp dir'), home: join(own, 'home') };
  for (const path of [own, place.temporary, place.home]) mkdirSync(path);
  if (spawnSync('cp', ['-al', ROOT, checkout]).status !== 0) {
    rmSync(checkout, { recursive: true, force: true });
    const { status, stderr } = spawnSync('cp', ['-a', ROOT, checkout], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The checkout could not be copied: ${stderr}`);
  }
  for (const left of ['.git', '.nx', 'node_modules/.cache', 'node_modules/.vite']) {
    rmSync(join(checkout, left), { recursive: true, force: true });
  }
  if (uid !== undefined) {
    // Folders only: the files are also those of the original.
    const { status, stderr } = spawnSync(
      'find',
      [own, '-type', 'd', '-exec', 'chown', `${uid}:${uid}`, '{}', '+'],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`The folders could not be given away: ${stderr}`);
  }
  return place;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wordfreq-users-'));
  spawnSync('chmod', ['755', folder]);
  places = USERS.map(settle);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command as that user would in a fresh shell, with nothing of this process's environment. */
function run({ uid, checkout, temporary, home }: Place, command: string, ...args: string[]): Promise<Ended> {
  const PATH = [join(checkout, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(command, args, {
    cwd: checkout,
    env: { PATH, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8', NO_COLOR: '1' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((ended, failed) => {
    child.on('error', failed).on('close', (exitCode) => ended({ exitCode, output }));
  });
}

describe(`two people on one machine, in paths of theirs (${as})`, { timeout: 400_000 }, () => {
  it('run the main job at the same time', async () => {
    const ports = ['--port', '0', '--aws-port', '0', '--dynamodb-port', '0'];
    const runs = await Promise.all(
      places.map((place) => run(place, 'npm', 'start', '--', '--exit', ...ports)),
    );
    for (const { exitCode, output } of runs) {
      expect(output).toMatch(/Files +17\n/);
      expect(output).toMatch(/Failures +1\n/);
      expect(exitCode, output).toBe(0);
    }
  });

  it('pass the tests that know paths and temporary folders, at the same time', async () => {
    const runs = await Promise.all(places.map((place) => run(place, 'npx', 'vitest', 'run', ...TESTS)));
    for (const { exitCode, output } of runs) {
      expect(output).toMatch(new RegExp(`Test Files +${TEST_FILES} passed`));
      expect(exitCode, output).toBe(0);
    }
  });
});
