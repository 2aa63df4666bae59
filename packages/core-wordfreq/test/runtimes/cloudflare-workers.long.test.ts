import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installation, installBuiltPackage } from './built-package.ts';

const require = createRequire(import.meta.url);
/** The runtime of Cloudflare Workers, which has binaries for a few platforms. */
const workerd = join(require.resolve('workerd/package.json'), '../bin/workerd');
const { status } = spawnSync(workerd, ['--version']);
const missing = status === 0 ? '' : ' — skipped: no workerd for this platform; npm install workerd';

const PROGRAM = `
import { countWords, setEngine } from '@org/wordfreq-core';
import engine from '@org/wordfreq-core/engine.wasm';

const shown = async (options) => {
  const counts = await countWords(new Response('to be or not to be, 我爱北京'), options);
  return [counts.engine, counts.top(2).map(({ word }) => word), counts.totalWords];
};
export default {
  async test() {
    const before = await shown();
    setEngine(engine);
    console.log('RESULT' + JSON.stringify([before, await shown(), await shown({ engine: 'javascript' })]) + 'END');
  },
};`;

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .main)]);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "./engine.wasm", wasm = embed "engine.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
`;

let installed: Installation;
beforeAll(() => {
  installed = installBuiltPackage();
});
afterAll(() => installed?.remove());

describe('the file of the engine', () => {
  it.each([
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ])('has a type, with module %s and resolution %s', (module, moduleResolution) => {
    const { folder } = installed;
    writeFileSync(
      join(folder, 'typed.mts'),
      `import { setEngine } from '@org/wordfreq-core';\nimport engine from '@org/wordfreq-core/engine.wasm';\nsetEngine(engine);\nconst wrong: string = engine;\n`,
    );
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--lib', 'es2023,dom'];
    const modules = ['--module', module, '--moduleResolution', moduleResolution];
    const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc6');
    const run = spawnSync(process.execPath, [tsc, ...options, ...modules, 'typed.mts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(run.stdout.trim()).toMatch(/^typed\.mts\(4,7\): error TS2322: .*$/);
  });
});

describe.skipIf(missing !== '')(`Cloudflare Workers${missing}`, () => {
  it('count in WebAssembly with the file of the engine, and without it the same in JavaScript', async () => {
    const { folder } = installed;
    writeFileSync(join(folder, 'program.js'), PROGRAM);
    await build({
      ...{ entryPoints: [join(folder, 'program.js')], outfile: join(folder, 'worker.js') },
      ...{ bundle: true, format: 'esm', conditions: ['workerd', 'worker'], logLevel: 'error' },
      // As Cloudflare's own tool does: files stay beside the program.
      plugins: [
        {
          name: 'wasm-as-a-file',
          setup({ onResolve }) {
            onResolve({ filter: /engine\.wasm$/ }, () => ({ path: './engine.wasm', external: true }));
          },
        },
      ],
    });
    copyFileSync(
      join(folder, 'node_modules/@org/wordfreq-core/dist/engine.wasm'),
      join(folder, 'engine.wasm'),
    );
    writeFileSync(join(folder, 'config.capnp'), CONFIG);
    const run = spawnSync(workerd, ['test', 'config.capnp'], { cwd: folder, encoding: 'utf8' });
    const output = run.stdout + run.stderr;
    const [, result = ''] = /RESULT(.*)END/.exec(output) ?? [];
    expect(run.status, output).toBe(0);
    const [before, after, javascript] = JSON.parse(result);
    expect(before[0]).toBe('javascript');
    expect(after).toEqual(['wasm', ['be', 'to'], 9]);
    expect(javascript).toEqual(['javascript', ...after.slice(1)]);
    expect(before).toEqual(javascript);
  });
});
