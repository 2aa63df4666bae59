import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENGINE_BINARY } from './generated/engine-binary.ts';

const Module = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
  .WebAssembly.Module;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** As Cloudflare Workers do: a compiled module is there, and bytes are not compiled. */
async function coreWithoutCompiler(): Promise<typeof import('../index.ts')> {
  class OnlyFiles {
    constructor() {
      throw new Error('Wasm code generation disallowed by embedder');
    }
    static [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Module;
    }
  }
  const { WebAssembly } = globalThis as unknown as { WebAssembly: object };
  const { Instance, Memory } = WebAssembly as Record<string, unknown>;
  vi.stubGlobal('WebAssembly', { Instance, Memory, Module: OnlyFiles });
  vi.resetModules();
  return import('../index.ts');
}

describe('where bytes must not be compiled', () => {
  it('JavaScript counts, and says so', async () => {
    const { countWords } = await coreWithoutCompiler();
    expect((await countWords('a b a')).engine).toBe('javascript');
    await expect(countWords('a', { engine: 'wasm' })).rejects.toThrow(/does not allow compiling.*setEngine/);
  });

  it('WebAssembly counts with a module that was set', async () => {
    const { countWords, setEngine } = await coreWithoutCompiler();
    setEngine(new Module(Buffer.from(ENGINE_BINARY, 'base64')));
    const counts = await countWords('a b a', { engine: 'wasm' });
    expect([counts.engine, counts.get('a')]).toEqual(['wasm', 2]);
  });

  it('anything else is refused', async () => {
    const { setEngine } = await coreWithoutCompiler();
    for (const module of [{}, Buffer.from(ENGINE_BINARY, 'base64')]) {
      expect(() => setEngine(module)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    }
  });
});

describe('counts on a console', () => {
  it('show totals and the most frequent words', async () => {
    const { countWords } = await import('../index.ts');
    expect(inspect(await countWords('to be or not to be \0'))).toBe(
      'WordCounts(6 words, 4 distinct, warnings: nul) { "be" => 2, "to" => 2, "not" => 1, "or" => 1 }',
    );
    expect(inspect(await countWords('a b c d e f g'))).toContain('… 2 more }');
  });
});
