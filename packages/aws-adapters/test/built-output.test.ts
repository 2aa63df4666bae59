import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../tsup.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// Under node_modules, so that the built files find their dependencies and no other tool finds them.
const outDir = join(root, '../../node_modules/.cache', `aws-adapters-${process.pid}`);
const run = promisify(execFile);

beforeAll(async () => {
  const entry = Object.fromEntries(
    Object.entries(config.entry ?? {}).map(([name, file]) => [name, join(root, file)]),
  );
  const settings = { dts: false, sourcemap: false, silent: true, skipNodeModulesBundle: true, outDir };
  await build({ ...config, ...settings, entry, config: false });
  // As in the published package: .js is ESM, .cjs is CommonJS.
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

const USE = `
const run = async ({ startEmbeddedAws, provisionPipeline }) => {
  const aws = await startEmbeddedAws();
  const { jobsQueueUrl } = await provisionPipeline({ aws });
  await aws.stop();
  return new URL(jobsQueueUrl).pathname;
};`;

describe('the built package', () => {
  it.each([
    ['module', 'use.mjs', `import * as local from './local.js'; ${USE} console.log(await run(local));`],
    ['CommonJS', 'use.cjs', `const local = require('./local.cjs'); ${USE} run(local).then(console.log);`],
  ])(
    'starts the embedded servers from a %s, and they write nothing to the console',
    async (_form, name, code) => {
      await writeFile(join(outDir, name), code);
      const { stdout, stderr } = await run(process.execPath, [join(outDir, name)]);
      expect(stderr).toBe('');
      expect(stdout).toBe('/000000000000/wordfreq-jobs\n');
    },
  );

  it.each([
    ['s3', ['@aws-sdk/client-s3']],
    ['sqs', ['@aws-sdk/client-sqs']],
    ['sns', ['@aws-sdk/client-sns']],
    // The document client is made on top of it.
    ['dynamodb', ['@aws-sdk/client-dynamodb']],
    ['events', []],
    ['memory', []],
    ['smtp', []],
    ['testing', []],
  ])('loads no client but its own from %s', async (subpath, clients) => {
    await writeFile(
      join(outDir, `load-${subpath}.cjs`),
      `require('./${subpath}.cjs');
       const loaded = Object.keys(require.cache).flatMap((file) => file.match(/@aws-sdk\\/client-\\w+/) ?? []);
       console.log(JSON.stringify([...new Set(loaded)]));`,
    );
    const { stdout } = await run(process.execPath, [join(outDir, `load-${subpath}.cjs`)]);
    expect(JSON.parse(stdout)).toEqual(clients);
  });
});
