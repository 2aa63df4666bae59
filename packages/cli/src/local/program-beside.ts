import { fileURLToPath } from 'node:url';

/** The path of another program of this folder: a source when run from sources, else a built file. */
export function programBeside(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./${name}.${extension}`, import.meta.url));
}
