import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** What a stranger looks for in the README of any package. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['how to install it', /npm install [^\n]*@org\/wordfreq-/],
  ['a first example', /```ts\n/],
  ['where to start reading', /Start reading (here|at)/],
  ['a table of options', /\n\| ?(`?[Oo]ption|variable|construct|Factory)[^\n]*\n\|---/],
  ['errors', /\n## Errors\n/],
  ['limits', /\n## [^\n]*[Ll]imits\n/],
];

describe.each(globSync('packages/*/README.md', { cwd: ROOT }).sort())('%s', (file) => {
  it.each(PARTS)('has %s', (_part, pattern) => {
    expect(textOf(file)).toMatch(pattern);
  });
});

const documents = globSync(
  ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'packages/*/docs/*.md', 'examples/*/*.md'],
  { cwd: ROOT },
);

describe('links in the documents', () => {
  it.each(documents.sort())('of %s lead to files that are there', (file) => {
    // Code is full of brackets that are no links.
    const prose = textOf(file).replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = targets
      .filter((target) => !/^([a-z]+:|#)/.test(target))
      .map((target) => target.replace(/#.*$/, ''));
    expect(
      local.filter((target) => !existsSync(join(ROOT, dirname(file), decodeURIComponent(target)))),
    ).toEqual([]);
  });
});
