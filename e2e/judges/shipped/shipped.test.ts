import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorkerProcess, type WorkerRun } from '../../../packages/worker/test/support/worker-process.ts';
import { addFixture, createApp, install } from '../../consumers/consumer-app.ts';
import { type Registry, startRegistry } from '../../consumers/registry.ts';
import { copyForRelease } from '../../consumers/release-copy.ts';
import { cleanEnvironment, run } from '../../consumers/run.ts';
import { readyVariables } from '../../support/ready-variables.ts';
import { until } from '../../support/until.ts';

// Everything here runs on what users get: packages installed from a registry. No source of this repository is
// loaded.
const READY = 'ready.env';
const LOCAL = `wordfreq local --detach --ready-file ${READY} --data-dir data --port 0 --aws-port 0 --dynamodb-port 0`;

let folder: string;
let registry: Registry;
let app: string;
let worker: WorkerRun | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wordfreq-shipped-'));
  registry = await startRegistry(join(folder, 'registry'));
  const copy = await copyForRelease(join(folder, 'repository'), registry.publisherSettings);
  await copy.version('shipped', { '@org/wordfreq-core': 'minor' }, 'A release.');
  await copy.publish();
  app = await createApp(join(folder, 'app'), registry.consumerSettings);
  await install(
    app,
    '@org/wordfreq-cli',
    '@org/wordfreq-worker',
    '@org/wordfreq-constructs',
    'aws-cdk-lib',
    'constructs',
  );
  mkdirSync(join(app, 'texts'));
  writeFileSync(join(app, 'texts/good.txt'), 'to be or not to be');
  writeFileSync(
    join(app, 'texts/bad.txt'),
    Uint8Array.from({ length: 300 }, (_, index) => index % 7),
  );
}, 600_000);

afterAll(async () => {
  worker?.child.kill();
  if (existsSync(join(app, READY))) await stopLocal();
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a line of a shell in the app; the installed `wordfreq` is on its path, and a running pipeline's
 * variables are read.
 */
function shell(line: string): Promise<Ended> {
  const { PATH, ...environment } = cleanEnvironment();
  const env = { ...environment, PATH: `${join(app, 'node_modules/.bin')}:${PATH}` };
  const script = `if [ -e ${READY} ]; then . ./${READY}; fi\n${line}`;
  return new Promise((settle) => {
    execFile('sh', ['-c', script], { cwd: app, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      settle({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function stopLocal(): Promise<void> {
  await shell('kill "$WORDFREQ_LOCAL_PID"');
  await until('the pipeline has ended', async () => !existsSync(join(app, READY)));
}

async function deadLetters(): Promise<{ id: string; key: string; code: string }[]> {
  return JSON.parse((await shell('wordfreq dlq list --json')).stdout).letters;
}

const LONG = { timeout: 240_000 };

describe('the installed command line', LONG, () => {
  it('says which package it lacks for data in a folder, and how to get it', async () => {
    const { exitCode, stderr } = await shell(
      'wordfreq local --data-dir data --exit --port 0 --aws-port 0 --dynamodb-port 0',
    );
    expect(stderr).toContain('npm install classic-level@3');
    expect(exitCode).toBe(3);
    await install(app, 'classic-level@3');
  });

  it('runs the pipeline in a folder', async () => {
    const { exitCode, stderr } = await shell(LOCAL);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  });

  it('uploads a folder, and waits for its results', async () => {
    const { exitCode, stdout } = await shell('wordfreq upload texts --wait --timeout 2m');
    expect(stdout).toMatch(/✔ good\.txt +counted +6 words/);
    expect(stdout).toMatch(/✗ bad\.txt +failed:not-text/);
    expect(exitCode).toBe(1);
  });

  it('explains what became of a file', async () => {
    const { stdout } = await shell('wordfreq explain good.txt --json');
    expect(JSON.parse(stdout)).toMatchObject({ key: 'good.txt', state: 'counted' });
  });

  it('sends a dead letter back, which fails again', async () => {
    const [first, ...others] = await deadLetters();
    expect(first).toMatchObject({ key: 'bad.txt', code: 'not-text' });
    expect(others).toEqual([]);
    expect((await shell('wordfreq dlq redrive')).exitCode).toBe(0);
    await until('another letter of the same object is there', async () => {
      const letters = await deadLetters();
      return letters.length === 1 && letters[0]?.id !== first?.id;
    });
  });

  it('has everything again after the next start with the same folder', async () => {
    await stopLocal();
    expect(await shell(`${LOCAL} --workers 0`)).toMatchObject({ exitCode: 0 });
    const { stdout } = await shell('wordfreq results --json');
    expect(stdout).toContain('good.txt');
    expect(await deadLetters()).toMatchObject([{ key: 'bad.txt' }]);
  });
});

describe('the installed worker', LONG, () => {
  it('does the jobs of the pipeline as a program by itself, and ends on SIGTERM', async () => {
    const main = join(app, 'node_modules/@org/wordfreq-worker/dist/main.js');
    worker = runWorkerProcess({ ...readyVariables(join(app, READY)), PORT: '0' }, main);
    writeFileSync(join(app, 'texts/later.txt'), 'one two two');
    const { stdout, exitCode } = await shell('wordfreq upload texts/later.txt --wait --timeout 2m');
    expect(stdout).toMatch(/✔ later\.txt +counted +3 words/);
    expect(exitCode).toBe(0);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.stderr()).toBe('');
  });
});

describe('the installed constructs', LONG, () => {
  it('bring a copy Lambda that copies', async () => {
    const cwd = await addFixture(app, 'cdk');
    await run(process.execPath, ['app.mjs', join(cwd, 'out')], { cwd, env: { CDK_VALIDATION: 'false' } });
    const functions = globSync(join(cwd, 'out/asset.*/index.cjs'));
    const copier = functions.find((file) => readFileSync(file, 'utf8').includes('PROCESSING_BUCKET')) ?? '';

    const { UPLOADING_BUCKET = '', PROCESSING_BUCKET = '', ...variables } = readyVariables(join(app, READY));
    const client = new S3Client({
      endpoint: variables['AWS_ENDPOINT_URL_S3'] ?? '',
      region: variables['AWS_REGION'] ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      forcePathStyle: true,
    });
    // The embedded Lambda does not copy this one, because it copies texts only.
    const Key = 'shipped.dat';
    await client.send(new PutObjectCommand({ Bucket: UPLOADING_BUCKET, Key, Body: 'copied by an asset' }));
    const event = {
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: variables['AWS_REGION'],
          eventTime: '2026-11-28T12:00:00.000Z',
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: UPLOADING_BUCKET }, object: { key: Key, size: 18, sequencer: '01' } },
        },
      ],
    };
    const context = `{ awsRequestId: 'r', getRemainingTimeInMillis: () => 60000 }`;
    const program = `require(${JSON.stringify(copier)}).handler(${JSON.stringify(event)}, ${context})`;
    const env = { ...variables, UPLOADING_BUCKET, PROCESSING_BUCKET, COPY_SUFFIX: '.dat' };
    await run(process.execPath, ['-e', program], { cwd: dirname(copier), env });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: PROCESSING_BUCKET, Key }));
    expect(await Body?.transformToString()).toBe('copied by an asset');
    client.destroy();
  });
});
