import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Installation, installBuiltPackage } from './runtimes/built-package.ts';

// Bundling, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const PACKAGE = join(import.meta.dirname, '..');

/** Bytes that must not be exceeded; whoever raises one changes the README too. */
const { 'npm package': packedLimits, ...LIMITS } = JSON.parse(
  readFileSync(join(PACKAGE, 'size-limits.json'), 'utf8'),
) as Record<string, Record<string, number>>;

/** How a WebAssembly binary begins, as base64. */
const WASM_MAGIC = 'AGFzb';

describe('the built package', () => {
  let installed: Installation;
  beforeAll(() => {
    installed = installBuiltPackage();
  });
  afterAll(() => installed?.remove());

  async function bundle(contents: string): Promise<Uint8Array> {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: installed.folder },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      logLevel: 'error',
    });
    return outputFiles[0]?.contents as Uint8Array;
  }

  it.each(Object.entries(LIMITS))(
    'stays within its limits where an application has only: %s',
    async (contents, limits) => {
      const bytes = await bundle(contents);
      const sizes: Record<string, number> = {
        minified: bytes.length,
        gzip: gzipSync(bytes, { level: 9 }).length,
      };
      for (const [measure, limit] of Object.entries(limits)) {
        const size = sizes[measure] as number;
        expect(
          size,
          `${contents}: ${size} bytes ${measure}, limit ${limit} (size-limits.json)`,
        ).toBeLessThanOrEqual(limit);
      }
    },
  );

  it('leaves the engine out where nothing counts', async () => {
    const withEngine = new TextDecoder().decode(
      await bundle("export { countWords } from '@org/wordfreq-core'"),
    );
    expect(withEngine).toContain(WASM_MAGIC);
    for (const names of [
      'mergeCounts',
      'mergeEncoded',
      'encodeCounts, decodeCounts, filterCounts',
      'fingerprintOptions',
    ]) {
      const without = new TextDecoder().decode(await bundle(`export { ${names} } from '@org/wordfreq-core'`));
      expect(without, names).not.toContain(WASM_MAGIC);
    }
  });

  it('is a small download', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: PACKAGE,
      maxBuffer: 2 ** 24,
    });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly size: number }>);
    const limit = packedLimits?.['packed'] as number;
    expect(
      packed?.size,
      `${packed?.size} bytes packed, limit ${limit} (size-limits.json)`,
    ).toBeLessThanOrEqual(limit);
    expect(packed?.size).toBeGreaterThan(0);
  });
});
