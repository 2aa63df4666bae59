import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyVariables } from './support/ready-variables.ts';
import { until } from './support/until.ts';

const MAIN = resolve(import.meta.dirname, '../packages/cli/src/main.ts');
const LOCAL = ['local', '--port', '0', '--aws-port', '0', '--dynamodb-port', '0', '--data-dir', 'data'];
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

interface Local {
  readonly child: ChildProcess;
  readonly variables: Record<string, string>;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBDocumentClient;
  /** Ends it as a person does, and returns what it has said on standard error. */
  stop(): Promise<string>;
}

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wordfreq-lost-'));
});
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `wordfreq local` on the folder, and waits until it is up. */
async function start(): Promise<Local> {
  rmSync(join(folder, 'ready'), { force: true });
  const args = ['--conditions=@org/source', MAIN, ...LOCAL, '--ready-file', 'ready'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(child);
  const said = text(child.stderr);
  await until('the pipeline is up', async () => existsSync(join(folder, 'ready')));
  const variables = readyVariables(join(folder, 'ready'));
  const common = { region: variables['AWS_REGION'] ?? '', credentials, maxAttempts: 1 };
  const endpoint = (service: string): { endpoint: string } => ({
    endpoint: variables[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  return {
    child,
    variables,
    s3: new S3Client({ ...common, ...endpoint('S3'), forcePathStyle: true }),
    sqs: new SQSClient({ ...common, ...endpoint('SQS') }),
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({ ...common, ...endpoint('DYNAMODB') })),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = await exited;
      expect(code).toBe(0);
      return said;
    },
  };
}

const put = ({ s3, variables }: Local, Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: variables['UPLOADING_BUCKET'], Key, Body }));

async function outcomes({ dynamodb, variables }: Local): Promise<ReadonlyMap<string, string>> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: variables['RESULTS_TABLE'] }));
  return new Map(Items.map(({ object, outcome }) => [object as string, outcome as string]));
}

describe('wordfreq local without one of its queues', () => {
  it('names the object whose event finds no queue', async () => {
    const local = await start();
    const QueueUrl = local.variables['UPLOADS_QUEUE_URL'];
    await local.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await put(local, 'lost.txt', 'one two');
    // The bridge delivers what is pending before it ends.
    const said = await local.stop();
    expect(said).toContain(
      `the event of s3://${local.variables['UPLOADING_BUCKET']}/lost.txt was not delivered; the next start announces it again`,
    );
    const again = await start();
    const key = `${again.variables['PROCESSING_BUCKET']}/lost.txt`;
    await until('it is counted', async () => (await outcomes(again)).get(key) === 'counted');
    await again.stop();
  });
});
