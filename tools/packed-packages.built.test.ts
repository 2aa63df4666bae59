import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly sideEffects: boolean;
  readonly repository: { readonly directory: string };
  readonly publishConfig: { readonly access: string; readonly provenance: boolean };
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * What a tarball may hold: what runs, what source maps and "start reading here" point at, and nothing else.
 */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/[\w./-]+\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map|css|html|svg|txt)$/,
  /^src\/[\w./-]+\.(ts|js|css|html|svg)$/,
];

/** What else some packages bring, each with its reason. */
const ALSO_ALLOWED: Readonly<Record<string, RegExp>> = {
  // The source of the WebAssembly that is in src/engine/generated; the licences of the dictionaries and
  // of the detector of encodings in the package.
  'core-wordfreq': /^(wasm\/[\w/-]+\.(ts|json)|dist\/engine\.wasm|(ICU|CHARDET)-LICENSE\.txt)$/,
  cli: /^man\/wordfreq\.1$/,
  // The Lambdas that the constructs deploy, the documents that the README points at, and what deploys in a
  // lab.
  constructs: /^(assets\/[\w-]+\/index\.cjs|docs\/[\w-]+\.md|lab\/[\w.-]+\.(sh|json))$/,
  // How to build its image without a clone.
  worker: /^published\.Dockerfile$/,
};

/** Never: tests and what only they need. */
const FORBIDDEN = /\.test\.|\.test-d\.|\/fixtures\/|tsbuildinfo|\.snap$/;

function pack(folder: string): readonly string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
  const output: unknown = JSON.parse(
    execFileSync('npm', args, { cwd: join(ROOT, folder), encoding: 'utf8' }),
  );
  // A list, or since npm 12 a record by name.
  const [packed] = Object.values(output as object) as { readonly files: { readonly path: string }[] }[];
  return (packed?.files ?? []).map(({ path }) => path);
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** The sources that a built file's map points at without bringing their text, relative to the package. */
function mappedSources(folder: string, file: string): string[] {
  const map = JSON.parse(readFileSync(join(ROOT, folder, `${file}.map`), 'utf8')) as SourceMap;
  const paths = map.sources.map((source) => posix.join(dirname(file), source));
  // Of libraries, of our other packages, or made by the build.
  const isForeign = (path: string): boolean => /node_modules\/|^\.\.\/|\/replaced:/.test(path);
  return paths.filter((path, index) => !(isForeign(path) && typeof map.sourcesContent?.[index] === 'string'));
}

describe.each(globSync('packages/*', { cwd: ROOT }).sort())('the tarball of %s', (folder) => {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
  const name = folder.slice('packages/'.length);
  let files: readonly string[];
  beforeAll(() => {
    if (!existsSync(join(ROOT, folder, 'dist')))
      throw new Error(`${folder} is not built: run "npm run build" first`);
    files = pack(folder);
  });

  it('holds only what is needed', () => {
    const also = ALSO_ALLOWED[name];
    const allowed = also === undefined ? ALLOWED : [...ALLOWED, also];
    const unexpected = files.filter(
      (file) => FORBIDDEN.test(file) || !allowed.some((rule) => rule.test(file)),
    );
    expect(unexpected).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
  });

  it('brings a source map for each module, and every source that it points at', () => {
    // Hand-written pages run as they are; Lambdas are one minified file each; a module of mere re-exports has
    // nothing to map.
    const mapped = files.filter(
      (file) =>
        /^dist\/[^/]+\.c?js$/.test(file) &&
        readFileSync(join(ROOT, folder, file), 'utf8').includes('//# sourceMappingURL='),
    );
    expect(mapped).not.toEqual([]);
    const shipped = new Set(files);
    for (const module of mapped) {
      expect(shipped, module).toContain(`${module}.map`);
      // What is bundled from libraries is in their packages.
      const own = mappedSources(folder, module).filter((source) => !source.includes('node_modules/'));
      for (const source of own) expect(shipped, `${module} → ${source}`).toContain(source);
    }
  });

  it('runs no script when it is installed', () => {
    const hooks = [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'prepublish',
      'preprepare',
      'postprepare',
    ];
    expect(Object.keys(manifest.scripts).filter((script) => hooks.includes(script))).toEqual([]);
    expect(files).not.toContain('binding.gyp');
  });

  it('is published for everyone, with a signed statement of where it was built', () => {
    expect(manifest).toMatchObject({
      license: 'MIT',
      sideEffects: false,
      repository: { directory: folder },
      publishConfig: { access: 'public', provenance: true },
    });
    // Node 20.19 and 22.12 can require modules; those between them cannot.
    expect(manifest.engines.node).toMatch(/^(\^20\.19\.0 \|\| )?>=\d/);
  });
});
