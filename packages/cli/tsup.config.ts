import { basename } from 'node:path';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What is imported when a command runs: a file each, under the same name. */
const LATER: readonly string[] = [
  'cloud/run-backfill',
  'cloud/run-dlq',
  'cloud/run-explain',
  'cloud/run-reconcile',
  'cloud/run-results',
  'cloud/run-upload',
  'cloud/run-watch',
  'command-line/closest',
  'command-line/help-text',
  'completion/completion-for',
  'count/compare-texts',
  'count/count-texts',
  'count/object-inputs',
  'doctor/run-doctor',
  'local/run-detached',
  'local/run-local',
  'run-program',
  'table/run-create-table',
];

/** Leaves `import()` of our own files to Node, and fails for one that is not in the list. */
const laterFiles: Plugin = {
  name: 'later-files',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = basename(path, '.ts');
      if (LATER.some((file) => basename(file) === name)) return { path: `./${name}.js`, external: true };
      return {
        errors: [{ text: `Expected ${path} among the files that are imported later, in tsup.config.ts.` }],
      };
    });
  },
};

// ESM only: a program on Node 22.12 or newer, where `require` loads ESM too. Whole files instead of shared pieces, because each file
// that a start reads takes as long as 50 kB of code.
const config: Options = library(
  {
    index: 'src/index.ts',
    main: 'src/main.ts',
    'lambda-process': 'src/local/lambda-process.ts',
    ...Object.fromEntries(LATER.map((file) => [basename(file), `src/${file}.ts`])),
  },
  { format: ['esm'], splitting: false, dts: { entry: 'src/index.ts' }, esbuildPlugins: [laterFiles] },
);

export default config;
