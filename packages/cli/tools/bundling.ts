/**
 * How the command line is bundled with the libraries that it is built on: what `tsup.config.ts` adds to every
 * other package's settings.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/** CommonJS in a bundle loads Node's own modules with `require`, which an ES module lacks. */
export const REQUIRE_FOR_COMMONJS: string =
  "import { createRequire as createRequireOfNode } from 'node:module';\n" +
  'const require = createRequireOfNode(import.meta.url);';

/**
 * The one library that cannot be bundled, because it is compiled: it keeps the items of
 * `wordfreq local --data-dir`.
 */
const LEVELDB = 'classic-level';

/** Loaded in place of the adapters' own: the emulators are bundled, and need not be found. */
const LOAD_BUNDLED_EMULATORS = `
  export async function loadFauxqs() {
    const [{ buildApp }, { SqsStore }, { SnsStore }, { S3Store }, { PersistenceManager }] = await Promise.all([
      import('fauxqs/dist/app.js'),
      import('fauxqs/dist/sqs/sqsStore.js'),
      import('fauxqs/dist/sns/snsStore.js'),
      import('fauxqs/dist/s3/s3Store.js'),
      import('fauxqs/dist/persistence.js'),
    ]);
    return { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager };
  }
  export const loadDynalite = async () => (await import('dynalite')).default;
`;

/**
 * Loaded in place of dynalite's `level`, which would load LevelDB at once, also where everything is kept in
 * memory.
 */
const LEVEL_ON_DEMAND = `
  exports.Level = function Level(...options) {
    try {
      var { ClassicLevel } = require('${LEVELDB}');
    } catch (cause) {
      const message = 'Expected the package ${LEVELDB}, which keeps the items of DynamoDB in a folder, but it is not installed';
      const hint =
        'Run: npx --package=@org/wordfreq-cli --package=${LEVELDB}@3 wordfreq local --data-dir <folder>; ' +
        'or, where wordfreq is installed: npm install ${LEVELDB}@3 (with --global if wordfreq is).';
      throw Object.assign(new Error(message, { cause }), { code: 'not-installed', hint });
    }
    return new ClassicLevel(...options);
  };
`;

/** Bundles the emulators. */
export const bundledEmulators: Plugin = {
  name: 'bundled-emulators',
  setup(build) {
    const replace = (filter: RegExp, contents: string): void => {
      build.onResolve({ filter }, ({ path, resolveDir }) => ({
        path,
        namespace: 'replaced',
        pluginData: resolveDir,
      }));
      build.onLoad({ filter, namespace: 'replaced' }, ({ pluginData }) => ({
        contents,
        resolveDir: pluginData,
        loader: 'js',
      }));
    };
    replace(/^\.\/load-emulators\.ts$/, LOAD_BUNDLED_EMULATORS);
    replace(/^level$/, LEVEL_ON_DEMAND);
    // fauxqs exports one function only; what it is made of is imported by file.
    build.onResolve({ filter: /^fauxqs\/dist\// }, ({ path }) => ({
      path: join(folderOf('fauxqs'), '..', path),
    }));
  },
};

/**
 * dynalite requires its actions without file extensions, without which a bundler does not find files whose
 * names are computed.
 */
function namingFiles(path: string, code: string): string {
  return !path.endsWith('/dynalite/index.js')
    ? code
    : code.replaceAll(/(require\('\.\/[a-z/]*' \+ \w+)\)/g, "$1 + '.js')");
}

/**
 * Leaves the libraries' text out of our source maps, which would be several times as large as the program.
 */
export const unmappedLibraries: Plugin = {
  name: 'unmapped-libraries',
  setup(build) {
    const nothing = Buffer.from(
      '{"version":3,"sources":["library"],"sourcesContent":[""],"mappings":"AAAA"}',
    ).toString('base64');
    build.onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${namingFiles(path, await readFile(path, 'utf8'))}\n//# sourceMappingURL=data:application/json;base64,${nothing}`,
      loader: 'js',
    }));
  },
};

/** The file with which a bundler begins to read a library: its ES module, if it has one. */
export function beginningOf(library: string): string {
  const folder = folderOf(library);
  const { module, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, module ?? main);
}

function folderOf(name: string): string {
  const found = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name)).find(existsSync);
  if (found === undefined) throw new Error(`Expected ${name} to be installed. Run: npm ci`);
  return found;
}

/** The libraries that went into a bundle with their licences, which must be passed on. */
export function thirdPartyNotices({ inputs }: Metafile): string {
  const folders = Object.keys(inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [],
  );
  const notices = [...new Set(folders)].sort().map((folder) => noticeOf(folder));
  const head = 'The files of this folder contain these libraries, each under its own licence.\n';
  return [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(folder: string): string {
  const { name, version, ...manifest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const license = nameOf(manifest.license ?? manifest.licenses);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const terms =
    texts.length > 0
      ? texts
      : [`It brings no text of its licence, which is ${license}: https://spdx.org/licenses/${license}`];
  return [`${name} ${version} (${license})`, ...terms, ''].join('\n\n');
}

/** Old manifests name licences in an object, or in a list of objects. */
function nameOf(license: unknown): string {
  if (Array.isArray(license)) return license.map(nameOf).join(' or ');
  if (typeof license === 'object' && license !== null && 'type' in license) return String(license.type);
  return String(license);
}
