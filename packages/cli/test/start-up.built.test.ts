import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands.ts';
import { openTerminal } from './support/run-wordfreq.ts';

// Of the built package, as people start it. How long a start takes depends on the machine (`npm run bench --
// --start-up`); what it loads does not.
const MAIN = join(import.meta.dirname, '../dist/main.js');
const LIST_LOADED = join(import.meta.dirname, 'support/list-loaded.cjs');

/** Each of these takes as long to load as little text to count. */
const SLOW_MODULES: readonly string[] = [
  'stream',
  'fs/promises',
  'net',
  'tty',
  'worker_threads',
  'zlib',
  'internal/util/diff',
];

/**
 * The AWS SDK and the emulators, which are bundled, take several times as long to load as a start takes, and
 * have a megabyte each.
 */
const MOST_BYTES_OF_HELP = 500_000;
const LEAST_BYTES_WITH_SDK = 1_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  writeFileSync(join(folder, 'small.txt'), 'the cat the dog\n');
  writeFileSync(join(folder, 'latin.txt'), 'déjà vu — naïve\n');
  writeFileSync(join(folder, 'chinese.txt'), '北京大学'.repeat(50_000));
  writeFileSync(join(folder, 'english.txt'), 'the cat the dog\n'.repeat(50_000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Loaded {
  /** Of this package and what it is built with, by their names. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly slow: readonly string[];
}

/** What a start with these arguments loads, its output going into a pipe. */
function loadedBy(args: readonly string[]): Loaded {
  const line = ['--require', LIST_LOADED, MAIN, ...args];
  const { status, stderr } = spawnSync(process.execPath, line, { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBeLessThan(2);
  const { files, modules } = JSON.parse(stderr) as Record<'files' | 'modules', readonly string[]>;
  const paths = files.map((url) => fileURLToPath(url));
  return {
    files: paths.map((path) => basename(path)),
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    slow: SLOW_MODULES.filter((name) => modules.includes(`NativeModule ${name}`)),
  };
}

describe('the built program', () => {
  it('is ASCII, which V8 keeps in one byte per character and reads faster', () => {
    const program = readFileSync(join(import.meta.dirname, '../dist/program.js'), 'utf8');
    const others = [...program.matchAll(/[^\0-\x7f]+/g)].map(([found]) => found);
    expect(others).toEqual([]);
  });
});

describe('an error of the built program', () => {
  it('names the sources with --debug, not what was made of them', () => {
    const { stderr } = spawnSync(process.execPath, [MAIN, 'count', '--debug', 'nofile'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/at .*src\/counting\/text-inputs\.ts:\d+/);
  });
});

describe('a long count of the built program', () => {
  it('shows a bar in a terminal', async () => {
    const long = join(folder, 'long');
    writeFileSync(long, '');
    truncateSync(long, 4 * 2 ** 30);
    const session = openTerminal([process.execPath, MAIN, 'count', '--tokenizer', 'whitespace', long], {
      cwd: folder,
    });
    await session.shows(/\d+% .*\d [kMG]B\/s .*left/);
    session.type('\u0003');
    expect(await session.exitCode).toBe(130);
  });
});

describe('a start in a pipe', () => {
  it.each([
    [['count', 'small.txt']],
    [['count', '--tokenizer', 'whitespace', 'small.txt']],
    [['count', 'latin.txt', '--json', '--min-length', '2']],
    [['--version']],
    [['--help']],
    [['count', '--help']],
  ])('with %j loads one file of the program, and nothing slow', (args) => {
    const { files, bytes, slow } = loadedBy(args);
    expect(files).toEqual(['main.js', 'program.js']);
    expect(bytes).toBeLessThan(165_000);
    expect(slow).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    'shows the help of %s without the AWS SDK and the embedded servers',
    (name) => {
      expect(loadedBy(['help', name]).bytes).toBeLessThan(MOST_BYTES_OF_HELP);
    },
  );

  it('would be noticed to load the AWS SDK', () => {
    const { bytes } = loadedBy(['doctor', '--endpoint-url', 'http://127.0.0.1:9']);
    expect(bytes).toBeGreaterThan(LEAST_BYTES_WITH_SDK);
  });

  it('loads the dictionary of Chinese and Japanese for much of them only', () => {
    expect(loadedBy(['count', 'english.txt']).files).not.toContain('cjk.cjs');
    expect(loadedBy(['count', 'chinese.txt']).files).toContain('cjk.cjs');
  });

  it('would be noticed to load something slow', () => {
    expect(loadedBy(['count', '-']).slow).toContain('stream');
  });
});
