import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';
import {
  beginningOf,
  bundledEmulators,
  REQUIRE_FOR_COMMONJS,
  thirdPartyNotices,
  unmappedLibraries,
} from './tools/bundling.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const WORKER = join(import.meta.dirname, '../worker');

/**
 * What the program imports only when it is needed: every command but `count`, what reads objects of S3 and
 * folders, and libraries.
 */
const LATER: readonly string[] = [
  ...readdirSync(join(import.meta.dirname, 'src/commands'))
    .filter((file) => !file.endsWith('.test.ts') && file !== 'count.ts')
    .map((file) => `src/commands/${file}`),
  'src/counting/object-inputs.ts',
  'src/counting/folder-files.ts',
];
const LIBRARIES_LATER: readonly string[] = ['cli-progress', 'fastest-levenshtein', 'stopword'];

/** The names of built files, and what they are built from. */
const BUILT_LATER: Readonly<Record<string, string>> = Object.fromEntries([
  ...LATER.map((path) => [basename(path, '.ts'), path]),
  ...LIBRARIES_LATER.map((name) => [name, beginningOf(name)]),
]);

/** Leaves to Node what the program imports with `import()`: each is a built file beside the program. */
const importedLater: Plugin = {
  name: 'imported-later',
  setup(build) {
    build.onResolve({ filter: /^[^@]/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path)) return undefined;
      const name = basename(path, '.ts');
      if (name in BUILT_LATER || name === 'program') return { path: `./${name}.js`, external: true };
      return {
        errors: [{ text: `Expected the program to import ${path} at its top, or LATER to name it.` }],
      };
    });
  },
};

/** Takes our packages from their sources, and the SDK in the form that bundlers can shake. */
const fromSources: NonNullable<Options['esbuildOptions']> = (options) => {
  options.conditions = ['@org/source', 'module'];
  options.mainFields = ['module', 'main'];
};

/**
 * The program as far as a start needs it, with `count`, help, the core and the rules of text, in one file,
 * because each further file takes as long as 50 kB of code: built together with all the rest, it starts as a
 * dozen files, and a small count takes 2.06 times as long as `node -e 0` instead of 1.43 times. Minified,
 * because a start waits for each kilobyte; the source map has the names.
 */
const program: Options = library(
  { main: 'src/main.ts', program: 'src/program.ts' },
  {
    format: ['esm'],
    splitting: false,
    minify: true,
    dts: false,
    clean: false,
    noExternal: [/^@org\/wordfreq-core(\/(decompress|dictionaries))?$/],
    esbuildPlugins: [importedLater],
    esbuildOptions: fromSources,
  },
);

/**
 * All the rest, with the libraries in it, so that `npx` fetches few packages and small ones (decision 14).
 * ESM only: Node 22.13 or newer, where `require` loads ESM, too.
 */
const rest: Options = library(
  {
    index: 'src/index.ts',
    'lambda-process': 'src/local/lambda-process.ts',
    'worker-process': 'src/local/worker-process.ts',
    'counting-thread': join(WORKER, 'src/counting/counting-thread.ts'),
    ...BUILT_LATER,
  },
  {
    format: ['esm'],
    dts: {
      entry: 'src/index.ts',
      // Outside of node_modules, so that the types are brought, too.
      compilerOptions: {
        paths: {
          '@org/wordfreq-aws-adapters/*': ['../aws-adapters/src/*/index.ts'],
          '@org/wordfreq-worker/*': ['../worker/src/*/index.ts'],
        },
      },
    },
    clean: false,
    // cli-progress calls a version of its own, which is a function; ours is a module.
    noExternal: ['string-width'],
    // esbuild leaves out what is not used; a second pass over the libraries would take a minute.
    treeshake: false,
    metafile: true,
    banner: { js: REQUIRE_FOR_COMMONJS },
    esbuildPlugins: [bundledEmulators, unmappedLibraries],
    esbuildOptions: fromSources,
    async onSuccess() {
      const metafile = join(import.meta.dirname, 'dist/metafile-esm.json');
      const notices = thirdPartyNotices(JSON.parse(readFileSync(metafile, 'utf8')));
      writeFileSync(join(import.meta.dirname, 'dist/THIRD-PARTY-NOTICES.txt'), notices);
      rmSync(metafile);
      // The worker reads the page's files beside its program.
      cpSync(join(WORKER, 'src/page/assets'), join(import.meta.dirname, 'dist/assets'), { recursive: true });
    },
  },
);

const config: Options[] = [program, rest];
export default config;
