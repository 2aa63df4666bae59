import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

// Each size that a document states for something of the build. The page's is in create-page.test.ts, what npx installs in e2e/consumers.
const ROOT = resolve(import.meta.dirname, '..');
const CORE = join(ROOT, 'packages/core-wordfreq');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** What is stated may be off by this: it is for people, and compressors differ. */
const TOLERANCE = 0.05;

function expectNear(stated: number, measured: number, what: string): void {
  // A number that was rounded may be off by a half.
  const off = Math.max(TOLERANCE * measured, 0.5 * 10 ** -(String(stated).split('.')[1]?.length ?? 0));
  expect(Math.abs(stated - measured), `${what}: stated ${stated}, measured ${measured}`).toBeLessThanOrEqual(
    off,
  );
}

/** An application that imports names of a module, minified as for a browser. */
async function bundle(contents: string): Promise<Buffer> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: CORE },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

const importOf = (names: string): string => {
  if (names === 'everything but the dictionaries') return `export * from './dist/index.js';`;
  const module = names.includes('cjkDictionary')
    ? 'cjk'
    : names.includes('Dictionary')
      ? 'southeast-asia'
      : 'index';
  return `export { ${names.replaceAll('`', '')} } from './dist/${module}.js';`;
};
const UNITS: Readonly<Record<string, number>> = { KB: 1000, kB: 1000, MB: 1_000_000 };

describe('the sizes that documents state', () => {
  const table = /\| an application that imports .*\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(
    read('packages/core-wordfreq/README.md'),
  );
  const rows = [...(table?.[1] ?? '').matchAll(/^\| (.*?) \| ([\d.]+) (\w+) \| ([\d.]+) (\w+) \|$/gm)];

  it('are found in the table of the core', () => expect(rows.length).toBeGreaterThan(4));

  it.each(rows.map(([, names = '', ...sizes]) => ({ names, sizes })))(
    'are those of the core: $names',
    async ({ names, sizes: [minified = '', unit = '', gzipped = '', gzipUnit = ''] }) => {
      const code = await bundle(importOf(names));
      expectNear(Number(minified), code.length / (UNITS[unit] ?? 1), `${names}, minified`);
      expectNear(Number(gzipped), gzipSync(code).length / (UNITS[gzipUnit] ?? 1), `${names}, gzipped`);
    },
  );

  it('are those of the core in a browser with Brotli', async () => {
    const [, stated] =
      /about ([\d.]+) kB with Brotli/.exec(read('docs/recipes/count-in-the-browser.md')) ?? [];
    expectNear(
      Number(stated),
      brotliCompressSync(await bundle(importOf('countWords'))).length / 1000,
      'countWords',
    );
  });

  it('are those of the copy Lambda', () => {
    const sizes = /(\d+) kB \((\d+) kB gzipped\)/
      .exec(read('packages/copy-lambda/README.md'))
      ?.slice(1)
      .map(Number);
    const code = readFileSync(join(ROOT, 'packages/copy-lambda/dist/lambda/copy-upload/index.cjs'));
    expectNear(sizes?.[0] ?? 0, code.length / 1000, 'as a file');
    expectNear(sizes?.[1] ?? 0, gzipSync(code).length / 1000, 'gzipped');
  });
});
