/**
 * Puts the copy Lambda into this package as one built file, so that those who use the constructs need no bundler. Takes the bundle of
 * the copy-lambda package where it has one, else bundles its built handler. Run by `npm run build`, after copy-lambda's own.
 */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const PACKAGES = resolve(import.meta.dirname, '../..');
const BUNDLE = join(PACKAGES, 'copy-lambda/dist/lambda/copy-upload');
const HANDLER = join(PACKAGES, 'copy-lambda/dist/handler.js');
const TARGET = join(PACKAGES, 'constructs/assets/copy-upload');

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET, { recursive: true });
if (existsSync(BUNDLE)) {
  cpSync(BUNDLE, TARGET, { recursive: true });
} else {
  await build({
    entryPoints: [HANDLER],
    outfile: join(TARGET, 'index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}
