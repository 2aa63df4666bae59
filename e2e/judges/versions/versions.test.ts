import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import {
  createEmbeddedClients,
  type EmbeddedClients,
  type PipelineResources,
  provisionPipeline,
} from '@org/wordfreq-aws-adapters/local';
import type { ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorkerProcess, type WorkerRun } from '../../../packages/worker/test/support/worker-process.ts';
import { runProgram } from '../../support/run-program.ts';
import { until } from '../../support/until.ts';
import { EMULATORS, type Emulator, startEmulator } from '../support/emulators.ts';
import { missingForPythonJudges } from '../support/python.ts';

const missing = missingForPythonJudges();

/** Keys of objects that were there before the bucket had versions. */
const BEFORE = ['before-a.txt', 'before-b.txt'] as const;

/** A versioned bucket of uploads that are counted in place, on other implementations of AWS. */
describe.skipIf(missing !== '').each(EMULATORS)(`a bucket with versions on %s${missing}`, (name) => {
  let emulator: Emulator;
  let clients: EmbeddedClients;
  let resources: PipelineResources;
  let results: ResultStore;
  let worker: WorkerRun;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    emulator = await startEmulator(name);
    const { endpoint: url } = emulator;
    const aws = { endpoints: { s3: url, sqs: url, sns: url, dynamodb: url }, region: 'us-east-1' };
    resources = await provisionPipeline({ aws, copyUploads: false });
    clients = createEmbeddedClients(aws);
    results = createDynamoResultStore({ client: clients.dynamodb, tableName: resources.resultsTable });
    environment = { ...emulator.environment, ...resources.environment };
    for (const Key of BEFORE)
      await clients.s3.send(new PutObjectCommand({ Bucket: resources.uploadingBucket, Key, Body: Key }));
    await switchOn();
    worker = runWorkerProcess({ ...environment, VISIBILITY_SECONDS: '5' });
  }, 300_000);
  afterAll(async () => {
    worker?.child.kill('SIGTERM');
    await worker?.ended;
    clients?.destroy();
    await emulator?.stop();
  });

  /** Versions, and announcements straight to the jobs' queue. */
  async function switchOn(): Promise<void> {
    const { processingBucket: Bucket, jobsQueueUrl: QueueUrl } = resources;
    const versioning = { Bucket, VersioningConfiguration: { Status: 'Enabled' } } as const;
    await clients.s3.send(new PutBucketVersioningCommand(versioning));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const queue = { QueueArn: Attributes?.['QueueArn'] ?? '', Events: ['s3:ObjectCreated:*' as const] };
    const NotificationConfiguration = { QueueConfigurations: [queue] };
    await clients.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }),
    );
  }

  /** Each in a second of its own: moto sends no sequencer, and last modifications count in whole seconds. */
  async function put(Key: string, Body: string): Promise<string> {
    await setTimeout(1000 - (Date.now() % 1000));
    const { VersionId = '' } = await clients.s3.send(
      new PutObjectCommand({ Bucket: resources.processingBucket, Key, Body }),
    );
    await until(`version ${VersionId} of ${Key} is counted`, async () =>
      (await history(Key)).some(({ object }) => object.versionId === VersionId),
    );
    return VersionId;
  }

  /** The event of an object that was put before the bucket had versions. */
  async function announceOld(key: string): Promise<void> {
    const { uploadingBucket: bucket, jobsQueueUrl: QueueUrl } = resources;
    const eTag = createHash('md5').update(key).digest('hex');
    const event = s3EventFor({ object: { bucket, key, eTag }, sizeBytes: key.length, at: new Date(0) });
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  }

  const history = (key: string): Promise<readonly StoredResult[]> =>
    results.history(resources.processingBucket, key);

  async function records(): Promise<string[]> {
    const found: string[] = [];
    for await (const { object, outcome } of results.list())
      found.push(`${object.key} ${object.versionId} ${outcome}`);
    return found.sort();
  }

  /** The records of objects that were put after the bucket had versions. */
  const recordsSince = async (): Promise<string[]> =>
    (await records()).filter((record) => !BEFORE.some((key) => record.startsWith(key)));

  async function drained(): Promise<void> {
    const { jobsQueueUrl: queueUrl, deadLettersQueueUrl: deadLetterQueueUrl } = resources;
    const jobs = createSqsJobQueue({ client: clients.sqs, queueUrl, deadLetterQueueUrl, clock: systemClock });
    await until('no job waits', async () => messagesIn(await jobs.depth()) === 0);
  }

  async function takeResults(): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: resources.resultsQueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 600,
        }),
      );
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = '' }) => Body));
    }
  }

  async function wordfreq(...args: string[]): Promise<string> {
    const run = runProgram(args, environment);
    expect(await run.ended, run.stderr()).toBe(0);
    return run.stdout();
  }

  it('counts an object that is older than its versions as it is, or not at all if it was overwritten', async () => {
    const [there = '', overwritten = ''] = BEFORE;
    await announceOld(there);
    await until(`${there} is counted`, async () => (await history(there)).length > 0);
    await announceOld(there);
    const newer = await put(overwritten, 'newer words');
    await announceOld(overwritten);
    await until(
      `both versions of ${overwritten} have an outcome`,
      async () => (await history(overwritten)).length === 2,
    );
    await drained();
    expect(await records()).toEqual([
      `${there} undefined counted`,
      `${overwritten} ${newer} counted`,
      `${overwritten} undefined skipped:overwritten`,
    ]);
    // The listing calls its version "null": it is the same job.
    expect(JSON.parse(await wordfreq('backfill', '--prefix', there, '--all', '--json'))).toMatchObject({
      sent: 1,
    });
    await drained();
    expect(await history(there)).toHaveLength(1);
    for (const Key of BEFORE)
      await clients.s3.send(new DeleteObjectCommand({ Bucket: resources.uploadingBucket, Key }));
  });

  it('has one record and one results message for each version, also after a backfill of everything', async () => {
    const versions: string[] = [];
    for (const [key, body] of [
      ['a b+ü.txt', 'one two two'],
      ['twice.txt', 'old words'],
      ['twice.txt', 'new'],
      ['same.txt', 'the same bytes'],
      ['same.txt', 'the same bytes'],
    ] as const)
      versions.push(`${key} ${await put(key, body)} counted`);
    await drained();
    expect(await recordsSince()).toEqual([...versions].sort());
    const latest = await results.latest(resources.processingBucket, 'twice.txt');

    expect(JSON.parse(await wordfreq('backfill', '--all', '--json'))).toMatchObject({ sent: 3, skipped: 0 });
    await until(
      'the jobs of the backfill are done',
      async () => worker.lines.filter(({ outcome }) => outcome === 'duplicate').length >= 3,
    );
    await drained();
    expect(await recordsSince()).toEqual([...versions].sort());
    expect(await results.latest(resources.processingBucket, 'twice.txt')).toEqual(latest);
    // A second event sends the message of its job again (decision 17).
    expect(new Set((await takeResults()).map((body) => JSON.parse(body).jobId)).size).toBe(
      versions.length + 3,
    );
  });

  it('has the version for its latest that the bucket has for its current one, whatever the order of arrival', async () => {
    const current = await clients.s3.send(
      new HeadObjectCommand({ Bucket: resources.processingBucket, Key: 'twice.txt' }),
    );
    const latest = await results.latest(resources.processingBucket, 'twice.txt');
    expect(latest?.object.versionId).toBe(current.VersionId);
    expect((await history('twice.txt')).map(({ words }) => words[0]?.word)).toEqual(['new', 'old']);
  });

  it('sends nothing for an object behind a delete marker', async () => {
    await clients.s3.send(new DeleteObjectCommand({ Bucket: resources.processingBucket, Key: 'same.txt' }));
    expect(JSON.parse(await wordfreq('backfill', '--all', '--json'))).toMatchObject({ sent: 2 });
  });
});
