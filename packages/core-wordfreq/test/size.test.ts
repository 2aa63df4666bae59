import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../src');

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

describe('the size of the sources', () => {
  it('stays below the limits that the README states', () => {
    expect(statSync(join(SOURCES, 'engine/generated/engine-binary.ts')).size).toBeLessThan(20_000);
    const dictionary = statSync(join(SOURCES, 'dictionary/generated/cjk-words.ts')).size;
    expect(dictionary).toBeLessThan(2_000_000);
    expect(bytesOf(SOURCES) - dictionary).toBeLessThan(200_000);
  });
});
