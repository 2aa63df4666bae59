import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PACKAGE: string = join(import.meta.dirname, '..');

/** What `./node`, `./decompress` and `./dictionaries` may import. */
export const ONLY_NODE: RegExp = /^(node:)?(fs|fs\/promises|stream|url|worker_threads|zlib)$/;

/** What files import, by whatever syntax, also in types. */
const IMPORTS = /(?:\bfrom\s*|\bimport\s*|\brequire\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)["']([^"']+)["']/g;
const REFERENCES = /\/\/\/\s*<reference\s+(?:types|path)="([^"]+)"/g;

/** All that a file and the files that it imports relatively import from elsewhere. */
export function foreignImports(entry: string): ReadonlyMap<string, string> {
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
