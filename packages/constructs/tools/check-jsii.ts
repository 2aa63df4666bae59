/**
 * Compiles a copy of the sources with jsii, which rejects APIs that other languages could not call:
 * `npm run check-jsii`. It downloads jsii, so the tests do not run it. The copy differs only in what jsii
 * cannot compile and no API shows: `.ts` in imports, and import.meta.url.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const JSII = 'jsii@6.0.16';
const PACKAGE = resolve(import.meta.dirname, '..');
const MODULES = resolve(PACKAGE, '../../node_modules');
const folder = mkdtempSync(join(tmpdir(), 'wordfreq-jsii-'));
const lib = join(folder, 'lib');

function rewrite(file: string): void {
  const text = readFileSync(file, 'utf8')
    .replaceAll(/(from '\.[^']*)\.ts'/g, "$1'")
    .replace(/fileURLToPath\(new URL\(('[^']*'), import\.meta\.url\)\)/, 'require.resolve($1)')
    .replace("import { fileURLToPath } from 'node:url';\n", '');
  writeFileSync(file, text);
}

try {
  cpSync(join(PACKAGE, 'src'), lib, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.ts')) rewrite(join(lib, file));
  }
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node', 'undici-types']) {
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  }
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const { name, version, description, license, repository, peerDependencies } = manifest;
  const devDependencies = Object.fromEntries(
    Object.keys(peerDependencies).map((peer) => [peer, manifest.devDependencies[peer]]),
  );
  const entry = { main: 'lib/index.js', types: 'lib/index.d.ts', jsii: { outdir: 'dist', targets: {} } };
  const author = { name: 'The wordfreq authors', organization: true };
  const jsiiManifest = {
    name,
    version,
    description,
    license,
    repository,
    author,
    peerDependencies,
    devDependencies,
    ...entry,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(jsiiManifest));
  writeFileSync(join(folder, 'README.md'), '# constructs\n');
  execFileSync('npx', ['--yes', JSII], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
