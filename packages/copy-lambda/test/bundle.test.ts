import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import { createEmbeddedClients, provisionPipeline, startEmbeddedAws } from '@org/wordfreq-aws-adapters/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleLambda } from '../tools/bundle-lambda.ts';

let folder: string;
let bundle: Bundle;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  bundle = await bundleLambda(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the bundle in a process of its own, as Lambda does, and answers what it printed. */
async function run(event: unknown, environment: Readonly<Record<string, string>>): Promise<string> {
  const context = `{ awsRequestId: 'r', getRemainingTimeInMillis: () => 60000 }`;
  const program = `require(${JSON.stringify(bundle.file)}).handler(${JSON.stringify(event)}, ${context})
    .then((answer) => console.log(JSON.stringify({ answer })))`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', program], {
    cwd: folder,
    env: environment,
  });
  // Standard error last: the answer is looked for at the end of standard output.
  return stderr + stdout;
}

const linesOf = (output: string): Record<string, unknown>[] =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe(bundleLambda, () => {
  it('keeps the function small', () => {
    expect(bundle.bytes).toBeLessThan(550_000);
  });

  it('does nothing when it is only loaded, even without any configuration', () => {
    const program = `const before = process._getActiveHandles().length; require(${JSON.stringify(bundle.file)});
      console.log(process._getActiveHandles().length - before)`;
    expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', env: {} })).toBe('0\n');
  });

  it('loads with little work: a cold start waits for it', () => {
    // Processor time, because others may use the machine.
    const program = `const before = process.cpuUsage(); require(${JSON.stringify(bundle.file)});
      const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000)`;
    const spent = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', env: {} });
    expect(Number(spent)).toBeLessThan(500);
  });

  it('copies, logs the outcome and reports metrics under their frozen names', async () => {
    const aws = await startEmbeddedAws();
    const clients = createEmbeddedClients(aws);
    try {
      const { environment } = await provisionPipeline({ aws });
      await clients.s3.send(
        new PutObjectCommand({ Bucket: 'wordfreq-uploading', Key: 'a.txt', Body: 'words' }),
      );
      const event = s3EventFor({
        object: { bucket: 'wordfreq-uploading', key: 'a.txt', eTag: 'e' },
        sizeBytes: 5,
        at: new Date(0),
      });
      const Records = [
        { messageId: 'good', eventSource: 'aws:sqs', body: JSON.stringify(event) },
        { messageId: 'bad', eventSource: 'aws:sqs', body: 'hello' },
      ];
      const program = await run({ Records }, { ...aws.environment, ...environment });
      const lines = linesOf(program);
      expect(lines.find((line) => line['message'] === 'upload handled')).toMatchObject({
        messageId: 'good',
        outcome: 'copied',
        bucket: 'wordfreq-uploading',
        key: 'a.txt',
        requestId: 'r',
      });
      expect(lines.find((line) => line['message'] === 'upload given up')).toMatchObject({
        messageId: 'bad',
        outcome: 'quarantined:not-json',
        errorCode: 'not-json',
      });
      expect(lines.find((line) => line['_aws'] !== undefined)).toMatchObject({
        Copied: 1,
        CopiedBytes: 5,
        CopyFailed: 1,
        service: 'wordfreq-copy',
      });
      expect(lines.at(-1)).toEqual({ answer: { batchItemFailures: [] } });
    } finally {
      clients.destroy();
      await aws.stop();
    }
  });
});
