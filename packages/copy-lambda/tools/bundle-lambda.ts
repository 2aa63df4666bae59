/**
 * Bundles the handler into one file that Lambda runs as it is, with `index.handler`. Run by `npm run build`,
 * or with a folder: `node tools/bundle-lambda.ts <folder>`.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const PACKAGE = resolve(import.meta.dirname, '..');

/** The bundle that was written. */
export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  readonly gzippedBytes: number;
}

/** Writes the bundle into `<folder>/copy-upload/index.cjs`. */
export async function bundleLambda(folder: string): Promise<Bundle> {
  const file = join(folder, 'copy-upload/index.cjs');
  await build({
    entryPoints: [join(PACKAGE, 'src/handler.ts')],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    // The SDK in the form that bundlers can shake: a third less than its CommonJS form.
    conditions: ['@org/source', 'module'],
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const code = readFileSync(file);
  return { file, bytes: code.length, gzippedBytes: gzipSync(code).length };
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const { file, bytes, gzippedBytes } = await bundleLambda(argv[2] ?? join(PACKAGE, 'dist/lambda'));
  console.log(`${file}: ${Math.round(bytes / 1000)} kB, ${Math.round(gzippedBytes / 1000)} kB gzipped`);
}
