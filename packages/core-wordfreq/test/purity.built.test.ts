import { describe, expect, it } from 'vitest';
import { foreignImports, ONLY_NODE } from './foreign-imports.ts';

const builtFiles = (entries: readonly string[]): string[] =>
  entries.flatMap((entry) => ['js', 'cjs', 'd.ts', 'd.cts'].map((kind) => `dist/${entry}.${kind}`));

describe('what the built package needs', () => {
  it.each(builtFiles(['index', 'web', 'cjk', 'encoding']))('is nothing at all in %s', (entry) => {
    expect([...foreignImports(entry).keys()]).toEqual([]);
  });

  it.each(builtFiles(['node', 'decompress', 'dictionaries']))('is only Node in %s', (entry) => {
    expect([...foreignImports(entry).keys()].filter((specifier) => !ONLY_NODE.test(specifier))).toEqual([]);
  });

  it('would be seen: the walk finds what ./node needs', () => {
    expect([...foreignImports('dist/node.js').keys()]).toContain('node:worker_threads');
  });
});
