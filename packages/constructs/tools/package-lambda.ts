/**
 * Copies the bundled copy Lambda from its package into this one, so that users of the constructs need no
 * bundler. Run by `npm run build`; nx builds copy-lambda first.
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
