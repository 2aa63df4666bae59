import { defineConfig, type ViteUserConfig } from 'vitest/config';
import root from './vitest.config.ts';

/**
 * What `npm run mutation` runs: the tests beside the sources that are mutated, none that starts a server or a
 * process.
 */
const { resolve = {}, ssr = {} } = root;

const config: ViteUserConfig = defineConfig({
  resolve,
  ssr,
  test: {
    execArgv: ['--conditions=@org/source'],
    // The machine is busy with mutants.
    testTimeout: 60_000,
    // It knows modules by their files, and would not see the mutants.
    fsModuleCache: false,
    include: [
      'packages/core-wordfreq/src/*.test.ts',
      'packages/core-wordfreq/src/{count,serialization}/*.test.ts',
      'packages/core-wordfreq/test/split-and-merge.test.ts',
      'packages/aws-adapters/src/events/*.test.ts',
      'packages/worker/src/jobs/{attempts,commit-result,do-job,handle-message,message-outcomes,policies}.test.ts',
    ],
  },
});

export default config;
