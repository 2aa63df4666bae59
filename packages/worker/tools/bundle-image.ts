/**
 * Bundles the worker into a folder that Node runs as it is, without `node_modules`: `main.js`, the counting
 * thread, the page's files. Run by the Dockerfile: `node tools/bundle-image.ts <folder>`.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { argv } from 'node:process';
import { type BuildOptions, build } from 'esbuild';

const PACKAGE = resolve(import.meta.dirname, '..');
/**
 * CommonJS in the bundle, such as pino, loads Node's own modules with `require`, which an ES module lacks.
 */
const REQUIRE =
  "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";
/** The page serves it as it was installed. */
const CHART = 'uplot';
const CORE = '@org/wordfreq-core';
/** The core's dictionaries, which are loaded when a text needs them. */
const DICTIONARIES = ['cjk', 'southeast-asia'] as const;

/** The settings that all bundles share. */
const BUNDLING: BuildOptions = {
  bundle: true,
  minify: true,
  // Readable names in stack traces are worth 2 % more bytes.
  keepNames: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // The SDK in the form from which bundlers can remove unused code.
  conditions: ['@org/source', 'module'],
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
};

/** Writes everything that the image needs besides Node. */
async function bundleImage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      main: join(PACKAGE, 'src/main.ts'),
      'counting-thread': join(PACKAGE, 'src/counting/counting-thread.ts'),
    },
    ...BUNDLING,
    outdir: folder,
    banner: { js: REQUIRE },
    metafile: true,
  });
  await bundleDictionaries(join(folder, 'node_modules', CORE));
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(Object.keys(metafile.inputs)));
  cpSync(join(PACKAGE, 'src/page/assets'), join(folder, 'assets'), { recursive: true });
  const chart = dirname(createRequire(import.meta.url).resolve(`${CHART}/package.json`));
  for (const file of ['package.json', 'LICENSE', 'dist/uPlot.min.css', 'dist/uPlot.iife.min.js']) {
    cpSync(join(chart, file), join(folder, 'node_modules', CHART, file));
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
}

/** Writes the part of the core that the program loads by its name, as a package. */
async function bundleDictionaries(folder: string): Promise<void> {
  const entryPoints = DICTIONARIES.map((name) => join(PACKAGE, '../core-wordfreq/src', name, 'index.ts'));
  await build({ ...BUNDLING, entryPoints, outdir: folder, outbase: join(PACKAGE, '../core-wordfreq/src') });
  const exports = Object.fromEntries(DICTIONARIES.map((name) => [`./${name}`, `./${name}/index.js`]));
  const manifest = { name: CORE, license: 'MIT', type: 'module', exports };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest)}\n`);
  cpSync(join(PACKAGE, '../core-wordfreq/ICU-LICENSE.txt'), join(folder, 'ICU-LICENSE.txt'));
}

/** The licences of what was bundled: they ask to be passed on. */
function licencesOf(inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  const texts = [...new Set(folders)].sort().flatMap((folder) => {
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    return file === undefined ? [] : [`${folder}\n\n${readFileSync(join(folder, file), 'utf8')}`];
  });
  return texts.join(`\n${'-'.repeat(80)}\n`);
}

await bundleImage(resolve(argv[2] ?? join(PACKAGE, 'dist/image')));
