import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyVariables } from './support/ready-variables.ts';
import { until } from './support/until.ts';

const MAIN = resolve(import.meta.dirname, '../packages/cli/src/main.ts');
const LOCAL = ['local', '--port', '0', '--aws-port', '0', '--dynamodb-port', '0', '--data-dir', 'data'];
/**
 * How each run ends. The first two are what a person does, and what a crash does; then in the middle of a
 * start.
 */
const ENDS = ['SIGINT', 'SIGKILL', 'SIGINT', 'SIGKILL'] as const;
const UPLOADS_PER_RUN = 40;

let folder: string;
let running: ChildProcess | undefined;
const accepted = new Set<string>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wordfreq-storm-'));
});
afterAll(async () => {
  if (running !== undefined) await end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `wordfreq local` on the folder and waits until it is up. */
async function start(): Promise<void> {
  rmSync(join(folder, 'ready'), { force: true });
  running = spawn(process.execPath, ['--conditions=@org/source', MAIN, ...LOCAL, '--ready-file', 'ready'], {
    cwd: folder,
    stdio: 'ignore',
  });
  await until('the pipeline is up', async () => existsSync(join(folder, 'ready')));
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = running as ChildProcess;
  running = undefined;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Uploads until it has enough, or S3 is gone; what S3 accepted is remembered. */
async function upload(run: number): Promise<void> {
  const {
    AWS_ENDPOINT_URL_S3: endpoint = '',
    AWS_REGION: region = '',
    UPLOADING_BUCKET: Bucket,
  } = readyVariables(join(folder, 'ready'));
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  try {
    for (let index = 0; index < UPLOADS_PER_RUN; index += 1) {
      const Key = `run-${run}/text-${index}.txt`;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: `words of ${Key}` }));
      accepted.add(Key);
    }
  } catch {
    // The run has ended under it.
  } finally {
    client.destroy();
  }
}

async function keysWithOutcome(): Promise<Set<string>> {
  const {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint = '',
    AWS_REGION: region = '',
    RESULTS_TABLE: TableName,
  } = readyVariables(join(folder, 'ready'));
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
  const client = DynamoDBDocumentClient.from(dynamodb);
  const keys = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { object, outcome } of Items) {
      if (outcome !== undefined) keys.add(String(object).slice(String(object).indexOf('/') + 1));
    }
  }
  dynamodb.destroy();
  return keys;
}

/** The processes of workers that belong to no run that is up. */
function orphans(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => /^\s*\d+\s+1\s.*worker\/src\/main\.ts/.test(line) && line.includes(ROOT));
}
const ROOT = resolve(import.meta.dirname, '..');

describe('wordfreq local on one folder, ended and started again in the middle of uploads', () => {
  it('comes to an outcome for every object that S3 accepted', { timeout: 300_000 }, async () => {
    for (const [run, signal] of ENDS.entries()) {
      await start();
      const uploading = upload(run);
      // Somewhere in the middle: enough is accepted, and not all of it copied or counted.
      await until('some uploads are accepted', async () => accepted.size >= run * 10 + 10);
      await delay(run * 50);
      await end(signal);
      await uploading;
    }
    await start();
    await until('every accepted object has its outcome', async () => {
      const done = await keysWithOutcome();
      return [...accepted].every((key) => done.has(key));
    });
    expect(accepted.size).toBeGreaterThan(ENDS.length * 10);
  });

  it('leaves no worker of an earlier run', async () => {
    await until('workers whose parent was killed have ended', async () => orphans().length === 0);
  });
});
