/**
 * Puts the copy Lambda, as the copy-lambda package has bundled it, into this package, so that those who use the constructs need no
 * bundler. Run by `npm run build`; nx builds copy-lambda before.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PACKAGES = resolve(import.meta.dirname, '../..');
const BUNDLE = join(PACKAGES, 'copy-lambda/dist/lambda/copy-upload');
const ASSETS = join(PACKAGES, 'constructs/assets');

rmSync(ASSETS, { recursive: true, force: true });
if (!existsSync(BUNDLE)) {
  throw new Error(
    `Expected a bundled Lambda in ${BUNDLE}; run "npm run build" in packages/copy-lambda first.`,
  );
}
cpSync(BUNDLE, join(ASSETS, 'copy-upload'), { recursive: true });
