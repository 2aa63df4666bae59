import type { KnipConfig } from 'knip';

/**
 * What is read, run or loaded otherwise than by an import that knip can see. Everything else must be used, or
 * go.
 */
const config: KnipConfig = {
  // Of the system, or of the alias by which TypeScript comes; tests and benches that need the former say so.
  ignoreBinaries: ['bible', 'gcc', 'fish', 'man', 'mkfifo', 'mount', 'tsc', 'umount', 'unshare'],
  // Settings name these: the changesets' schema, the "node" that npm scripts run on.
  ignoreDependencies: ['@changesets/config'],
  workspaces: {
    '.': { entry: ['vitest.mutation.config.ts'] },
    tools: { entry: ['*.ts'] },
    'packages/core-wordfreq': {
      // The engine is AssemblyScript; a thread's program is found beside what starts it; tests start other
      // runtimes, and load the hyphenation of a language by its name.
      entry: ['wasm/**/*.ts', 'src/node/range-program.ts', 'bench/*.ts'],
      ignoreDependencies: ['bun', 'deno', 'hyphen'],
    },
    // Optional peers, loaded on demand.
    'packages/aws-adapters': { entry: ['wasm/**/*.ts'], ignoreDependencies: ['dynalite', 'fauxqs'] },
    'packages/worker': {
      entry: ['src/counting/counting-thread.ts', 'src/page/assets/page.js', 'bench/*.ts'],
      ignoreDependencies: ['uplot'],
    },
    // The copy Lambda is built first, and packed as a file; the Lambdas of templates are minified from files
    // that nothing imports.
    'packages/constructs': {
      entry: ['lambdas/*.js'],
      ignoreDependencies: ['@org/wordfreq-copy-lambda'],
    },
    'packages/cli': {
      // Programs of their own; what the build bundles or leaves to an optional peer.
      entry: ['src/local/{lambda,worker}-process.ts', 'test/support/list-loaded.cjs'],
      ignoreDependencies: ['classic-level', 'uplot'],
    },
    e2e: {
      // Started as a process of its own.
      entry: ['**/*.test.ts', 'judges/emulators/lambda-host.ts'],
      ignore: ['consumers/fixtures/**'],
    },
    'examples/embed-in-your-app': { entry: ['src/app.ts'] },
    // cdk.json's build runs it.
    'examples/reference-stack': { entry: ['src/app.ts'], ignoreDependencies: ['esbuild'] },
  },
};

export default config;
