/**
 * Writes the API site of all packages into `site/`: `npm run docs`. Its entries are those that the manifests
 * export, read from the sources. Any warning, such as a link that leads nowhere, is an error.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';

const ROOT = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@org/source'?: string } | string>>;
}

function sourcesOf(packageFolder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, packageFolder, 'package.json'), 'utf8')) as Manifest;
  return Object.values(exports).flatMap((entry) => {
    // Files such as the engine have none.
    const source = typeof entry === 'string' ? undefined : entry['@org/source'];
    return source === undefined ? [] : [join(ROOT, packageFolder, source)];
  });
}

const options: TypeDocOptions = {
  name: 'wordfreq',
  entryPoints: globSync('packages/*', { cwd: ROOT }).sort().flatMap(sourcesOf),
  tsconfig: join(ROOT, 'tools/tsconfig.api-docs.json'),
  basePath: join(ROOT, 'packages'),
  readme: join(ROOT, 'docs/README.md'),
  out: join(ROOT, 'site'),
  alwaysCreateEntryPointModule: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableGit: true,
  sourceLinkTemplate: 'https://github.com/org/wordfreq/blob/main/{path}#L{line}',
  treatWarningsAsErrors: true,
  // Signatures may speak of types that callers never write: `export` alone makes a type part of the contract.
  validation: {
    notExported: false,
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notDocumented: false,
  },
};

const app = await Application.bootstrap(options);
const project = await app.convert();
if (project === undefined) process.exitCode = 1;
else {
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
  else await app.generateOutputs(project);
}
