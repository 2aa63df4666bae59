import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import root from '../../vitest.config.ts';
import type { Reintroduction } from './ancestor-bug.ts';
import { ANCESTOR_BUGS } from './bugs.ts';
import { ROOT, sourceWithBug } from './reintroduce.ts';

/**
 * One project per reintroduced bug, each with one source replaced while it is loaded, and one project for the sources as they are.
 * Nothing is written to disk. `ancestor-bugs.test.ts` runs it.
 */
const entries = ANCESTOR_BUGS.flatMap(({ number, reintroductions }) =>
  reintroductions.flatMap((bug, index) => {
    const source = mutated(bug);
    return source === undefined ? [] : [{ name: `${number}.${index + 1}`, bug, source }];
  }),
);
const names = [...new Set(entries.map(({ bug }) => bug.test.name))];
const files = [...new Set(entries.map(({ bug }) => bug.test.file))];

/** Undefined where the source has moved on: the test of that row says so. */
function mutated(bug: Reintroduction): string | undefined {
  try {
    return sourceWithBug(bug);
  } catch {
    return undefined;
  }
}

function replaced(bug: Reintroduction, source: string): Plugin {
  return {
    name: `ancestor-bug-${bug.file}-${bug.to}`,
    enforce: 'pre',
    load: (id) => (id.split('?')[0] === `${ROOT}${bug.file}` ? source : undefined),
  };
}

function childEnvironment(name: string, bug: Reintroduction): Record<string, string> {
  if (bug.inChildProcess !== true) return {};
  return {
    ANCESTOR_BUG: name,
    NODE_OPTIONS: `--import=${new URL('reintroduce-in-process.ts', import.meta.url)}`,
  };
}

const { resolve = {}, ssr = {} } = root;
const shared = {
  pool: 'threads' as const,
  root: ROOT,
  environment: 'node',
  execArgv: ['--conditions=@org/source'],
  // A bug may make a test wait for ever.
  testTimeout: 5000,
  fsModuleCache: false,
};

const config: ViteUserConfig = defineConfig({
  test: {
    // A cache of modules knows them by their files, and would not see the bug.
    fsModuleCache: false,
    // The simulation finds a lost message in its first lives or not at all.
    env: { SIMULATION_RUNS: '20' },
    testNamePattern: new RegExp(
      names.map((name) => name.replaceAll(/[^\w ]/g, '.').replaceAll(' . ', '.{1,3}')).join('|'),
    ),
    projects: [
      { resolve, ssr, test: { ...shared, name: 'as it is', include: files, testTimeout: 60_000 } },
      ...entries.map(({ name, bug, source }) => ({
        resolve,
        ssr,
        plugins: [replaced(bug, source)],
        test: { ...shared, name, include: [bug.test.file], env: childEnvironment(name, bug) },
      })),
    ],
  },
});

export default config;
