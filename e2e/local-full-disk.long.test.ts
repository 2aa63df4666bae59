import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyVariables } from './support/ready-variables.ts';
import { until } from './support/until.ts';

const MAIN = resolve(import.meta.dirname, '../packages/cli/src/main.ts');
const LOCAL = ['local', '--port', '0', '--aws-port', '0', '--dynamodb-port', '0', '--data-dir', 'disk'];
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The disk, and how much of it something else takes until somebody makes room. */
const DISK_BYTES = 40_000_000;
const BALLAST_BYTES = 30_000_000;

function whyNot(): string {
  if (process.getuid?.() !== 0) return ' — skipped: a small disk needs root';
  const allowed = spawnSync('unshare', ['--mount', 'true']).status === 0;
  return allowed ? '' : ' — skipped: this machine allows no mounts';
}
const missing = whyNot();

interface Local {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly uploadingBucket: string;
  readonly processingBucket: string;
  readonly table: string;
  /** Ends it as a person does, and returns what it has said on standard error. */
  stop(): Promise<string>;
}

let folder = '';
let running: ChildProcess | undefined;
const diskPath = (name = ''): string => join(folder, 'disk', name);

/** Starts `wordfreq local` with its data on the disk, and waits until it is up. */
async function start(): Promise<Local> {
  rmSync(join(folder, 'ready'), { force: true });
  const args = ['--conditions=@org/source', MAIN, ...LOCAL, '--ready-file', 'ready'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  running = child;
  const said = text(child.stderr);
  await until('the pipeline is up', async () => existsSync(join(folder, 'ready')));
  const variables = readyVariables(join(folder, 'ready'));
  const of = (name: string): string => variables[name] ?? '';
  const common = { region: of('AWS_REGION'), credentials, maxAttempts: 1 };
  const dynamodb = new DynamoDBClient({ ...common, endpoint: of('AWS_ENDPOINT_URL_DYNAMODB') });
  return {
    s3: new S3Client({ ...common, endpoint: of('AWS_ENDPOINT_URL_S3'), forcePathStyle: true }),
    dynamodb: DynamoDBDocumentClient.from(dynamodb),
    uploadingBucket: of('UPLOADING_BUCKET'),
    processingBucket: of('PROCESSING_BUCKET'),
    table: of('RESULTS_TABLE'),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      expect((await exited)[0]).toBe(0);
      return said;
    },
  };
}

/** Repeats until it fails, and returns the failure. */
async function failureOf(act: (attempt: number) => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; attempt <= 1000; attempt += 1) {
    try {
      await act(attempt);
    } catch (error) {
      return error;
    }
  }
  throw new Error('Expected the disk to be full.');
}

/** About 90 kB with 9,000 different words, so that records take room, too. */
function textOf(number: number): string {
  return Array.from({ length: 9000 }, (_, index) => `w${number}x${index}`).join(' ');
}

/** Every item of the table, and the keys whose copy has an outcome. */
async function itemsOf(local: Local): Promise<{ versions: Set<string>; counted: Set<string> }> {
  const { dynamodb: client, table: TableName, processingBucket } = local;
  const [versions, counted] = [new Set<string>(), new Set<string>()];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { object, version, outcome } of Items) {
      versions.add(String(version));
      if (outcome === 'counted') counted.add(String(object).slice(processingBucket.length + 1));
    }
  }
  return { versions, counted };
}

describe.skipIf(missing !== '')(`wordfreq local on a disk that is full${missing}`, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wordfreq-full-'));
    mkdirSync(diskPath());
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', diskPath()]);
    writeFileSync(diskPath('ballast'), Buffer.alloc(BALLAST_BYTES));
  });
  afterAll(async () => {
    if (running?.exitCode === null) {
      const exited = once(running, 'exit');
      running.kill('SIGKILL');
      await exited;
    }
    execFileSync('umount', ['--lazy', diskPath()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('says so, runs on, and comes to an outcome for all that it accepted', { timeout: 900_000 }, async () => {
    const local = await start();
    const accepted: string[] = [];
    const counted = async (): Promise<Set<string>> => (await itemsOf(local)).counted;
    const kept: string[] = [];
    const upload = async (number: number): Promise<void> => {
      const object = { Bucket: local.uploadingBucket, Key: `${number}.txt` };
      await local.s3.send(new PutObjectCommand({ ...object, Body: textOf(number) }));
      accepted.push(object.Key);
    };
    const keep = async (version: string): Promise<void> => {
      const Item = { object: 'mine', version, note: 'x'.repeat(50_000) };
      await local.dynamodb.send(new PutCommand({ TableName: local.table, Item }));
      kept.push(version);
    };

    await upload(0);
    await until('the first is counted', async () => (await counted()).has('0.txt'));
    expect(await failureOf(upload)).toMatchObject({
      name: 'InternalError',
      message: expect.stringMatching(/full/),
    });
    expect(await failureOf((attempt) => keep(`full-${attempt}`))).toMatchObject({
      name: 'InternalServerError',
      message: expect.stringContaining('No space left on device'),
    });
    // Reading goes on.
    expect(await counted()).toContain('0.txt');

    rmSync(diskPath('ballast'));
    await until('DynamoDB takes items again', () =>
      keep('roomy').then(
        () => true,
        () => false,
      ),
    );
    for (let number = 1; number <= 40; number += 1) await keep(`after-${number}`);
    await until('SQS and S3 take objects again', () =>
      upload(1001).then(
        () => true,
        () => false,
      ),
    );
    let before = await itemsOf(local);
    // A lease lasts a minute: messages that could not be deleted come again then.
    await until(
      'nothing more is counted',
      async () => {
        const counted = before.counted.size;
        before = await itemsOf(local);
        return before.counted.size === counted && before.counted.has('1001.txt');
      },
      300_000,
      70_000,
    );
    const said = await local.stop();
    expect(said).toContain('could not keep its data in disk: ');
    for (const key of accepted.filter((key) => !before.counted.has(key))) {
      expect(said).toContain(`the event of s3://${local.uploadingBucket}/${key} was not delivered`);
    }

    const again = await start();
    // What was confirmed is there at once, before anything is done again.
    const { versions } = await itemsOf(again);
    expect([...kept, ...before.versions].filter((version) => !versions.has(version))).toEqual([]);
    await until('every accepted object has its outcome', async () => {
      const { counted } = await itemsOf(again);
      return accepted.every((key) => counted.has(key));
    });
    await again.stop();
  });
});
