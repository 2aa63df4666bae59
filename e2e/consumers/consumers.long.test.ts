import { existsSync, globSync, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { chromium } from 'playwright-core';
import { preview, build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { addFixture, createApp, install } from './consumer-app.ts';
import { installNodes, NODE_MAJORS, type NodeBinary } from './node-versions.ts';
import { type Registry, startRegistry } from './registry.ts';
import { copyForRelease, PACKAGES, type ReleaseCopy } from './release-copy.ts';
import { run } from './run.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const noBrowser = existsSync(CHROMIUM) ? '' : ` — skipped: no browser at ${CHROMIUM}; set CHROMIUM`;
const LIBRARIES = ['core', 'aws-adapters', 'worker', 'copy-lambda'].map((name) => `@org/wordfreq-${name}`);
/** A program, which importing would start. */
const PROGRAM = '@org/wordfreq-worker/main';
const LONG = 240_000;

let folder: string;
let registry: Registry;
let copy: ReleaseCopy;
let nodes: ReadonlyMap<number, NodeBinary>;
let firstVersion: string;
/** The folders of the apps: one with the libraries, one with the constructs. */
let app: string;
let cdkApp: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wordfreq-consumers-'));
  const installing = installNodes();
  registry = await startRegistry(join(folder, 'registry'));
  copy = await copyForRelease(join(folder, 'repository'), registry.publisherSettings);
  firstVersion = await copy.version('first', { '@org/wordfreq-core': 'minor' }, 'The first release.');
  await copy.publish();
  [app, cdkApp] = (await Promise.all(
    ['app', 'cdk-app'].map((name) => createApp(join(folder, name), registry.consumerSettings)),
  )) as [string, string];
  // The optional peers of "./local", and a compiler; it is another one than builds our declarations.
  const compiler = ['typescript@7', '@types/node@24'];
  await install(app, ...LIBRARIES, 'fauxqs@2.4.1', 'dynalite@4', ...compiler);
  await install(cdkApp, '@org/wordfreq-constructs', 'aws-cdk-lib', 'constructs', ...compiler);
  nodes = await installing;
}, 600_000);

afterAll(async () => {
  await registry?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The binary of a Node major, or the end of the test with the reason. */
function nodeOf(major: number, context: TestContext): string {
  const node = nodes.get(major);
  if (node === undefined || 'missing' in node) return context.skip(node?.missing);
  return node.path;
}

async function manifestOf(name: string): Promise<{ exports: Record<string, unknown>; version: string }> {
  const installed = name === '@org/wordfreq-constructs' ? cdkApp : app;
  return JSON.parse(await readFile(join(installed, 'node_modules', name, 'package.json'), 'utf8'));
}

/** Every entry that the published manifests of the libraries promise. */
async function entries(): Promise<string[]> {
  const found: string[] = [];
  for (const name of LIBRARIES) {
    const subpaths = Object.keys((await manifestOf(name)).exports).filter(
      (path) => path !== './package.json' && path !== './engine.wasm',
    );
    found.push(...subpaths.map((path) => name + path.slice(1)));
  }
  return found.filter((entry) => entry !== PROGRAM);
}

const forms = NODE_MAJORS.flatMap((major) => (['mjs', 'cjs'] as const).map((form) => ({ major, form })));

describe('the libraries, installed from a registry', { timeout: LONG }, () => {
  it.for(forms)('load by every subpath as $form on Node $major', async ({ major, form }, context) => {
    const node = nodeOf(major, context);
    const cwd = await addFixture(app, 'modules');
    const found = JSON.parse(await run(node, [`load.${form}`, ...(await entries())], { cwd }));
    const other = JSON.parse(
      await run(node, [`load.${form === 'mjs' ? 'cjs' : 'mjs'}`, ...(await entries())], { cwd }),
    );
    expect(found).toEqual(other);
    expect(found['@org/wordfreq-core']).toContain('countWords');
  });

  it.for(forms)('do their work as $form on Node $major', async ({ major, form }, context) => {
    const cwd = await addFixture(app, 'modules');
    expect(JSON.parse(await run(nodeOf(major, context), [`use.${form}`], { cwd }))).toEqual([
      [
        { word: 'be', count: 2 },
        { word: 'to', count: 2 },
      ],
      true,
      'copied',
      'resize photo 1',
    ]);
  });

  it.for(NODE_MAJORS)('have a worker that says what it needs on Node %i', async (major, context) => {
    const node = nodeOf(major, context);
    const main = join(app, 'node_modules/@org/wordfreq-worker/dist/main.js');
    await expect(run(node, [main], { cwd: app })).rejects.toThrow(/: 2\n[\s\S]*JOBS_QUEUE_URL/);
  });

  it('have source maps that point at sources which they bring', async () => {
    for (const name of [...LIBRARIES, '@org/wordfreq-constructs']) {
      const root = join(name === '@org/wordfreq-constructs' ? cdkApp : app, 'node_modules', name);
      const map = JSON.parse(
        await readFile(join(root, 'dist/index.js.map'), 'utf8').catch(() =>
          readFile(join(root, 'dist/s3.js.map'), 'utf8'),
        ),
      );
      for (const source of map.sources)
        expect(existsSync(join(root, 'dist', source)), `${name}: ${source}`).toBe(true);
    }
  });
});

describe('TypeScript', { timeout: LONG }, () => {
  /** Compiles files of an app, and every declaration that they lead to, in its strictest mode. */
  async function compile(cwd: string, module: string, files: readonly string[]): Promise<void> {
    const moduleResolution = module === 'esnext' ? 'bundler' : module;
    const kind = { module, moduleResolution, target: 'es2023', lib: ['es2023'], types: ['node'] };
    const compilerOptions = { ...kind, strict: true, noEmit: true };
    await writeFile(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    await run(join(cwd, '../node_modules/.bin/tsc'), ['-p', '.'], { cwd });
  }

  it.for([
    { module: 'nodenext', files: ['all.mts', 'all.cts'] },
    { module: 'esnext', files: ['all.ts'] },
  ])('finds the type of every entry of the libraries with $module', async ({ module, files }) => {
    const cwd = await addFixture(app, 'typescript');
    const lines = (await entries()).map(
      (entry, index) => `import * as entry${index} from '${entry}';\nvoid entry${index};\n`,
    );
    for (const file of files) {
      await writeFile(join(cwd, file), lines.join('') + (await readFile(join(cwd, 'use.ts'), 'utf8')));
    }
    await compile(cwd, module, files);
  });

  it.for([
    { module: 'nodenext', files: ['app.mts', 'app.cts'] },
    { module: 'esnext', files: ['app.ts'] },
  ])('knows the constructs’ properties with $module', async ({ module, files }) => {
    const cwd = await addFixture(cdkApp, 'cdk');
    for (const file of files) await cp(join(cwd, 'typed.ts'), join(cwd, file));
    await compile(cwd, module, files);
  });
});

describe('bundles', { timeout: LONG }, () => {
  it(`counts in a browser, bundled by Vite${noBrowser}`, async (context) => {
    if (noBrowser !== '') context.skip(noBrowser);
    const root = await addFixture(app, 'browser');
    await viteBuild({ root, logLevel: 'error', configFile: false });
    const server = await preview({
      root,
      logLevel: 'error',
      configFile: false,
      preview: { port: 0, host: '127.0.0.1' },
    });
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(server.resolvedUrls?.local[0] ?? '');
      const output = page.locator('output');
      await output.filter({ hasText: 'wasm' }).waitFor();
      const shown = JSON.parse((await output.textContent()) ?? '');
      expect(complaints).toEqual([]);
      expect(shown.wasm).toEqual(shown.javascript);
      expect(shown.wasm[0]).toEqual({ word: 'die', count: 2 });
      expect(shown.page).toBe(1);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it.for(NODE_MAJORS)(
    'answers as a Lambda function bundled by esbuild on Node %i',
    async (major, context) => {
      const node = nodeOf(major, context);
      const cwd = await addFixture(app, 'lambda');
      const outfile = join(cwd, 'index.cjs');
      const result = await esbuild({
        entryPoints: [join(cwd, 'handler.ts')],
        outfile,
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20',
        logLevel: 'silent',
        metafile: true,
      });
      expect(result.warnings).toEqual([]);
      const [output] = Object.values(result.metafile.outputs);
      expect(output?.bytes).toBeLessThan(1_000_000);
      const program = `require('./index.cjs').handler({ text: 'two two words' }).then((answer) => console.log(JSON.stringify(answer)))`;
      expect(JSON.parse(await run(node, ['-e', program], { cwd }))).toEqual([{ word: 'two', count: 2 }]);
    },
  );
});

describe('the constructs, in a CDK app of somebody else', { timeout: LONG }, () => {
  it.for(forms)('synthesize as $form on Node $major', async ({ major, form }, context) => {
    const cwd = await addFixture(cdkApp, 'cdk');
    const output = await run(nodeOf(major, context), [`app.${form}`, join(cwd, `${form}-${major}.out`)], {
      cwd,
      env: { CDK_VALIDATION: 'false' },
    });
    expect(output.split('\n').sort()).toEqual(['', 'Existing true false', 'Own true true']);
  });
});

describe('the command line', { timeout: LONG }, () => {
  const majors = NODE_MAJORS.filter((major) => major >= 22);
  let npxCache: string;

  it('counts a file by npx', async () => {
    const cwd = await createApp(join(folder, 'npx'), registry.consumerSettings);
    await writeFile(join(cwd, 'book.txt'), 'one two two');
    // What npx installs goes to a folder of its own; what npm downloaded before is used again.
    npxCache = join(folder, 'npx-cache');
    await mkdir(npxCache);
    const shared = (await run('npm', ['config', 'get', 'cache'], { cwd })).trim();
    await symlink(join(shared, '_cacache'), join(npxCache, '_cacache'));
    const command = ['wordfreq', 'count', 'book.txt', '--json'];
    const args = ['exec', '--yes', `--package=@org/wordfreq-cli@${firstVersion}`, '--', ...command];
    const output = await run('npm', args, { cwd, env: { npm_config_cache: npxCache } });
    expect(output.replaceAll(/\s/g, '')).toContain('{"word":"two","count":2}');
  });

  it('is few packages and small', async () => {
    const [modules = ''] = globSync(join(npxCache, '_npx/*/node_modules'));
    const { packages } = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8'));
    expect(Object.keys(packages).length, Object.keys(packages).join(', ')).toBeLessThanOrEqual(10);
    expect(Object.keys(packages)).toContain('node_modules/@org/wordfreq-cli');
    const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(15_000_000);
    const readme = await readFile(join(modules, '@org/wordfreq-cli/README.md'), 'utf8');
    const stated = /fetches (\d+) packages with (\d+) MB/.exec(readme)?.slice(1).map(Number);
    expect(stated).toEqual([Object.keys(packages).length, Math.round(bytes / 1e6)]);
  });

  it.for(majors)('tells its version and counts on Node %i', async (major, context) => {
    const node = nodeOf(major, context);
    const [main = ''] = globSync(join(npxCache, '_npx/*/node_modules/@org/wordfreq-cli/dist/main.js'));
    const cwd = join(folder, 'npx');
    expect(await run(node, [main, '--version'], { cwd })).toContain(firstVersion);
    expect(await run(node, [main, 'count', 'book.txt'], { cwd })).toMatch(/two\s+2/);
  });
});

describe('the second release', { timeout: LONG }, () => {
  it('gives the change to consumers who ask for the newest, and says so in the CHANGELOGs', async () => {
    const readme = join(copy.folder, 'packages/core-wordfreq/README.md');
    await writeFile(readme, `${await readFile(readme, 'utf8')}\nA sentence of the second release.\n`);
    const second = await copy.version('second', { '@org/wordfreq-core': 'patch' }, 'Say one sentence more.');
    expect(second).toBe(firstVersion.replace(/\d+$/, (patch) => String(Number(patch) + 1)));
    await copy.publish();

    const fresh = await createApp(join(folder, 'fresh'), registry.consumerSettings);
    await install(fresh, '@org/wordfreq-core@latest');
    const installed = join(fresh, 'node_modules/@org/wordfreq-core');
    expect(JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')).version).toBe(second);
    expect(await readFile(join(installed, 'README.md'), 'utf8')).toContain(
      'A sentence of the second release.',
    );

    // All packages share one version, and those that build on the changed one name it exactly.
    for (const [name, packageName] of PACKAGES) {
      const manifest = JSON.parse(
        await readFile(join(copy.folder, 'packages', name, 'package.json'), 'utf8'),
      );
      expect(manifest.version, packageName).toBe(second);
      for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
        if (dependency.startsWith('@org/')) expect(range, `${packageName} → ${dependency}`).toBe(second);
      }
      const changelog = await readFile(join(copy.folder, 'packages', name, 'CHANGELOG.md'), 'utf8');
      const newest = changelog.slice(
        changelog.indexOf(`## ${second}`),
        changelog.indexOf(`## ${firstVersion}`),
      );
      expect(newest.includes('Say one sentence more.'), packageName).toBe(name === 'core-wordfreq');
    }
    expect(await copy.publish()).toContain('No unpublished projects');
  });
});
