import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');

/** What files import, by whatever syntax, also in types. */
const IMPORTS = /(?:\bfrom\s*|\bimport\s*|\brequire\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)["']([^"']+)["']/g;
const REFERENCES = /\/\/\/\s*<reference\s+(?:types|path)="([^"]+)"/g;

/** All that a file and the files that it imports relatively import from elsewhere. */
function foreignImports(entry: string): ReadonlyMap<string, string> {
  const foreign = new Map<string, string>();
  const seen = new Set<string>();
  const open = [join(PACKAGE, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = withoutComments(readFileSync(resolveFile(file), 'utf8'));
    for (const [, specifier = ''] of [...text.matchAll(IMPORTS), ...text.matchAll(REFERENCES)]) {
      if (specifier.startsWith('.')) open.push(join(dirname(file), specifier));
      else foreign.set(specifier, file);
    }
  }
  expect(seen.size, entry).toBeGreaterThan(0);
  return foreign;
}

/** Declarations name the JavaScript beside them. */
function resolveFile(file: string): string {
  const candidates = [file, file.replace(/\.js$/, '.d.ts'), file.replace(/\.cjs$/, '.d.cts')];
  return candidates.find((candidate) => existsSync(candidate)) ?? file;
}

/** Examples in comments import what they like. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/?\*(?:(?!reference).)*$/gm, '');
}

describe('what the package needs', () => {
  it('is no other package', () => {
    const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
      expect(manifest[field], field).toBeUndefined();
    }
    expect(manifest['sideEffects']).toBe(false);
  });

  it.each([
    'src/index.ts',
    'src/web/index.ts',
    'src/cjk/index.ts',
    ...['index', 'web', 'cjk'].flatMap((entry) =>
      ['js', 'cjs', 'd.ts', 'd.cts'].map((kind) => `dist/${entry}.${kind}`),
    ),
  ])('is nothing at all in %s', (entry) => {
    expect([...foreignImports(entry).keys()]).toEqual([]);
  });

  it.each([
    'src/node/index.ts',
    'src/node/decompress.ts',
    ...['node', 'decompress'].flatMap((entry) =>
      ['js', 'cjs', 'd.ts', 'd.cts'].map((kind) => `dist/${entry}.${kind}`),
    ),
  ])('is only Node in %s', (entry) => {
    const foreign = [...foreignImports(entry).keys()];
    expect(
      foreign.filter(
        (specifier) => !/^(node:)?(fs|fs\/promises|stream|url|worker_threads|zlib)$/.test(specifier),
      ),
    ).toEqual([]);
  });

  it('would be seen: the walk finds what ./node needs', () => {
    expect([...foreignImports('dist/node.js').keys()].sort()).toContain('node:worker_threads');
    expect([...foreignImports('src/node/index.ts').keys()].sort()).toContain('node:worker_threads');
  });
});
