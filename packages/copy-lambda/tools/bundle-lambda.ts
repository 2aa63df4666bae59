/**
 * Bundles each handler into one file that Lambda runs as it is, with `index.handler`. Run by `npm run build`, or with a folder:
 * `node tools/bundle-lambda.ts <folder>`.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const PACKAGE = resolve(import.meta.dirname, '..');

/** Each function, and its handler's source. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['copy-upload', 'src/handler.ts'],
  ['backup-event-logger', 'src/backup-handler.ts'],
]);

/** A bundle that was written. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly gzippedBytes: number;
}

/** Writes the bundles into `<folder>/<function>/index.cjs`. */
export async function bundleLambdas(folder: string): Promise<readonly Bundle[]> {
  const bundles = [...FUNCTIONS].map(async ([name, source]): Promise<Bundle> => {
    const file = join(folder, name, 'index.cjs');
    await build({
      entryPoints: [join(PACKAGE, source)],
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
    return { name, file, bytes: code.length, gzippedBytes: gzipSync(code).length };
  });
  return Promise.all(bundles);
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  for (const { name, bytes, gzippedBytes } of await bundleLambdas(argv[2] ?? join(PACKAGE, 'dist/lambda'))) {
    console.log(`${name}: ${Math.round(bytes / 1000)} kB, ${Math.round(gzippedBytes / 1000)} kB gzipped`);
  }
}
