import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/** The package's folder. */
export const ROOT: string = join(import.meta.dirname, '..');

/** With `--debug`, functions keep their names and nothing is inlined. */
const OPTIMIZATION: string = process.argv.includes('--debug') ? '--debug' : '-O3';

/** Sources that exist in memory only, and what becomes of the others before they are compiled. */
export interface Variant {
  readonly entries: Readonly<Record<string, string>>;
  readonly transform: (source: string, path: string) => string;
}

/** Compiles the engine as it is shipped, or a variant of it. */
export async function compileEngine(variant?: Variant): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'wasm/index.ts',
      ...Object.keys(variant?.entries ?? {}),
      ...['--baseDir', ROOT],
      OPTIMIZATION,
      '--noAssert',
      ...['--runtime', 'stub'],
      '--importMemory',
      ...['--enable', 'simd'],
      ...['--outFile', 'engine.wasm'],
    ],
    {
      readFile: (path) => {
        const added = variant?.entries[path];
        if (added !== undefined || !existsSync(join(ROOT, path))) return added ?? null;
        const source = readFileSync(join(ROOT, path), 'utf8');
        return variant === undefined ? source : variant.transform(source, path);
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`The engine does not compile.\n${stderr}`);
  return binary;
}
