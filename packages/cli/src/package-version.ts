import { fs } from './builtin-modules.ts';

/** This package's version, from the manifest beside `src` and `dist`. */
export function packageVersion(): string {
  const manifest = fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
