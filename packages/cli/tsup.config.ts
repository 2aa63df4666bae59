import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What the program imports only when it is needed: every command but `count`, and what reads objects of S3. */
const LATER: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...readdirSync(join(import.meta.dirname, 'src/commands'))
      .filter((file) => !file.endsWith('.test.ts') && file !== 'count.ts')
      .map((file) => `src/commands/${file}`),
    'src/counting/object-inputs.ts',
  ].map((path) => [basename(path, '.ts'), path]),
);

/** Leaves the program's `import()` of our own files to Node. */
const importedLater: Plugin = {
  name: 'imported-later',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path }) => {
      const name = basename(path, '.ts');
      if (kind !== 'dynamic-import') return undefined;
      if (name in LATER || name === 'program') return { path: `./${name}.js`, external: true };
      return {
        errors: [{ text: `Expected the program to import ${path} at its top, or LATER to name it.` }],
      };
    });
  },
};

/**
 * The program as far as a start needs it, with `count`, help, the core and the rules of text, in one file: on the machine of `bench/results`, each further
 * file takes as long as 50 kB of code. Minified, because a start waits for each kilobyte; the source map has the names.
 */
const program: Options = library(
  { main: 'src/main.ts', program: 'src/program.ts' },
  {
    format: ['esm'],
    splitting: false,
    minify: true,
    dts: false,
    clean: false,
    noExternal: [/^@org\/wordfreq-(core(\/decompress)?|aws-adapters\/rules)$/],
    esbuildPlugins: [importedLater],
  },
);

/** All the rest. ESM only: Node 22.13 or newer, where `require` loads ESM, too. */
const rest: Options = library(
  {
    index: 'src/index.ts',
    'lambda-process': 'src/local/lambda-process.ts',
    ...LATER,
  },
  {
    format: ['esm'],
    dts: { entry: 'src/index.ts' },
    clean: false,
  },
);

const config: Options[] = [program, rest];
export default config;
