import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import tests from '../vitest.mutation.config.ts';

const ROOT = resolve(import.meta.dirname, '..');
const { mutate } = JSON.parse(readFileSync(resolve(ROOT, 'stryker.config.json'), 'utf8')) as {
  readonly mutate: readonly string[];
};
const patterns = [...mutate.filter((pattern) => !pattern.startsWith('!')), ...(tests.test?.include ?? [])];

// Stryker says nothing of a pattern that finds no file: after a move, it would quietly mutate less.
it.each(patterns)('mutation tests find files for %s', (pattern) => {
  expect(globSync(pattern, { cwd: ROOT })).not.toEqual([]);
});
