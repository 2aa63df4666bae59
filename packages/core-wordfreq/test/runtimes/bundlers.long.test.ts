import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webpack from 'webpack';
import { type Installation, installBuiltPackage } from './built-package.ts';

const NAME = '@org/wordfreq-core';
const FORMS = ['esm', 'cjs'] as const;
type Form = (typeof FORMS)[number];

/** What a program does with each entry of the package (`m`), and the expected result. */
const USES: Readonly<Record<string, readonly [use: string, result: unknown]>> = {
  '.': [`(await m.countWords('to be or not to be')).top(1)`, [{ word: 'be', count: 2 }]],
  './node': [`(await m.countFile('text', { threads: 2, minBytesPerThread: 1 })).get('to')`, 2000],
  './web': [`(await m.countUrl('data:text/plain,to%20be%20or%20not%20to%20be')).get('to')`, 2],
  './decompress': [
    `await (async () => { for await (const chunk of m.decompress((async function* () { yield Uint8Array.from([116, 111]); })())) return chunk.length; })()`,
    2,
  ],
  './cjk': ['[m.cjkDictionary.version, m.cjkDictionary.table().length > 1e6]', ['cjk-icu78', true]],
  './encoding': [`m.detectEncoding(Uint8Array.from([0x61, 0, 0x62, 0, 0x20, 0, 0x63, 0])).name`, 'utf-16le'],
  './southeast-asia': ['m.thaiDictionary.table().length > 1e4', true],
  './dictionaries': ['m.dictionariesFor().map(({ table }) => table().length > 1e4)', Array(5).fill(true)],
};

interface Bundling {
  /** The program, in the form that it is written in and bundled to. */
  readonly entry: string;
  readonly outfile: string;
  readonly form: Form;
}

const BUNDLERS: Readonly<Record<string, (bundling: Bundling) => Promise<unknown>>> = {
  esbuild: ({ entry, outfile, form }) =>
    esbuild({
      ...{ entryPoints: [entry], outfile, format: form, bundle: true, minify: true, platform: 'node' },
      ...{ logLevel: 'error', logOverride: { 'empty-import-meta': 'silent' } },
    }),
  'Vite and Rolldown': ({ entry, outfile, form }) =>
    vite({
      ...{ configFile: false, logLevel: 'error', root: join(entry, '..') },
      ssr: { noExternal: true },
      build: {
        ...{ ssr: entry, emptyOutDir: false, outDir: join(outfile, '..'), minify: true },
        rolldownOptions: { output: { format: form, entryFileNames: outfile.split('/').at(-1) ?? '' } },
      },
    }),
  webpack: ({ entry, outfile, form }) =>
    new Promise((resolve, reject) => {
      const [path, filename] = [join(outfile, '..'), outfile.split('/').at(-1) ?? ''];
      const library = { type: form === 'esm' ? 'module' : 'commonjs2' };
      const output = {
        path,
        filename,
        library,
        module: form === 'esm',
        chunkFormat: form === 'esm' ? 'module' : 'commonjs',
      };
      const settings = { mode: 'production', target: 'node20', entry, output } as const;
      webpack({ ...settings, experiments: { outputModule: form === 'esm' } }, (error, stats) => {
        if (error !== null || stats?.hasErrors() === true) reject(error ?? new Error(stats?.toString()));
        else resolve(stats);
      });
    }),
};

let installed: Installation;
beforeAll(() => {
  installed = installBuiltPackage();
  writeFileSync(join(installed.folder, 'text'), 'to be or not to be\n'.repeat(1000));
});
afterAll(() => installed?.remove());

const matrix = Object.keys(USES).flatMap((entry) =>
  FORMS.flatMap((form) => Object.keys(BUNDLERS).map((bundler) => ({ entry, form, bundler }))),
);

describe('the entries of the package', () => {
  it('are all used here, but for its manifest and the file of the engine', () => {
    const { exports } = JSON.parse(
      readFileSync(join(installed.folder, 'node_modules', NAME, 'package.json'), 'utf8'),
    ) as { readonly exports: object };
    expect(Object.keys(USES).sort()).toEqual(
      Object.keys(exports)
        .filter((entry) => entry !== './package.json' && entry !== './engine.wasm')
        .sort(),
    );
  });

  it.each(matrix)('$entry works as $form, bundled by $bundler', async ({ entry, form, bundler }) => {
    const [use, result] = USES[entry] ?? [];
    const folder = join(installed.folder, `${bundler}-${form}-${entry.replaceAll(/\W/g, '')}`);
    mkdirSync(folder);
    const extension = form === 'esm' ? 'mjs' : 'cjs';
    const [program, outfile] = [join(folder, `program.${extension}`), join(folder, `bundle.${extension}`)];
    const module = JSON.stringify(NAME + entry.slice(1));
    const load = form === 'esm' ? `import * as m from ${module};` : `const m = require(${module});`;
    writeFileSync(program, `${load}\n(async () => console.log(JSON.stringify(${use})))();\n`);
    await BUNDLERS[bundler]?.({ entry: program, outfile, form });
    const printed = execFileSync(process.execPath, [outfile], { cwd: installed.folder, encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(result);
  });
});
