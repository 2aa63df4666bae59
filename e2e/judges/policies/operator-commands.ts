import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import type { CommandRun } from '../../../packages/cli/test/support/embedded-cloud.ts';
import { until } from '../../support/until.ts';
import { manyWords, NOISE } from './life.ts';
import type { Servers, Stage } from './stage.ts';

/** Where commands are tried. */
interface OperatorSession {
  readonly stage: Stage;
  readonly servers: Servers;
  /** A folder for files of the operator. */
  readonly folder: string;
  /** Runs a command line with the permissions of a command alone. */
  run(
    command: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<CommandRun>;
}

/** Under which key `run` starts `watch`. */
const WATCHER = 'operator.watch';

/** What an operator does, in this order, so that each command makes every call that it can make. */
export const OPERATIONS: readonly (readonly [
  title: string,
  operate: (session: OperatorSession) => Promise<unknown>,
])[] = [
  ['uploads, also what is there already and what breaks off halfway', uploads],
  ['uploads and waits, also in vain', uploadsAndWaits],
  ['reads results', readsResults],
  ['watches', watches],
  ['asks what became of files', explains],
  ['finds what is missing, and puts it into the queue', reconciles],
  ['counts all of it again', backfills],
  ['looks at dead letters, sends them back, deletes them', handlesDeadLetters],
  ['counts objects where they are', countsObjects],
  ['has everything examined', examines],
];

async function expectExit(running: Promise<CommandRun>, exitCode: number): Promise<CommandRun> {
  const ended = await running;
  if (ended.exitCode === exitCode) return ended;
  throw new Error(
    `Expected exit code ${exitCode}, got ${ended.exitCode}: ${[...ended.lines, ...ended.notes].join('\n')}`,
  );
}

async function uploads({ run, stage, servers: { proxy }, folder }: OperatorSession): Promise<void> {
  const texts = join(folder, 'texts');
  mkdirSync(texts);
  writeFileSync(join(texts, 'good.txt'), 'to be or not to be');
  writeFileSync(join(texts, 'noise.txt'), NOISE);
  writeFileSync(join(texts, 'large.txt'), manyWords());
  await expectExit(run('upload', ['upload', texts]), 0);
  await expectExit(run('upload', ['upload', join(texts, 'good.txt')]), 1);
  writeFileSync(join(folder, 'in-parts.txt'), Buffer.alloc(17 * 1024 * 1024, 'word '));
  proxy.beforeEach = async ({ url }) => (url.includes('partNumber=2') ? 'fail' : undefined);
  await run('upload', ['upload', join(folder, 'in-parts.txt')]).then(
    () => Promise.reject(new Error('Expected an upload that breaks off halfway to fail.')),
    () => undefined,
  );
  proxy.beforeEach = async () => undefined;
  await stage.hasOutcomes(['good.txt', 'noise.txt', 'large.txt']);
  // So that both queues have a letter to look at.
  await stage.send('uploads dead letters', 'not JSON');
  await stage.drained();
}

async function uploadsAndWaits({ run, folder }: OperatorSession): Promise<void> {
  writeFileSync(join(folder, 'waited-for.txt'), 'once');
  writeFileSync(join(folder, 'never.md'), 'no text file, so never announced');
  const wait = ['--wait', '--json'];
  await expectExit(run('upload --wait', ['upload', join(folder, 'waited-for.txt'), ...wait]), 0);
  const never = ['upload', join(folder, 'never.md'), ...wait, '--timeout', '1s'];
  // Otherwise it would not be waited for.
  await expectExit(run('upload --wait', never, { KEY_SUFFIX: '.md' }), 1);
}

async function readsResults({ run }: OperatorSession): Promise<void> {
  await expectExit(run('results', ['results']), 0);
  await expectExit(run('results', ['results', 'good.txt']), 0);
  await expectExit(run('results', ['results', 'large.txt', '--history']), 0);
  await expectExit(run('results --all', ['results', '--all', '--format', 'ndjson']), 0);
}

/** Only a result that comes while somebody watches is shown with its words, also with those kept apart. */
async function watches({ run, stage, servers: { proxy } }: OperatorSession): Promise<void> {
  let queries = 0;
  proxy.beforeEach = async ({ headers }, { accessKeyId }) => {
    if (accessKeyId === WATCHER && String(headers['x-amz-target']).endsWith('.Query')) queries += 1;
    return undefined;
  };
  const ending = new AbortController();
  const watching = run('watch', ['watch', '--json', '--interval', '1s'], {}, ending.signal);
  try {
    // One for each shard: the first look takes three times as many, and some for the days.
    await until('the first look has ended', async () => queries > 30);
    await stage.upload('watched.txt', manyWords());
    await until('the words of a result were read', async () =>
      proxy.used(WATCHER).some(({ action }) => action === 's3:GetObject'),
    );
  } finally {
    proxy.beforeEach = async () => undefined;
    ending.abort();
  }
  await expectExit(watching, 0);
}

async function explains({ run }: OperatorSession): Promise<void> {
  for (const key of ['good.txt', 'noise.txt', 'never.md'])
    await expectExit(run('explain', ['explain', key]), 0);
  await expectExit(run('explain', ['explain', 'nowhere.txt']), 1);
}

async function reconciles({ run, stage, servers: { clients } }: OperatorSession): Promise<void> {
  const { processing, table } = stage.deployed.parts;
  const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: table.ref }));
  const lost = ['good.txt', 'waited-for.txt'].map((key) => `${processing.ref}/${key}`);
  for (const { object, version } of Items.filter((item) => lost.includes(item['object'] as string))) {
    await clients.dynamodb.send(new DeleteCommand({ TableName: table.ref, Key: { object, version } }));
  }
  // One that lacks an outcome, and one that lacks its copy.
  await clients.s3.send(new DeleteObjectCommand({ Bucket: processing.ref, Key: 'waited-for.txt' }));
  await expectExit(run('reconcile', ['reconcile']), 1);
  await expectExit(run('reconcile --enqueue', ['reconcile', '--enqueue']), 1);
  await stage.hasOutcomes(['good.txt', 'waited-for.txt']);
}

async function backfills({ run, stage }: OperatorSession): Promise<void> {
  await expectExit(run('backfill', ['backfill', '--dry-run']), 0);
  await expectExit(run('backfill', ['backfill', '--all', '--rate', '100']), 0);
  await stage.drained();
}

async function handlesDeadLetters({ run, stage }: OperatorSession): Promise<void> {
  const { uploads: bucket } = stage.deployed.parts;
  const event = s3EventFor({
    object: { bucket: bucket.ref, key: 'good.txt' },
    sizeBytes: 18,
    at: new Date(),
  });
  await stage.send('uploads dead letters', JSON.stringify(event));
  const { lines } = await expectExit(run('dlq list', ['dlq', 'list', '--json']), 0);
  const { letters } = JSON.parse(lines.join('\n')) as { letters: readonly { id: string }[] };
  await expectExit(run('dlq show', ['dlq', 'show', letters[0]?.id ?? 'none']), 0);
  // What is not JSON has no end in that time.
  await expectExit(run('dlq redrive --wait', ['dlq', 'redrive', '--wait', '--timeout', '0s']), 1);
  await stage.drained();
  await stage.send('deadLetters', 'not JSON');
  await stage.send('uploads dead letters', 'not JSON');
  await expectExit(run('dlq purge', ['dlq', 'purge', '--yes']), 0);
}

async function countsObjects({ run, stage }: OperatorSession): Promise<void> {
  const bucket = `s3://${stage.deployed.parts.processing.ref}`;
  await expectExit(run('count', ['count', `${bucket}/good.txt`]), 0);
  await expectExit(run('count', ['count', `${bucket}/`]), 0);
  await expectExit(run('compare', ['compare', `${bucket}/good.txt`, `${bucket}/large.txt`]), 0);
}

async function examines({ run, stage }: OperatorSession): Promise<void> {
  await expectExit(run('doctor', ['doctor', '--json']), 0);
  await expectExit(run('create-table', ['create-table', stage.deployed.parts.table.ref]), 0);
}
