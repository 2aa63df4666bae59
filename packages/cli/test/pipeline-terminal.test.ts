import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  type PipelineResources,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobBody } from '../src/pipeline/objects/job-for-object.ts';
import { openWordfreq, runWordfreq, type Session } from './support/run-wordfreq.ts';

const CTRL_C = '\u0003';
let folder: string;
let aws: EmbeddedAws;
let clients: EmbeddedClients;
let resources: PipelineResources;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipeline-terminal-'));
  aws = await startEmbeddedAws();
  resources = await provisionPipeline({ aws });
  clients = createEmbeddedClients(aws);
});
afterAll(async () => {
  clients?.destroy();
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({ ...aws.environment, ...resources.environment });
const open = (args: readonly string[]): Session =>
  openWordfreq(args, { cwd: folder, environment: environment() });

async function finish(key: string): Promise<void> {
  const results = createDynamoResultStore({ client: clients.dynamodb, tableName: resources.resultsTable });
  const object = { bucket: resources.processingBucket, key, eTag: 'e' };
  await results.save(sampleResult({ jobId: `job-${key}`, object, finishedAt: new Date() }));
}

const bury = (): Promise<unknown> =>
  clients.sqs.send(
    new SendMessageCommand({ QueueUrl: resources.deadLettersQueueUrl, MessageBody: 'no json' }),
  );

describe('wordfreq watch in a terminal', () => {
  it('redraws a view of at most 80 columns as results come in, and ends well with Ctrl-C', async () => {
    await finish(`${'漢字'.repeat(60)}.txt`);
    const session = open(['watch', '--interval', '100ms']);
    await session.shows(/done 1 {2}failed 0 {2}dead letters 0/);
    await finish('second.txt');
    await session.shows(/done 2[\s\S]*✔ second\.txt +counted/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(0);
    for (const line of session.text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(session.text).not.toContain('wordfreq:');
  });
});

describe('a terminal of 40 columns', () => {
  it('has room for names in every command, and no line wraps', async () => {
    const name = 'narrow/a-file-with-a-name.txt';
    await finish(name);
    await clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: resources.deadLettersQueueUrl,
        MessageBody: jobBody(
          {
            bucket: resources.processingBucket,
            key: name,
            eTag: 'e',
            sizeBytes: 1,
            lastModified: new Date(0),
          },
          aws.region,
        ),
      }),
    );
    writeFileSync(join(folder, 'a-file-with-a-name.txt'), 'some words');
    const commands = [
      ['watch', '--once'],
      ['results', '--prefix', 'narrow/'],
      ['results', name],
      ['dlq', 'list'],
      ['explain', name],
      ['upload', 'a-file-with-a-name.txt', '--prefix', 'narrow/'],
      ['dlq', 'purge', '--yes'],
    ];
    for (const args of commands) {
      const session = openWordfreq(args, { cwd: folder, environment: environment(), columns: 40 });
      expect(await session.exitCode, session.text).toBe(0);
      for (const line of session.text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(40);
      if (args[1] !== 'purge') expect(session.text).toContain('narrow/a-file');
      // None of these commands runs until it is interrupted.
      expect(session.text).not.toContain('Ctrl-C');
    }
  });
});

describe('sentences in a terminal of 40 columns', () => {
  it.each([
    [['reconcile', '--prefix', 'nothing/'], 'wordfreq-processing: 0 objects: 0 missing'],
    [['compare', 'one.txt', 'two.txt'], 'G² above 10.83 is unlikely to be chance (p < 0.001).'],
    [['results', '--outcome', 'nonsense'], 'skipped:overwritten'],
  ])('of %j are broken between words, not cut off', async (args, sentence) => {
    for (const name of ['one.txt', 'two.txt']) writeFileSync(join(folder, name), name);
    const session = openWordfreq(args, { cwd: folder, environment: environment(), columns: 40 });
    await session.exitCode;
    for (const line of session.text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(40);
    expect(session.text.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });
});

describe('wordfreq upload in a terminal', () => {
  it('shows rate and time left; Ctrl-C ends it with 130 and leaves no parts behind', async () => {
    writeFileSync(join(folder, 'large.txt'), '');
    truncateSync(join(folder, 'large.txt'), 400 * 2 ** 20);
    const session = open(['upload', 'large.txt']);
    await session.shows(/\d+% .*\d [kMG]B\/s .*left/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(130);
    expect(session.text).toContain('Interrupted: 0 of 1 file was uploaded');
    const { Uploads = [] } = await clients.s3.send(
      new ListMultipartUploadsCommand({ Bucket: resources.uploadingBucket }),
    );
    expect(Uploads).toEqual([]);
  });

  it('shows no bar in a pipe', async () => {
    writeFileSync(join(folder, 'small.txt'), 'some words');
    const run = await runWordfreq(['upload', 'small.txt'], { cwd: folder, environment: environment() });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^✔ s3:\/\/wordfreq-uploading\/small\.txt +uploaded +10 B\n1 uploaded, 10 B\n$/,
    );
  });
});

describe('wordfreq backfill in a terminal', () => {
  it('shows how many of how many, how fast, and how long still', async () => {
    const objects = Array.from({ length: 60 }, (_, index) => `old/${index}.txt`);
    for (const Key of objects) {
      const place = { Bucket: resources.processingBucket, Key };
      await clients.s3.send(new PutObjectCommand({ ...place, Body: 'x' }));
    }
    const session = open(['backfill', '--prefix', 'old/', '--rate', '10']);
    await session.shows(/\d+ of 60 {2}\d+\/s {2}\d+ s left {2}\d+ sent {2}old/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(130);
    expect(session.text).toMatch(
      /\d+ sent, 0 had an outcome; interrupted; continue with --start-after "old\/\d+\.txt"/,
    );
  });
});

describe('wordfreq dlq purge in a terminal', () => {
  it('asks first, and deletes after yes', async () => {
    await bury();
    const session = open(['dlq', 'purge']);
    await session.shows(/Delete 1 dead letter for good\? \[y\/N\]/);
    session.type('y\r');
    expect(await session.exitCode).toBe(0);
    expect(session.text).toContain('1 of 1 deleted.');
  });

  it('takes Ctrl-C for no', async () => {
    await bury();
    const session = open(['dlq', 'purge']);
    await session.shows(/\[y\/N\]/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(130);
    const { stdout } = await runWordfreq(['dlq', 'list', '--json'], { environment: environment() });
    expect(JSON.parse(stdout).letters).toMatchObject([{ code: 'received-too-often' }]);
  });
});

describe('a reader that goes away', () => {
  it('ends long output without a word', async () => {
    for (let index = 0; index < 40; index += 1) await finish(`orphan-${index}.txt`);
    const run = await runWordfreq(['reconcile', '--json'], { environment: environment() });
    expect(run.stdout.split('\n').length).toBeGreaterThan(40);
    const { runLine } = await import('./support/run-wordfreq.ts');
    const piped = await runLine('wordfreq reconcile | head -1', { environment: environment() });
    expect(piped).toMatchObject({ stderr: '', exitCode: 0 });
    expect(piped.stdout).toMatch(/^(missing|orphan) /);
  });
});
