import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reintroduction } from './ancestor-bug.ts';
import { ANCESTOR_BUGS } from './bugs.ts';
import { describeBugs } from './describe-bugs.ts';
import type { TestOutcome } from './outcomes-reporter.ts';
import { ROOT, reintroduce, sourceWithBug } from './reintroduce.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const entries = ANCESTOR_BUGS.flatMap(({ number, bug, reintroductions }) =>
  reintroductions.map((entry, index) => ({ project: `${number}.${index + 1}`, bug, entry })),
);

let folder: string;
let outcomes: readonly TestOutcome[] = [];
let output = '';

/** Runs all projects of `vitest.config.ts` here in a process of their own. They fail, so its exit code says nothing. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ancestor-bugs-'));
  const file = join(folder, 'outcomes.json');
  const program = fileURLToPath(new URL('../vitest.mjs', import.meta.resolve('vitest')));
  const child = spawn(
    process.execPath,
    [program, 'run', `--config=${here('vitest.config.ts')}`, `--reporter=${here('outcomes-reporter.ts')}`],
    { cwd: ROOT, env: { ...process.env, OUTCOMES_FILE: file }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  await new Promise((resolve) => child.once('close', resolve));
  if (!existsSync(file))
    throw new Error(`Expected outcomes of tests, but the run ended without any:\n${output}`);
  outcomes = JSON.parse(readFileSync(file, 'utf8'));
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stateOf(project: string, { test }: Reintroduction): string | undefined {
  return outcomes.find((outcome) => outcome.project === project && outcome.name.includes(test.name))?.state;
}

describe('the ancestor’s bugs', () => {
  it('are all in the table', () => {
    expect(ANCESTOR_BUGS.map(({ number }) => number)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });

  it.each(entries)('$project is noticed: $bug', ({ project, entry }) => {
    // Throws, and says where, when the source has moved on.
    sourceWithBug(entry);
    expect(stateOf('as it is', entry), `${entry.test.name}, without the bug\n${output}`).toBe('passed');
    expect(stateOf(project, entry), `${entry.test.name}, with the bug\n${output}`).toBe('failed');
  });

  it('are told to people as they are tested', async () => {
    await expect(describeBugs(ANCESTOR_BUGS)).toMatchFileSnapshot('README.md');
  });
});

describe(reintroduce, () => {
  const bug = { file: 'a.ts', from: 'old', to: 'new', test: { file: '', name: '' } };

  it('replaces the text', () => {
    expect(reintroduce('an old text', bug)).toBe('an new text');
  });

  it.each(['a text', 'old and old'])('fails when the source has moved on: %s', (source) => {
    expect(() => reintroduce(source, bug)).toThrow('exactly once in a.ts');
  });
});
