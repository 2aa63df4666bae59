import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProgramRun, runProgram } from '../../support/run-program.ts';
import { until } from '../../support/until.ts';
import { type Boto3, startBoto3 } from '../support/boto3.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { withAwsCli } from './aws-cli.ts';
import { documentedAwsCommands } from './documented-commands.ts';

const missing = missingForPythonJudges();
const commands = documentedAwsCommands().filter(
  ({ page, command }) => page === 'packages/cli/README.md' && !command.includes('aws ecs '),
);

describe.runIf(missing === '')(`the AWS CLI and boto3 as users of wordfreq local${missing}`, () => {
  let folder: string;
  let local: ProgramRun;
  let boto3: Boto3;
  let environment: ReadonlyMap<string, string>;
  const readyFile = (): string => join(folder, 'ready.env');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clients-'));
    writeFileSync(join(folder, 'my.txt'), 'to be or not to be');
    const ports = ['--port', '0', '--aws-port', '0', '--dynamodb-port', '0'];
    local = runProgram(['local', ...ports, '--workers', '1', '--ready-file', readyFile()]);
    await until('the pipeline is up', async () => {
      if (local.child.exitCode !== null) throw new Error(local.stderr());
      return local.stdout().includes('Ctrl-C stops.');
    });
    environment = variablesAfter(readyFile());
    boto3 = startBoto3(Object.fromEntries(environment));
  });
  afterAll(async () => {
    await boto3?.stop();
    local?.child.kill('SIGTERM');
    await local?.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const variable = (name: string): string => environment.get(name) ?? '';
  const uploads = (): string => variable('UPLOADING_BUCKET');

  /** The record of a file, as boto3 reads it; waits until there is one. */
  async function record(key: string): Promise<Readonly<Record<string, unknown>>> {
    let found: Readonly<Record<string, unknown>> | undefined;
    await until(`${key} has a record`, async () => {
      const { Items } = await boto3.call<{ Items: Readonly<Record<string, unknown>>[] }>(
        'dynamodb',
        'query',
        {
          TableName: variable('RESULTS_TABLE'),
          KeyConditionExpression: '#object = :object',
          ExpressionAttributeNames: { '#object': 'object' },
          ExpressionAttributeValues: {
            ':object': { S: `${variable('PROCESSING_BUCKET')}/${key}` },
          },
        },
      );
      [found] = Items;
      return found !== undefined;
    });
    return found ?? {};
  }

  it('prints lines that work as they are printed', async () => {
    const [, printed = ''] = local.stdout().split('Waiting for more files\n');
    const lines = printed.split('\n').map((line) => line.trim());
    const shell = lines.filter((line) => /^(\. |aws )/.test(line));
    expect(shell).toEqual([`. ${readyFile()}`, `aws s3 cp my.txt s3://${uploads()}/`]);
    await withAwsCli(shell.join('\n'), folder);
    expect((await record('my.txt'))['outcome']).toEqual({ S: 'counted' });
  });

  it.each(commands)('runs $command, as $page says', async ({ command }) => {
    const output = await withAwsCli(`. ${readyFile()}\n${command}`, folder);
    expect(output).toMatch(/wordfreq|my\.txt/);
  });

  it('takes an empty object without a type, and counts it as empty', async () => {
    const object = { Bucket: uploads(), Key: 'empty.txt' };
    await boto3.call('s3', 'put_object', { ...object, Body: Buffer.alloc(0) });
    expect(await boto3.call('s3', 'head_object', object)).toMatchObject({
      ContentLength: 0,
      ContentType: 'binary/octet-stream',
    });
    expect((await record('empty.txt'))['outcome']).toEqual({ S: 'empty' });
  });

  it('gives back and lists what was put', async () => {
    const object = { Bucket: uploads(), Key: 'a+b/ü .bin' };
    const Body = Buffer.from('Überträge\0\r\n');
    await boto3.call('s3', 'put_object', { ...object, Body });
    expect((await boto3.call('s3', 'get_object', object))['Body']).toEqual(Body);
    const listed = await boto3.call('s3', 'list_objects_v2', { Bucket: uploads(), Prefix: 'a+b/' });
    expect(listed['Contents']).toMatchObject([{ Key: object.Key, Size: Body.length }]);
  });

  it('lists and deletes keys that XML cannot carry, and counts their objects', async () => {
    const Bucket = uploads();
    const keys = ['esc\u001b[31m.txt', 'cr\rlf\n.txt', 'nul\0.txt'];
    for (const Key of keys) await boto3.call('s3', 'put_object', { Bucket, Key, Body: Buffer.from('text') });
    for (const [operation, member] of [
      ['list_objects_v2', 'Contents'],
      ['list_objects', 'Contents'],
      ['list_object_versions', 'Versions'],
    ] as const) {
      const listed = await boto3.call<Record<string, { Key: string }[]>>('s3', operation, { Bucket });
      expect(listed[member]?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(keys));
    }
    for (const key of keys.slice(0, 2)) expect((await record(key))['outcome']).toEqual({ S: 'counted' });
    const Objects = [{ Key: 'cr\rlf\n.txt' }];
    const { Deleted } = await boto3.call('s3', 'delete_objects', { Bucket, Delete: { Objects } });
    expect(Deleted).toEqual(Objects);
    const list = `. ${readyFile()}\naws s3 ls s3://${Bucket}/ && aws s3 rm --recursive s3://${Bucket}/ --exclude '*' --include 'esc*'`;
    expect(await withAwsCli(list, folder)).toContain('esc\u001b[31m.txt');
  });

  it('counts an upload in parts', async () => {
    const object = { Bucket: uploads(), Key: 'parts.txt' };
    const { UploadId } = await boto3.call('s3', 'create_multipart_upload', object);
    const Parts: unknown[] = [];
    for (const text of ['one two '.repeat(700_000), 'three']) {
      const part = { ...object, UploadId, PartNumber: Parts.length + 1, Body: Buffer.from(text) };
      const { ETag } = await boto3.call('s3', 'upload_part', part);
      Parts.push({ PartNumber: part.PartNumber, ETag });
    }
    await boto3.call('s3', 'complete_multipart_upload', { ...object, UploadId, MultipartUpload: { Parts } });
    expect((await record('parts.txt'))['words']).toEqual({ S: '700000 one two\n1 three' });
  });

  it('counts a file that a presigned URL brought', async () => {
    const Params = { Bucket: uploads(), Key: 'presigned.txt' };
    const call = { ClientMethod: 'put_object', Params };
    const url = await boto3.call<string>('s3', 'generate_presigned_url', call);
    const { status } = await fetch(url, { method: 'PUT', body: 'signed in advance' });
    expect(status).toBe(200);
    expect((await record('presigned.txt'))['outcome']).toEqual({ S: 'counted' });
  });

  it('hands out result messages, and forgets them when they are deleted', async () => {
    await record('presigned.txt');
    const queue = { QueueUrl: variable('RESULTS_QUEUE_URL') };
    const seen: string[] = [];
    await until('no message is left', async () => {
      const { Messages = [] } = await boto3.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
        'sqs',
        'receive_message',
        { ...queue, MaxNumberOfMessages: 10 },
      );
      for (const { Body, ReceiptHandle } of Messages) {
        seen.push(JSON.parse(Body).object.key);
        await boto3.call('sqs', 'delete_message', { ...queue, ReceiptHandle });
      }
      return seen.includes('presigned.txt') && Messages.length === 0;
    });
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('shows its records to a scan', async () => {
    const { Items } = await boto3.call('dynamodb', 'scan', { TableName: variable('RESULTS_TABLE') });
    const object = { S: `${variable('PROCESSING_BUCKET')}/my.txt` };
    expect(Items).toContainEqual(expect.objectContaining({ object, outcome: { S: 'counted' } }));
  });
});

/** The environment of a shell that has read the file. */
function variablesAfter(readyFile: string): ReadonlyMap<string, string> {
  const script = '. "$1" && env -0';
  const output = execFileSync('sh', ['-c', script, 'sh', readyFile], { env: { PATH: process.env['PATH'] } });
  return new Map(
    output
      .toString()
      .split('\0')
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
