import { basename, join } from 'node:path';
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
  'count-program',
  'doctor/run-doctor',
  'local/run-detached',
  'local/run-local',
  'run-program',
  'table/run-create-table',
];

/** Built by itself, after the rest, which empties the folder first. */
const COUNT_PROGRAM = 'count-program';

/** Descriptions of commands: imported later, but from the same file, which only saves the time to make them. */
const DESCRIPTION: RegExp = /^\.\/commands\//;

/** Leaves `import()` of our own files to Node, and fails for one that is not in the list. */
const laterFiles: Plugin = {
  name: 'later-files',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path }) => {
      if (kind !== 'dynamic-import' || DESCRIPTION.test(path)) return undefined;
      const name = basename(path, '.ts');
      if (LATER.some((file) => basename(file) === name)) return { path: `./${name}.js`, external: true };
      return {
        errors: [{ text: `Expected ${path} among the files that are imported later, in tsup.config.ts.` }],
      };
    });
  },
};

/** What `count` needs is in the same file, and imported like any other: Node keeps only such code compiled. */
const countingAtHand: Plugin = {
  name: 'counting-at-hand',
  setup(build) {
    build.onResolve({ filter: /\/load-counting\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('load-counting', 'loaded-counting')),
    }));
  },
};

// ESM only: a program on Node 22.13 or newer, where `require` loads ESM too. Whole files instead of shared pieces, because each file
// that a start reads takes as long as 50 kB of code.
function program(entries: Record<string, string>, plugins: readonly Plugin[], more: Options): Options {
  return library(entries, {
    format: ['esm'],
    splitting: false,
    esbuildPlugins: [...plugins, laterFiles],
    ...more,
  });
}

const rest: Options = program(
  {
    index: 'src/index.ts',
    main: 'src/main.ts',
    'lambda-process': 'src/local/lambda-process.ts',
    ...Object.fromEntries(
      LATER.filter((file) => file !== COUNT_PROGRAM).map((file) => [basename(file), `src/${file}.ts`]),
    ),
  },
  [],
  { dts: { entry: 'src/index.ts' } },
);

/** What `src/count-program.ts` stands for: the program with all that `wordfreq count` needs, also of the core. */
export const countProgram: Options = program({ [COUNT_PROGRAM]: 'src/run-program.ts' }, [countingAtHand], {
  noExternal: [/^@org\/wordfreq-core(\/decompress)?$/],
  // A start waits for each kilobyte; the source map has the names.
  minify: true,
  clean: false,
  dts: false,
});

export default rest;
