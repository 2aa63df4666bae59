/**
 * Puts both Lambdas, as the copy-lambda package has bundled them, into this package, so that those who use the constructs need no
 * bundler. Run by `npm run build`; nx builds copy-lambda before.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PACKAGES = resolve(import.meta.dirname, '../..');
const BUNDLES = join(PACKAGES, 'copy-lambda/dist/lambda');
const ASSETS = join(PACKAGES, 'constructs/assets');

rmSync(ASSETS, { recursive: true, force: true });
for (const name of ['copy-upload', 'backup-event-logger']) {
  const bundle = join(BUNDLES, name);
  if (!existsSync(bundle)) {
    throw new Error(
      `Expected a bundled Lambda in ${bundle}; run "npm run build" in packages/copy-lambda first.`,
    );
  }
  cpSync(bundle, join(ASSETS, name), { recursive: true });
}
