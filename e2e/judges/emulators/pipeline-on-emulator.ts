import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { EmulatorName } from '../support/emulators.ts';
import { CHECKS } from './checks.ts';
import { type Deployed, deployTemplate, publishAssets } from './deploy-template.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type QueueFunction, startQueueFunction } from './function-of-moto.ts';
import { closeGaps, findDifferences } from './judge-template.ts';
import { type Emulator, startEmulator } from './start-emulator.ts';
import { synthesizeVariant } from './synthesize-variant.ts';
import { startWorkerProgram, type WorkerProgram } from './worker-program.ts';

const BUNDLE = join(
  resolve(import.meta.dirname, '../../..'),
  'packages/constructs/assets/copy-upload/index.cjs',
);

/** A record of the results table, as boto3 reads it. */
export interface Item {
  readonly object: string;
  readonly jobId: string;
  readonly outcome: string;
  readonly words: readonly { readonly word: string; readonly count: number }[];
  readonly totals: { readonly bytes: number; readonly words: number; readonly distinctWords: number };
}

/** The reference stack's default variant on an emulator, with the programs that are deployed. */
export interface PipelineOnEmulator {
  readonly emulator: Emulator;
  readonly proxy: FaultProxy;
  readonly uploading: string;
  readonly processing: string;
  readonly jobsQueueUrl: string;
  /** Gets every announcement of a copied file, too. */
  readonly copiedQueueUrl: string;
  /** What the command line needs to know. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  upload(key: string, body: Uint8Array): Promise<void>;
  startWorker(more?: Readonly<Record<string, string>>): WorkerProgram;
  /** The records, without the pointers to newest versions. */
  items(): Promise<readonly Item[]>;
  /** The objects that have a record: cheaper than to read the records. */
  recordedObjects(): Promise<ReadonlySet<string>>;
  /** Takes all messages of a queue. */
  drain(queueUrl: string): Promise<readonly string[]>;
  readonly resultsQueueUrl: string;
  readonly deadLettersQueueUrl: string;
  stop(): Promise<void>;
}

export async function startPipelineOn(name: EmulatorName): Promise<PipelineOnEmulator> {
  const emulator = await startEmulator(name);
  const { boto3 } = emulator;
  const variant = await synthesizeVariant('default');
  await publishAssets(emulator, variant);
  const deployed = await deployTemplate(emulator, variant, 'wordfreq');
  // moto enforces a bucket's policy, but reads its Deny without the condition that there be no TLS:
  // everything would be refused.
  const except = name === 'moto' ? ['AWS::S3::BucketPolicy'] : [];
  await closeGaps(emulator, variant, deployed, await findDifferences(emulator, variant, deployed), except);
  const proxy = await startFaultProxy(emulator.endpoint);
  const worker = await environmentOf(emulator, deployed, 'AWS::ECS::TaskDefinition');
  const command = commandLine(deployed);
  const throughProxy = (environment: Readonly<Record<string, string>>): Record<string, string> => ({
    ...emulator.environment,
    ...Object.fromEntries(
      // A queue's URL names the host that the emulator thinks it has.
      Object.entries(environment).map(([variable, value]) => [
        variable,
        variable.endsWith('QUEUE_URL') ? new URL(new URL(value).pathname, proxy.url).href : value,
      ]),
    ),
    AWS_ENDPOINT_URL: proxy.url,
    S3_FORCE_PATH_STYLE: 'true',
  });
  const required = (variable: string): string => worker[variable] ?? command[variable] ?? '';
  const lambda = await startFunction(emulator, deployed, required('UPLOADS_QUEUE_URL'), throughProxy);
  const copiedQueueUrl = await listenToCopies(emulator, required('PROCESSING_BUCKET'));
  const drain = async (QueueUrl: string): Promise<readonly string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await boto3.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
        'sqs',
        'receive_message',
        { QueueUrl, MaxNumberOfMessages: 10 },
      );
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body }) => Body));
      await Promise.all(
        Messages.map(({ ReceiptHandle }) => boto3.call('sqs', 'delete_message', { QueueUrl, ReceiptHandle })),
      );
    }
  };
  return {
    emulator,
    proxy,
    uploading: required('UPLOADING_BUCKET'),
    processing: required('PROCESSING_BUCKET'),
    jobsQueueUrl: required('JOBS_QUEUE_URL'),
    resultsQueueUrl: required('RESULTS_QUEUE_URL'),
    deadLettersQueueUrl: required('DEAD_LETTER_QUEUE_URL'),
    copiedQueueUrl,
    commandEnvironment: throughProxy(command),
    async upload(Key, body) {
      await boto3.call('s3', 'put_object', {
        Bucket: required('UPLOADING_BUCKET'),
        Key,
        Body: Buffer.from(body),
      });
    },
    startWorker: (more = {}) => startWorkerProgram({ ...throughProxy(worker), PORT: '', ...more }),
    items: async () =>
      (await scan(emulator, { TableName: required('RESULTS_TABLE') }))
        .filter(({ outcome }) => outcome !== undefined)
        .map(readItem),
    recordedObjects: async () => {
      const names = { '#object': 'object', '#version': 'version' };
      const items = await scan(emulator, {
        TableName: required('RESULTS_TABLE'),
        ProjectionExpression: '#object, #version, outcome',
        ExpressionAttributeNames: names,
      });
      const records = items.filter(({ outcome }) => outcome !== undefined);
      return new Set(records.map(({ object }) => String(object)));
    },
    drain,
    async stop() {
      await lambda?.stop();
      await proxy.stop();
      await emulator.stop();
    },
  };
}

/** The variables that a task or function has, as the emulator gives them. */
async function environmentOf(
  { boto3 }: Emulator,
  deployed: Deployed,
  type: string,
): Promise<Record<string, string>> {
  const [id] = Object.entries(deployed.sent.Resources).find(([, { Type }]) => Type === type) ?? [''];
  const read = await CHECKS[type]?.read(boto3, deployed.physicalIds.get(id) ?? '', {});
  const variables = read?.['Environment'] as { Name: string; Value: string }[];
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

/** The output that an operator pastes into a shell. */
function commandLine({ outputs }: Deployed): Record<string, string> {
  const [line = ''] = [...outputs.values()].filter((value) => value.includes('JOBS_QUEUE_URL='));
  return Object.fromEntries(
    line.split(' ').map((pair) => {
      const [variable = '', ...value] = pair.split('=');
      return [variable, value.join('=')];
    }),
  );
}

/** ministack runs the function itself; moto takes its messages, but cannot run it without containers. */
async function startFunction(
  { name, boto3 }: Emulator,
  { sent, physicalIds }: Deployed,
  uploadsQueueUrl: string,
  throughProxy: (environment: Readonly<Record<string, string>>) => Record<string, string>,
): Promise<QueueFunction | undefined> {
  if (name === 'ministack') return undefined;
  const [mapping] = Object.entries(sent.Resources).find(
    ([, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping',
  ) ?? [''];
  const UUID = physicalIds.get(mapping);
  await boto3.call('lambda', 'update_event_source_mapping', { UUID, Enabled: false });
  const [id] = Object.entries(sent.Resources).find(([, { Type, Properties = {} }]) => {
    return Type === 'AWS::Lambda::Function' && 'Environment' in Properties;
  }) ?? [''];
  const { Configuration } = await boto3.call<{
    Configuration: { Environment: { Variables: Record<string, string> } };
  }>('lambda', 'get_function', { FunctionName: physicalIds.get(id) });
  return startQueueFunction(
    boto3,
    uploadsQueueUrl,
    BUNDLE,
    throughProxy(Configuration.Environment.Variables),
  );
}

/** A second subscriber of the topic to which the processing bucket announces copies. */
async function listenToCopies({ boto3 }: Emulator, Bucket: string): Promise<string> {
  const { TopicConfigurations } = await boto3.call<{ TopicConfigurations: { TopicArn: string }[] }>(
    's3',
    'get_bucket_notification_configuration',
    { Bucket },
  );
  const { QueueUrl } = await boto3.call<{ QueueUrl: string }>('sqs', 'create_queue', { QueueName: 'copies' });
  const { Attributes } = await boto3.call<{ Attributes: { QueueArn: string } }>(
    'sqs',
    'get_queue_attributes',
    {
      QueueUrl,
      AttributeNames: ['QueueArn'],
    },
  );
  await boto3.call('sns', 'subscribe', {
    TopicArn: TopicConfigurations[0]?.TopicArn,
    Protocol: 'sqs',
    Endpoint: Attributes.QueueArn,
    Attributes: { RawMessageDelivery: 'true' },
  });
  return QueueUrl;
}

type AttributeValue = Readonly<Record<string, unknown>>;

async function scan({ boto3 }: Emulator, request: object): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let start: unknown;
  do {
    const page = await boto3.call<{ Items: Record<string, AttributeValue>[]; LastEvaluatedKey?: unknown }>(
      'dynamodb',
      'scan',
      { ...request, ...(start === undefined ? {} : { ExclusiveStartKey: start }) },
    );
    items.push(...page.Items.map(plain));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** A record as the README of the adapters describes it, read without the adapters. */
function readItem(item: Record<string, unknown>): Item {
  const { words = '', moreWords, version } = item as Readonly<Record<string, string | undefined>>;
  const more = moreWords === undefined ? '' : inflateRawSync(asBytes(moreWords)).toString();
  const lines = [words, more].filter((lines) => lines !== '').flatMap((lines) => lines.split('\n'));
  return {
    ...(item as unknown as Item),
    jobId: String(version).split('#').at(-1) ?? '',
    words: lines.flatMap((line) => {
      const [count, ...escaped] = line.split(' ');
      return escaped.map((word) => ({ word: JSON.parse(`"${word}"`) as string, count: Number(count) }));
    }),
  };
}

/** A value of type B, which boto3 reads as bytes; of any other type, it is something else. */
function asBytes(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError(`Expected bytes, but got ${JSON.stringify(value)}.`);
  return value;
}

/** DynamoDB's typed values as plain ones. */
function plain(item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  const [[type, inner] = ['NULL', true]] = Object.entries(value);
  if (type === 'N') return Number(inner);
  if (type === 'L') return (inner as AttributeValue[]).map(plainValue);
  if (type === 'M') return plain(inner as Record<string, AttributeValue>);
  return type === 'NULL' ? null : inner;
}
