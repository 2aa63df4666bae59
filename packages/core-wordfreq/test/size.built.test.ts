import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installation, installBuiltPackage } from './runtimes/built-package.ts';

const PACKAGE = join(import.meta.dirname, '..');
/** The dictionaries are most of it. Limits of bundles are in `.size-limit.json`. */
const MAX_PACKED_BYTES = 2_800_000;

/** How a WebAssembly binary begins, as base64. */
const WASM_MAGIC = 'AGFzb';

describe('the built package', () => {
  let installed: Installation;
  beforeAll(() => {
    installed = installBuiltPackage();
  });
  afterAll(() => installed?.remove());

  async function bundle(contents: string): Promise<string> {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: installed.folder },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      metafile: true,
      logLevel: 'error',
    });
    return `${outputFiles[0]?.text}\n${Object.keys(metafile.inputs).join('\n')}`;
  }

  it('leaves the engine out where nothing counts', async () => {
    expect(await bundle("export { countWords } from '@org/wordfreq-core'")).toContain(WASM_MAGIC);
    for (const names of [
      'mergeCounts',
      'mergeEncoded',
      'encodeCounts, decodeCounts, filterCounts',
      'fingerprintOptions',
    ]) {
      const without = await bundle(`export { ${names} } from '@org/wordfreq-core'`);
      expect(without, names).not.toContain(WASM_MAGIC);
    }
  });

  it('leaves the dictionaries out where nobody asks for them', async () => {
    const everything = await bundle("export * from '@org/wordfreq-core'");
    expect(everything).not.toMatch(/dist\/(cjk|southeast-asia)/);
    expect(everything.length).toBeLessThan(122_000);
    expect(await bundle("export * from '@org/wordfreq-core/cjk'")).toContain('dist/cjk');
    const all = await bundle("export * from '@org/wordfreq-core/southeast-asia'");
    const thai = await bundle("export { thaiDictionary } from '@org/wordfreq-core/southeast-asia'");
    expect(all.length).toBeGreaterThan(1_000_000);
    expect(thai.length).toBeLessThan(200_000);
  });

  it('is a small download', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: PACKAGE,
      maxBuffer: 2 ** 24,
    });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly size: number }>);
    expect(packed?.size, `${packed?.size} bytes packed, limit ${MAX_PACKED_BYTES}`).toBeLessThanOrEqual(
      MAX_PACKED_BYTES,
    );
    expect(packed?.size).toBeGreaterThan(0);
  });
});
