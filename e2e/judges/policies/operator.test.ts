import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CommandRun, runInProcess } from '../../../packages/cli/test/support/embedded-cloud.ts';
import { copyingOf, environmentFor } from './deployed.ts';
import { judgePermissions } from './needed-permissions.ts';
import { OPERATIONS } from './operator-commands.ts';
import { isFor, readOperatorPermissions, resourceOf, statementsFor } from './operator-permissions.ts';
import type { Principal } from './principal.ts';
import { type Servers, type Stage, stageVariant, startServers } from './stage.ts';
import type { Variant } from './variants.ts';

/** Everything that a command could have to do with: words in objects, and a key of the customer. */
const VARIANT: Variant = {
  name: 'operator',
  props(stack) {
    const encryptionKey = new Key(stack, 'Key');
    const spillBucket = new Bucket(stack, 'Spill', {
      encryption: BucketEncryption.KMS,
      encryptionKey,
    }) as IBucket;
    return { encryptionKey, results: { spillBucket } };
  },
  worker: { TOP_WORDS: '10000' },
};

const folder = mkdtempSync(join(tmpdir(), 'wordfreq-operator-'));
const operators = new Map<string, Principal>();
let servers: Servers;
let stage: Stage;

beforeAll(async () => {
  servers = await startServers();
  stage = await stageVariant(VARIANT, servers);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await stage?.stop();
  await servers?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a command line as an operator who has what the README says that this command needs, and nothing else.
 */
async function run(
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Promise<CommandRun> {
  const { parts, environments } = stage.deployed;
  const copying = copyingOf(stage.deployed);
  const operator: Principal = {
    ...copying.principal,
    accessKeyId: `operator.${command.replaceAll(' ', '.')}`,
    arn: 'arn:aws:iam::000000000000:role/operator',
    statements: statementsFor(command, stage.deployed),
  };
  operators.set(command, operator);
  servers.proxy.admit(operator);
  const named = {
    ...environments.task,
    UPLOADING_BUCKET: parts.uploads.ref,
    UPLOADS_QUEUE_URL: copying.queue?.ref ?? '',
    UPLOADS_DEAD_LETTER_QUEUE_URL: copying.deadLetters.ref,
    ...more,
  };
  const environment = environmentFor(operator, named, servers.proxy.url);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return runInProcess(args, { environment, signal });
}

describe('an operator with the permissions of the README, and none besides', () => {
  it.each(OPERATIONS)('%s', async (_, operate) => {
    await operate({ stage, servers, folder, run });
    expect(servers.proxy.denied.splice(0)).toEqual([]);
    expect(servers.proxy.unknown).toEqual([]);
  });

  it('needs every permission that the README lists', async () => {
    const needed = new Set<string>();
    for (const [command, operator] of operators) {
      const judged = await judgePermissions(operator, servers.proxy.used(operator.accessKeyId));
      for (const { action, resource } of judged.filter((permission) => permission.needed))
        needed.add(`${command} ${action} ${resource}`);
    }
    const unneeded = readOperatorPermissions().filter((permission) => {
      const resource = resourceOf(permission, stage.deployed);
      const commands = [...operators.keys()].filter((command) => isFor(permission.command, command));
      return !commands.some((command) => needed.has(`${command} ${permission.action} ${resource}`));
    });
    // What stands in for DynamoDB here cannot add an index to a table.
    expect(unneeded.filter(({ action }) => action !== 'dynamodb:UpdateTable')).toEqual([]);
    expect(needed.size).toBeGreaterThan(60);
  });
});
