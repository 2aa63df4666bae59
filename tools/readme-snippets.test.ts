import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
// Inside the repository, so that packages resolve as they do for its own code.
const FOLDER = join(import.meta.dirname, '.snippets');

interface Snippet {
  readonly name: string;
  readonly code: string;
  /** What the comments after `console.log(…);` say is printed. */
  readonly expected: readonly string[];
}

/** Fences that say `ts sketch` show code around something of the reader's own, and cannot run here. */
function snippetsOf(readme: string): Snippet[] {
  const text = readFileSync(join(ROOT, readme), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({
    name: `${readme.replaceAll(/\W+/g, '-')}-${index + 1}`,
    code,
    expected: [...code.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = '']) => comment),
  }));
}

const DOCUMENTS = '{README.md,packages/*/README.md,packages/*/docs/*.md,docs/**/*.md,examples/*/README.md}';
const snippets = globSync(DOCUMENTS, { cwd: ROOT }).sort().flatMap(snippetsOf);
const fileOf = ({ name }: Snippet): string => join(FOLDER, `${name}.ts`);
const squeeze = (text: string): string => text.replaceAll(/\s+/g, '');

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const snippet of snippets) writeFileSync(fileOf(snippet), snippet.code);
  writeFileSync(
    join(FOLDER, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      // The CDK's types do not tell absent members from undefined ones, nor do our constructs.
      compilerOptions: { isolatedDeclarations: false, exactOptionalPropertyTypes: false },
      include: ['*.ts'],
    }),
  );
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe('code in the documents', () => {
  it('is there in every package’s README, and in every recipe', () => {
    const having = new Set(snippets.map(({ name }) => name.replace(/-md-\d+$/, '')));
    const expected = globSync(['packages/*', 'docs/recipes/*.md'], { cwd: ROOT }).map((path) =>
      (path.endsWith('.md') ? path.slice(0, -3) : `${path}/README`).replaceAll(/\W+/g, '-'),
    );
    for (const document of expected) expect(having, document).toContain(document);
  });

  it('has the right types', () => {
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', FOLDER], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it.each(snippets.map((snippet) => [snippet.name, snippet] as const))(
    '%s runs and prints what it says',
    (_, snippet) => {
      const output = execFileSync(process.execPath, ['--conditions=@org/source', fileOf(snippet)], {
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      for (const expected of snippet.expected) expect(squeeze(output)).toContain(squeeze(expected));
    },
    60_000,
  );
});
