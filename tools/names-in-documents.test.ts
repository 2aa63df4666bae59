import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What documents name in backticks has to be there: files, folders, packages with their subpaths, npm scripts
 * and test commands. A path may leave out its start (`worker/src/main.ts`, `config.ts`), and may be a
 * pattern.
 */
const ROOT = resolve(import.meta.dirname, '..');

/** Paths that no clone has: what builds and tools write, and examples of names. */
const NOT_IN_A_CLONE: readonly string[] = [
  // Written by the build of the command line.
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/lambda/copy-upload/index.cjs',
  'index.cjs',
  'coverage/',
  'node_modules/.cache',
  'reports/',
  'site/',
  'x.test.ts',
  'x.built.test.ts',
  'x.long.test.ts',
  // Keys of objects, and names at GitHub, of platforms and of AWS's policies.
  'a/b',
  'a/./b',
  'bucket/key',
  'linux/amd64',
  'service-role/AWSBackupServiceRolePolicyForBackup',
];

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: ROOT, encoding: 'utf8' });
// Also what is not committed yet; not what git ignores, as another clone has none of it.
const files = run('git', 'ls-files', '--cached', '--others', '--exclude-standard').trim().split('\n');

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}
const manifests = new Map(
  globSync(['package.json', '{packages,examples}/*/package.json', '{e2e,tools}/package.json'], {
    cwd: ROOT,
  }).map((file) => [file, JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest]),
);

/** `packages/worker/src` → itself, `worker/src` and `src`, for each file and each folder above it. */
const endings = new Set(
  files.flatMap((file) => {
    const parts = file.split('/');
    return parts.flatMap((_, start) =>
      parts.slice(start).map((_, more) => parts.slice(start, start + more + 1).join('/')),
    );
  }),
);
const scope = manifests.get('packages/core-wordfreq/package.json')?.name.split('/')[0] ?? '';
const importable = new Set(
  [...manifests.values()].flatMap(({ name, exports = {} }) => [
    ...Object.keys(exports).map((subpath) => join(name, subpath)),
    ...Object.keys(exports),
    name,
    '@org/source',
  ]),
);

const PATH =
  /^(?:[\w.@*{},-]+\/)*[\w.@*{},-]+\.(?:ts|js|mjs|cjs|json|md|yml|css|html|txt|webp)$|^(?:[\w.@*-]+\/)+[\w.@*-]*$/;

function exists(name: string): boolean {
  if (NOT_IN_A_CLONE.includes(name) || importable.has(name)) return true;
  // The repository, whoever owns it.
  if (/^\w+\/wordfreq$/.test(name)) return true;
  const isOurs = name.startsWith(`${scope}/`);
  if (name.startsWith('@') && !isOurs) return true;
  if (isOurs && name.includes('*')) return [...importable].some((ours) => matchesGlob(ours, name));
  const path = name.replace(/^(\.{1,2}\/)+|\/$/g, '').replace(/\/$/, '');
  if (!/[*{]/.test(path)) return endings.has(path);
  return [...endings].some((ending) => matchesGlob(ending, path));
}

const documents = files.filter(
  (file) =>
    file.endsWith('.md') &&
    // Dated records of what was so, and lists that tools write.
    !/^\.changeset\/|\/api\/|\/bench\/results\/|CHANGELOG\.md$|dependency-licences\.md$/.test(file),
);

function codeIn(document: string): string[] {
  const prose = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** As in vitest.config.ts. */
function projectOf(test: string): string {
  if (test.endsWith('.long.test.ts') || test.startsWith('e2e/judges/')) return 'long';
  if (test.endsWith('.built.test.ts')) return 'built';
  return test.replace('packages/', '').replace(/\/.*/, '');
}

describe.each(documents)('what %s names', (document) => {
  const code = codeIn(document);

  it('are paths and packages that exist', () => {
    expect(code.filter((name) => PATH.test(name) && !exists(name))).toEqual([]);
  });

  it('are scripts that exist', () => {
    const missing = code.filter((command) => {
      const [, script] = /^npm run ([\w:-]+)/.exec(command) ?? [];
      if (script === undefined) return false;
      const [, workspace] = / -w ([\w/-]+)/.exec(command) ?? [];
      // A document of a package speaks of the package's own scripts, or of the repository's.
      const own = document.split('/').slice(0, 2).join('/');
      const folders = workspace === undefined ? ['', own] : [workspace];
      return !folders.some((folder) => manifests.get(join(folder, 'package.json'))?.scripts?.[script]);
    });
    expect(missing).toEqual([]);
  });

  it('are projects of nx that exist', () => {
    const names = new Set([...manifests.values()].map(({ name }) => name.replace(/.*\//, '')));
    const missing = code.filter((command) => {
      const [, project] = /^npx nx .* -p ([\w-]+)/.exec(command) ?? [];
      return project !== undefined && !names.has(project);
    });
    expect(missing).toEqual([]);
  });

  it('are tests that exist', () => {
    const missing = code.filter((command) => {
      const [, project, filter = ''] = /vitest run --project ([\w-]+)(?: ([\w/.-]+))?/.exec(command) ?? [];
      const isMeant = (file: string): boolean => file.includes(filter) && projectOf(file) === project;
      return project !== undefined && !files.some((file) => file.endsWith('.test.ts') && isMeant(file));
    });
    expect(missing).toEqual([]);
  });
});

/**
 * Rows of tables name tests like this: "[handle-message](…/handle-message.test.ts): counts one event that
 * comes twice once".
 */
function testsNamedIn(document: string): { readonly file: string; readonly title: string }[] {
  const rows = readFileSync(join(ROOT, document), 'utf8').matchAll(
    /\]\(([^)\s]+\.ts)\): (.+?)(?=<br>| \|\n)/g,
  );
  return [...rows].map(([, file = '', title = '']) => ({ file: join(dirname(document), file), title }));
}

describe.each(documents.filter((document) => testsNamedIn(document).length > 0))(
  'the tests that %s names',
  (document) => {
    it.each(testsNamedIn(document))('exist: $file: $title', ({ file, title }) => {
      const isThere = readFileSync(join(ROOT, file), 'utf8').includes(title);
      expect(isThere, `Expected a test "${title}" in ${file}. Change ${document} with the title.`).toBe(true);
    });
  },
);

describe('the check of names', () => {
  it.each(['worker/src/poll-loop.ts', '@org/wordfreq-core/none', 'packages/*/src/none.ts', 'none/'])(
    'would miss %s',
    (name) => {
      expect(PATH.test(name)).toBe(true);
      expect(exists(name)).toBe(false);
    },
  );

  it('still needs every exception', () => {
    const named = new Set(documents.flatMap(codeIn));
    expect(NOT_IN_A_CLONE.filter((name) => !named.has(name))).toEqual([]);
  });
});
