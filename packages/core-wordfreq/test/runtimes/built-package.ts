import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '../..');

/**
 * A folder where the built package is installed as npm installs it: only what is published, and nothing
 * beside it.
 */
export interface Installation {
  readonly folder: string;
  remove(): void;
}

/** @throws Error if the package is not built */
export function installBuiltPackage(): Installation {
  const built = join(PACKAGE, 'dist');
  if (!existsSync(join(built, 'index.js')))
    throw new Error(`Expected a built package in ${built}. Run: npm run build`);
  const folder = mkdtempSync(join(tmpdir(), 'wordfreq-core-installed-'));
  const target = join(folder, 'node_modules/@org/wordfreq-core');
  mkdirSync(target, { recursive: true });
  cpSync(built, join(target, 'dist'), { recursive: true });
  for (const file of ['package.json', 'src/engine/engine-file.d.ts']) {
    cpSync(join(PACKAGE, file), join(target, file));
  }
  // Deno looks for packages only where they are dependencies.
  const own = { private: true, dependencies: { '@org/wordfreq-core': '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
