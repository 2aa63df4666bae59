import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINE_BINARY } from '../src/engine/generated/engine-binary.ts';
import { compileEngine, ROOT } from '../tools/compile-engine.ts';
import { describeMemory, findRegions, start } from '../tools/describe-memory.ts';
import { sharedConstants } from '../tools/shared-constants.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The compiler needs a few seconds, more on a busy machine. */
const COMPILE_MS = 120_000;

describe('the WebAssembly engine', () => {
  it('is what its sources compile to', { timeout: COMPILE_MS }, async () => {
    expect(Buffer.from(await compileEngine()).toString('base64')).toBe(ENGINE_BINARY);
  });

  it('has the constants of the TypeScript sources', () => {
    expect(read('wasm/generated/shared-constants.ts')).toBe(sharedConstants());
  });

  it('has the memory that its page describes, without a gap and without an overlap', {
    timeout: COMPILE_MS,
  }, async () => {
    const regions = await findRegions();
    expect(read('docs/wasm-memory.md')).toBe(describeMemory(regions));
    expect(regions.filter(({ holds }) => holds === '')).toEqual([]);
    const shipped = start(Buffer.from(ENGINE_BINARY, 'base64'));
    const ends = regions.map(({ offset, size }) => offset + size);
    const next = [...regions.slice(1).map(({ offset }) => offset), shipped['allocate']?.(0) as number];
    for (const [index, end] of ends.entries()) {
      const gap = (next[index] as number) - end;
      expect(gap, `${regions[index]?.module}: bytes after ${regions[index]?.name}`).toBeGreaterThanOrEqual(0);
      expect(gap, `${regions[index]?.module}: bytes after ${regions[index]?.name}`).toBeLessThan(64);
    }
  });
});
