import type { Options } from 'tsup';

/**
 * The one place for bundler settings: each package's `tsup.config.ts` names its entries and nothing else.
 * Libraries ship ESM and CJS with types and source maps; dependencies stay imports.
 */
export function library(entry: Record<string, string>, overrides: Options = {}): Options {
  return {
    entry,
    format: ['esm', 'cjs'],
    platform: 'node',
    target: 'es2023',
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    // Modules such as node:sqlite exist only with the prefix.
    removeNodeProtocol: false,
    ...overrides,
  };
}
