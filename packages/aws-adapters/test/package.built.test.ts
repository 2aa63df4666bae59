import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Runs code as an app's: it gets the built files, by the package's "exports". */
async function run(code: string, type: 'module' | 'commonjs' = 'commonjs'): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [`--input-type=${type}`, '-e', code],
    { cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  expect(stderr).toBe('');
  return stdout;
}

const USE = `
const run = async ({ startEmbeddedAws, provisionPipeline }) => {
  const aws = await startEmbeddedAws();
  const { jobsQueueUrl } = await provisionPipeline({ aws });
  await aws.stop();
  return new URL(jobsQueueUrl).pathname;
};`;

describe('the built package', () => {
  it.each([
    [
      'module',
      `import * as local from '@org/wordfreq-aws-adapters/local'; ${USE} console.log(await run(local));`,
    ],
    [
      'commonjs',
      `const local = require('@org/wordfreq-aws-adapters/local'); ${USE} run(local).then(console.log);`,
    ],
  ] as const)(
    'starts the embedded servers from a file of type %s, and they write nothing to the console',
    async (type, code) => {
      expect(await run(code, type)).toBe('/000000000000/wordfreq-jobs\n');
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
    ['testing', []],
  ])('loads no client but its own from %s', async (subpath, clients) => {
    const loaded = await run(
      `require('@org/wordfreq-aws-adapters/${subpath}');
       const loaded = Object.keys(require.cache).flatMap((file) => file.match(/@aws-sdk\\/client-\\w+/) ?? []);
       console.log(JSON.stringify([...new Set(loaded)]));`,
    );
    expect(JSON.parse(loaded)).toEqual(clients);
  });
});
