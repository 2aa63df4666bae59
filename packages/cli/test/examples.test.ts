import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createEmbeddedClients, type EmbeddedAws, startEmbeddedAws } from '@org/wordfreq-aws-adapters/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandNode, everyNode, loadCommands } from '../src/command-line/command.ts';
import { COMMANDS } from '../src/commands.ts';
import { runLine, runWordfreq } from './support/run-wordfreq.ts';

const nodes: readonly CommandNode[] = everyNode(await loadCommands(COMMANDS));

/** Commands whose examples need nothing but texts. */
const RUN_HERE = ['count', 'compare', 'completion'];

let folder: string;
let aws: EmbeddedAws;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'examples-'));
  for (const name of ['texts', 'old', 'new']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, `${name}.txt`), `the words of ${name}`);
  }
  for (const name of ['book.txt', 'mine.txt', 'theirs.txt']) {
    writeFileSync(join(folder, name), `the book ${name}`);
  }
  aws = await startEmbeddedAws();
  const { s3, destroy } = createEmbeddedClients(aws);
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'texts/one.txt', Body: 'one object' }));
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'texts/two.txt', Body: 'two objects' }));
  destroy();
});
afterAll(async () => {
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the help', () => {
  it.each(nodes.map((node) => [node.path, node] as const))('of %s has examples of it', (path, node) => {
    expect(node.command.examples.length).toBeGreaterThan(0);
    const own = node.command.examples.filter(({ line }) => line.includes(`wordfreq ${path}`));
    expect(own.length).toBe(node.command.examples.length);
  });

  it('shows usage, examples and exit codes', async () => {
    const { stdout, stderr, exitCode } = await runWordfreq(['help', 'dlq', 'list']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('Usage: wordfreq dlq list [options]');
    expect(stdout).toContain('--region');
    expect(stdout).toContain('Examples:\n  wordfreq dlq list\n');
    expect(stdout).toContain('Exit codes: 0 done');
  });
});

describe('the examples', () => {
  const lines = nodes
    .filter(({ path }) => RUN_HERE.includes(path))
    .flatMap(({ command }) => command.examples.map(({ line }) => line));

  it.each(lines)('%s', async (line) => {
    const environment = {
      AWS_ENDPOINT_URL: aws.endpoints.s3,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    // Those for other shells are tested there.
    const here = line
      .replace('completion zsh', 'completion bash')
      // In this test's own folder, and without a fish.
      .replace(' > ~/.config/fish/completions/wordfreq.fish', '')
      .replace('completion fish | source', 'completion fish');
    const { stdout, stderr, exitCode } = await runLine(here, { cwd: folder, environment });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    if (!here.startsWith('source')) expect(stdout).not.toBe('');
  });
});
