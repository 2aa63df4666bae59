import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { ProgramsFirst } from './tools/programs-first.ts';

// Tests run on the sources: every workspace package resolves by its "@org/source" export condition. Without "module", because
// what that condition names is for bundlers, and Node cannot load all of it.
const conditions = ['@org/source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

function project(root: string): object {
  return {
    extends: true,
    test: {
      name: root.replace('packages/', ''),
      root,
      include: ['{src,test,bench}/**/*.test.ts', root === 'e2e' ? '**/*.test.ts' : '*.test.ts'],
      // How fast a machine is, and how busy with the other tests, no test is to judge: this is for what hangs.
      testTimeout: 180_000,
      hookTimeout: 180_000,
      expect: { poll: { timeout: 60_000 } },
      // In CI one more try, which the report names: a browser or a container that hangs at its start says nothing of a change.
      retry: root === 'e2e' && process.env['CI'] !== undefined ? 1 : 0,
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
    reporters: ['default', ...(process.env['CI'] === undefined ? [] : ['./tools/plain-summary-reporter.ts'])],
    coverage: {
      provider: 'v8',
      // From the repository's root, or from a package's when only some projects run.
      include: ['{packages/*/,}src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/generated/**'],
      reportOnFailure: true,
    },
    projects: [
      project('packages/core-wordfreq'),
      project('packages/aws-adapters'),
      project('packages/worker'),
      project('packages/copy-lambda'),
      project('packages/constructs'),
      project('packages/cli'),
      project('e2e'),
      project('tools'),
    ],
  },
});

export default config;
