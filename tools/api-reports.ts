/**
 * Compares the exported API of the package in the current folder, entry by entry, with the reports in its
 * `api/`; `--update` rewrites them: `npm run api` at the top. It reads the built declarations, so the reports
 * show what consumers get. `tools/documented-members.test.ts` checks that every member has a doc comment.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const PACKAGE = process.cwd();
const REPORTS = join(PACKAGE, 'api');
const TEMP = resolve(import.meta.dirname, '../node_modules/.cache/api-reports', basename(PACKAGE));

/** An entry point of a package: its declarations, and the name of its report. */
interface Entry {
  readonly declarations: string;
  readonly report: string;
}

interface Conditions {
  readonly types?: string;
  readonly import?: { readonly types: string };
}

/** The entry points in the manifest's `exports`. */
function findEntries(): Entry[] {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, Conditions | string>>;
  };
  return Object.entries(manifest.exports).flatMap(([subpath, conditions]) => {
    // A file, not a module of ours.
    if (typeof conditions === 'string' || subpath.endsWith('.wasm')) return [];
    const types = conditions.import?.types ?? conditions.types ?? '';
    const report = `${subpath === '.' ? 'index' : subpath.slice(2)}.api.md`;
    return [{ declarations: join(PACKAGE, types), report }];
  });
}

function configOf({ declarations, report }: Entry): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(PACKAGE, 'package.json'),
    configObject: {
      projectFolder: PACKAGE,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2023',
            lib: ['es2023'],
            types: ['node'],
            skipLibCheck: true,
          },
          include: [declarations],
        },
      },
      apiReport: { enabled: true, reportFileName: report, reportFolder: REPORTS, reportTempFolder: TEMP },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}

/** The lines that only one of two reports has, with `-` or `+`: a diff without context. */
function difference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const [had, has] = [new Set(old), new Set(now)];
  return [
    ...old.filter((line) => !has.has(line)).map((line) => `  - ${line}`),
    ...now.filter((line) => !had.has(line)).map((line) => `  + ${line}`),
  ];
}

/** Makes the reports; returns their differences from the committed ones. */
function compare(entries: readonly Entry[], update: boolean): string[] {
  const missing = entries.find(({ declarations }) => !existsSync(declarations));
  if (missing !== undefined) throw new Error(`Expected ${missing.declarations}: run "npm run build" first.`);
  const configs = entries.map(configOf);
  const [first] = configs;
  if (first === undefined) return [];
  const additionalEntryPoints = entries.map(({ declarations }) => declarations);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  return configs.flatMap((config, index) => {
    const name = entries[index]?.report ?? '';
    const committed = join(REPORTS, name);
    const before = existsSync(committed) ? readFileSync(committed, 'utf8') : '';
    Extractor.invoke(config, {
      localBuild: update,
      compilerState,
      messageCallback: (message) => {
        message.handled = message.logLevel !== ExtractorLogLevel.Error;
      },
    });
    const lines = difference(before, readFileSync(join(TEMP, name), 'utf8'));
    return lines.length === 0 ? [] : [`api/${name}`, ...lines, ''];
  });
}

const update = process.argv.includes('--update');
mkdirSync(TEMP, { recursive: true });
if (update) rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const entries = findEntries();
const differences = compare(entries, update);
const expected = new Set(entries.map(({ report }) => report));
const stale = readdirSync(REPORTS).filter((file) => !expected.has(file));
if (!update && differences.length + stale.length > 0) {
  console.error(`The exported API differs from the reports in api/:\n\n${differences.join('\n')}`);
  for (const file of stale) console.error(`api/${file} belongs to no entry point`);
  console.error(
    'If this is intended, run "npm run api", commit the reports, and say in a changeset what users will notice.',
  );
  process.exitCode = 1;
} else console.log(`${entries.length} API reports ${update ? 'written' : 'agree'}`);
