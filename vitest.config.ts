import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defaultServerConditions } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { ProgramsFirst } from './tools/programs-first.ts';

// Tests run on the sources: every workspace package resolves by its "@org/source" export condition. Without
// "module", because what that condition names is for bundlers, and Node cannot load all of it.
const conditions = ['@org/source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

/** Tests of what a build makes. All others run on the sources of a fresh clone. */
const BUILT = '**/*.built.test.ts';
/**
 * Tests that take minutes or gigabytes, and those that ask other implementations of AWS. `.ci/run` runs them,
 * `npm test` does not.
 */
const LONG = ['{packages,e2e}/**/*.long.test.ts', 'e2e/judges/**/*.test.ts'];

/** Templates name the Lambdas' bundles. */
const BUNDLE_LAMBDAS = join(import.meta.dirname, 'packages/constructs/test/support/bundle-lambdas.ts');

/** For temporary files of the tests, and of what they start. */
const TEMPORARY_FOLDER = join(import.meta.dirname, 'tools/temporary-folder.ts');

/**
 * The tests of one package: in `src` the short ones, in `test` and `bench` also those that start programs and
 * servers.
 */
function unit(root: string): object {
  return {
    extends: true,
    test: {
      name: root.replace('packages/', ''),
      root,
      include: ['{src,test,bench}/**/*.test.ts'],
      exclude: [BUILT, '**/*.long.test.ts'],
      // Shorter for tests in "src"; longer only where a test says so itself. Many times what tests take on a
      // quiet machine.
      setupFiles: [join(import.meta.dirname, 'tools/limit-short-tests.ts')],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 15_000 } },
      // The CDK takes a second to load, so these files share processes: they change nothing that others see.
      isolate: root !== 'packages/constructs',
      globalSetup: [TEMPORARY_FOLDER, ...(root === 'packages/constructs' ? [BUNDLE_LAMBDAS] : [])],
    },
  };
}

/**
 * Tests that start programs, browsers and containers. Their limit is for what hangs: it says nothing about
 * speed.
 */
function program(name: string, test: object): object {
  return {
    extends: true,
    test: {
      name,
      testTimeout: 120_000,
      hookTimeout: 180_000,
      expect: { poll: { timeout: 60_000 } },
      // In CI one more try, which the report names: a browser or a container that hangs at its start says
      // nothing about a change.
      retry: process.env['CI'] === undefined ? 0 : 1,
      globalSetup: [TEMPORARY_FOLDER],
      ...test,
    },
  };
}

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    execArgv: ['--conditions=@org/source'],
    // One more than there are processors: many tests wait for queues and programs.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: ProgramsFirst },
    reporters: ['default', './tools/plain-summary-reporter.ts'],
    coverage: {
      provider: 'v8',
      // From the repository's root, or from a package's when only some projects run.
      include: ['{packages/*/,}src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/generated/**'],
      reportOnFailure: true,
    },
    projects: [
      unit('packages/core-wordfreq'),
      unit('packages/aws-adapters'),
      unit('packages/worker'),
      unit('packages/copy-lambda'),
      unit('packages/constructs'),
      unit('packages/cli'),
      program('tools', { root: 'tools', include: ['*.test.ts'], exclude: [BUILT] }),
      program('e2e', {
        root: 'e2e',
        include: ['**/*.test.ts'],
        exclude: ['judges/**', BUILT, '**/*.long.test.ts'],
      }),
      program('built', {
        include: [`{packages,e2e,tools}/${BUILT}`],
        exclude: ['**/node_modules/**', ...LONG],
      }),
      program('long', { include: LONG, exclude: ['**/node_modules/**'], testTimeout: 300_000 }),
    ],
  },
});

export default config;
