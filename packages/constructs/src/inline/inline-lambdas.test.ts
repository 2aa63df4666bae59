import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFaultProxy } from '../../../aws-adapters/test/support/fault-proxy.ts';
import { synthesize } from '../../test/support/synthesize.ts';
import { COUNTED } from '../../tools/counted-requests.ts';
import { minifiedLambdas } from '../../tools/write-inline-lambdas.ts';
import { UploadCopy } from '../index.ts';
import { INLINE_CODE_LIMIT, inlineCode } from './inline-code.ts';
import { BACKUP_EVENT_LOGGER } from './minified.ts';

type Handler = (event: unknown, context?: unknown) => Promise<unknown>;

/** Loads CommonJS as Lambda does, so that what is tested is the text of the template. */
function load(code: string): Handler {
  const exported: { handler?: Handler } = {};
  const module = { exports: exported };
  const wrapped = runInThisContext(`(function (exports, require, module) {${code}\n})`) as (
    ...args: unknown[]
  ) => void;
  wrapped(exported, createRequire(import.meta.url), module);
  const { handler } = module.exports;
  if (handler === undefined) throw new Error('Expected the code to export "handler".');
  return handler;
}

/** The code as the template has it. */
function inlineCopy(): string {
  const { resources } = synthesize((stack) => {
    new UploadCopy(stack, 'Upload', { destination: new Bucket(stack, 'Processing'), code: 'inline' });
  });
  const fn = [...resources.values()].find(({ Type }) => Type === 'AWS::Lambda::Function');
  const code = fn?.Properties?.['Code'] as { ZipFile: string } | undefined;
  if (code === undefined) throw new Error('Expected a function in the template.');
  return code.ZipFile;
}

const PACKAGED = resolve(import.meta.dirname, '../../assets/copy-upload/index.cjs');
let aws: EmbeddedAws;
let clients: EmbeddedClients;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const resources = await provisionPipeline({ aws });
  clients = createEmbeddedClients(aws);
  const environment = {
    ...aws.environment,
    ...resources.environment,
    UPLOADING_BUCKET: 'wordfreq-uploading',
    COPY_SUFFIX: '.txt',
    // Without it the packaged Lambda, too, leaves what it cannot copy to the queue.
    DEAD_LETTER_QUEUE_URL: '',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  clients?.destroy();
  await aws?.stop();
});

async function put(Key: string, Body: string): Promise<string> {
  const { ETag } = await clients.s3.send(new PutObjectCommand({ Bucket: 'wordfreq-uploading', Key, Body }));
  return (ETag ?? '').replaceAll('"', '');
}

async function copyOf(Key: string): Promise<string | undefined> {
  const command = new GetObjectCommand({ Bucket: 'wordfreq-processing', Key });
  return clients.s3.send(command).then(
    ({ Body }) => Body?.transformToString(),
    () => undefined,
  );
}

const headOfCopy = (Key: string) =>
  clients.s3.send(new HeadObjectCommand({ Bucket: 'wordfreq-processing', Key }));

/** As S3 says it: the key form-encoded. */
const s3Event = (key: string, eTag: string, { bucket = 'wordfreq-uploading', sequencer = '01' } = {}) => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: bucket },
        object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size: 3, eTag, sequencer },
      },
    },
  ],
});

const message = (body: string, index: number, receives = 1) => ({
  messageId: `message-${index}`,
  body,
  attributes: { ApproximateReceiveCount: String(receives) },
  eventSource: 'aws:sqs',
});

const batch = (...bodies: string[]) => ({ Records: bodies.map((body, index) => message(body, index)) });

const FORMS: readonly [string, () => Handler][] = [
  ['the inline Lambda', () => load(inlineCopy())],
  ['the packaged Lambda', () => createRequire(import.meta.url)(PACKAGED).handler],
];

describe.each(FORMS)('%s', (name, loadHandler) => {
  let handler: Handler;
  const folder = name.replaceAll(' ', '-');
  const run: Handler = (event) =>
    handler(event, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 300_000 });
  beforeAll(() => {
    handler = loadHandler();
  });

  it('copies a batch and reports only the messages that failed', async () => {
    const key = `${folder}/a b+ü.txt`;
    const good = JSON.stringify(s3Event(key, await put(key, 'one')));
    expect(await run(batch(good, 'not JSON', good))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(await copyOf(key)).toBe('one');
  });

  it('takes an event straight from S3, and one of EventBridge, whose keys are literal', async () => {
    await run(s3Event(`${folder}/direct.txt`, await put(`${folder}/direct.txt`, 'two')));
    const key = `${folder}/100%+.txt`;
    await run({
      version: '0',
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: {
        version: '0',
        bucket: { name: 'wordfreq-uploading' },
        object: { key, size: 3, etag: await put(key, 'three'), sequencer: '01' },
      },
    });
    expect([await copyOf(`${folder}/direct.txt`), await copyOf(key)]).toEqual(['two', 'three']);
  });

  it('copies an archived upload once it can be read again, not when that is asked for', async () => {
    const renamed = async (key: string, eventName: string) => {
      const { Records } = s3Event(key, await put(key, 'from the archive'));
      return JSON.stringify({ Records: Records.map((record) => ({ ...record, eventName })) });
    };
    const [asked, restored] = [`${folder}/asked.txt`, `${folder}/restored.txt`];
    await run(batch(await renamed(asked, 'ObjectRestore:Post')));
    await run(batch(await renamed(restored, 'ObjectRestore:Completed')));
    expect([await copyOf(asked), await copyOf(restored)]).toEqual([undefined, 'from the archive']);
    const bridged = async (key: string, type: string) => ({
      version: '0',
      source: 'aws.s3',
      'detail-type': type,
      detail: {
        version: '0',
        bucket: { name: 'wordfreq-uploading' },
        object: { key, size: 3, etag: await put(key, 'by EventBridge') },
      },
    });
    const [initiated, completed] = [`${folder}/initiated.txt`, `${folder}/completed.txt`];
    await run(await bridged(initiated, 'Object Restore Initiated'));
    await run(await bridged(completed, 'Object Restore Completed'));
    expect([await copyOf(initiated), await copyOf(completed)]).toEqual([undefined, 'by EventBridge']);
  });

  it('marks a copy with its source, keeps what the upload says of itself, and copies once', async () => {
    const Key = `${folder}/marked.txt`;
    const upload = { Bucket: 'wordfreq-uploading', Key, Body: 'x', ContentType: 'text/plain; charset=utf-8' };
    const { ETag } = await clients.s3.send(
      new PutObjectCommand({ ...upload, CacheControl: 'no-store', Metadata: { author: 'a' } }),
    );
    const event = s3Event(Key, (ETag ?? '').replaceAll('"', ''), { sequencer: '0A1B' });
    await run(batch(JSON.stringify(event)));
    const copy = await headOfCopy(Key);
    expect(copy).toMatchObject({ ContentType: 'text/plain; charset=utf-8', CacheControl: 'no-store' });
    expect(copy.Metadata).toEqual({
      author: 'a',
      'source-bucket': 'wordfreq-uploading',
      'source-etag': (ETag ?? '').replaceAll('"', ''),
      'source-sequencer': '0A1B',
    });
    await run(batch(JSON.stringify(event)));
    expect((await headOfCopy(Key)).LastModified).toEqual(copy.LastModified);
  });

  it('copies what an event with null members announces', async () => {
    const key = `${folder}/null.txt`;
    const [record] = s3Event(key, await put(key, 'of another store')).Records;
    const object = { ...record?.s3.object, size: null, eTag: null, versionId: null, sequencer: null };
    const event = { Records: [{ ...record, eventVersion: '1.0', s3: { ...record?.s3, object } }] };
    expect(await run(batch(JSON.stringify(event)))).toEqual({ batchItemFailures: [] });
    expect(await copyOf(key)).toBe('of another store');
  });

  it('copies an upload with much metadata: ours, and as much of its own as S3 allows beside that', async () => {
    const Key = `${folder}/much-metadata.txt`;
    const upload = { Bucket: 'wordfreq-uploading', Key, Body: 'x' };
    const Metadata = { large: 'x'.repeat(1500), rest: 'y'.repeat(460), 'source-etag': 'of another copy' };
    const { ETag } = await clients.s3.send(new PutObjectCommand({ ...upload, Metadata }));
    const eTag = (ETag ?? '').replaceAll('"', '');
    await run(batch(JSON.stringify(s3Event(Key, eTag))));
    expect((await headOfCopy(Key)).Metadata).toEqual({
      large: Metadata.large,
      'source-bucket': 'wordfreq-uploading',
      'source-etag': eTag,
      'source-sequencer': '01',
    });
  });

  it('never puts an older state over a newer one', async () => {
    const key = `${folder}/raced.txt`;
    // The newer event came first; what it copied is overwritten again, and then the overtaken event comes.
    await run(batch(JSON.stringify(s3Event(key, await put(key, 'newer'), { sequencer: '0A1C' }))));
    const old = s3Event(key, await put(key, 'overtaken'), { sequencer: '0a1b00' });
    await run(batch(JSON.stringify(old)));
    expect(await copyOf(key)).toBe('newer');
    await run(batch(JSON.stringify(s3Event(key, 'e', { sequencer: '0A1C01' }))));
    expect(await copyOf(key)).toBe('overtaken');
  });

  it('makes two requests for an upload, and more only where something has been copied before', async () => {
    const proxy = await startFaultProxy(aws.environment['AWS_ENDPOINT_URL_S3'] ?? '', () => undefined);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', proxy.url);
    delete createRequire(import.meta.url).cache[PACKAGED];
    const counted = loadHandler();
    const requestsFor = async (events: readonly string[]): Promise<string[]> => {
      const before = proxy.seen.length;
      const copyBatch = batch(...events);
      expect(
        await counted(copyBatch, { awsRequestId: 'r', getRemainingTimeInMillis: () => 300_000 }),
      ).toEqual({ batchItemFailures: [] });
      return proxy.seen.slice(before).map(({ method, url }) => {
        return `${method} ${url.startsWith('/wordfreq-uploading') ? 'upload' : 'copy'}`;
      });
    };
    try {
      const keys = Array.from({ length: 50 }, (_, index) => `${folder}/counted ${index}.txt`);
      const events: string[] = [];
      for (const key of keys) events.push(JSON.stringify(s3Event(key, await put(key, key))));
      const made: string[] = [];
      for (let first = 0; first < keys.length; first += 10)
        made.push(...(await requestsFor(events.slice(first, first + 10))));
      const { heads, copies } = COUNTED.copy;
      expect(made.filter((request) => request === 'HEAD upload')).toHaveLength(heads * keys.length);
      expect(made.filter((request) => request === 'PUT copy')).toHaveLength(copies * keys.length);
      expect(made).toHaveLength((heads + copies) * keys.length);
      const [first = '', key = ''] = [events[0], keys[0]];
      const looks = ['HEAD upload', 'PUT copy', 'HEAD copy'];
      expect(await requestsFor([first])).toEqual([...looks, 'HEAD upload']);
      const again = JSON.stringify(s3Event(key, await put(key, 'overwritten'), { sequencer: '02' }));
      expect(await requestsFor([again])).toEqual([...looks, 'PUT copy', 'HEAD upload']);
    } finally {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', aws.environment['AWS_ENDPOINT_URL_S3']);
      delete createRequire(import.meta.url).cache[PACKAGED];
      await proxy.stop();
    }
  });

  it('gives copies the checksum that readers check cheaply', async () => {
    const key = `${folder}/checked.txt`;
    await run(batch(JSON.stringify(s3Event(key, await put(key, '123456789')))));
    const Bucket = 'wordfreq-processing';
    const copy = await clients.s3.send(new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: 'ENABLED' }));
    expect(copy.ChecksumCRC32).toBe('y/Q5Jg==');
  });

  it('copies compressed texts, which workers open', async () => {
    const keys = [`${folder}/a.txt.gz`, `${folder}/a.txt.zst`];
    for (const key of keys) await run(batch(JSON.stringify(s3Event(key, await put(key, key)))));
    expect(await Promise.all(keys.map(copyOf))).toEqual(keys);
  });

  it('leaves other keys and buckets, test events and objects that are gone alone', async () => {
    const key = `${folder}/picture.png`;
    const events = [
      s3Event(key, await put(key, 'png')),
      s3Event(`${folder}/elsewhere.txt`, 'e', { bucket: 'somebody-elses' }),
      s3Event(`${folder}/gone.txt`, 'e'),
      { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'wordfreq-uploading' },
    ];
    const answer = await run(batch(...events.map((event) => JSON.stringify(event))));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await copyOf(key)).toBeUndefined();
  });
});

describe.each(FORMS)('%s and the dead letters', (name, loadHandler) => {
  let handler: Handler;
  let QueueUrl = '';
  const run: Handler = (event) =>
    handler(event, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 300_000 });

  beforeAll(async () => {
    const queue = new CreateQueueCommand({ QueueName: `${name.replaceAll(' ', '-')}-dead` });
    QueueUrl = (await clients.sqs.send(queue)).QueueUrl ?? '';
    vi.stubEnv('DEAD_LETTER_QUEUE_URL', QueueUrl);
    vi.stubEnv('MAX_RECEIVES', '5');
    // Both read the environment once.
    delete createRequire(import.meta.url).cache[PACKAGED];
    handler = loadHandler();
  });
  afterAll(() => vi.stubEnv('DEAD_LETTER_QUEUE_URL', ''));

  async function letter(): Promise<Record<string, string | undefined>> {
    const input = { QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 };
    const { Messages: [found] = [] } = await clients.sqs.send(new ReceiveMessageCommand(input));
    if (found === undefined) return {};
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
    const { reasonCode, originalMessageId, quarantinedAt, reasonDetail } = found.MessageAttributes ?? {};
    return {
      body: found.Body,
      code: reasonCode?.StringValue,
      id: originalMessageId?.StringValue,
      dated: String(Date.parse(quarantinedAt?.StringValue ?? '') > 0),
      explained: String((reasonDetail?.StringValue ?? '').length > 10),
    };
  }

  it.each([
    ['not JSON', 'not-json'],
    ['{"some":"thing"}', 'unknown-shape'],
  ])('get what can never be done at once, with its reason: %s', async (body, code) => {
    expect(await run(batch(body))).toEqual({ batchItemFailures: [] });
    expect(await letter()).toEqual({ body, code, id: 'message-0', dated: 'true', explained: 'true' });
  });

  it('get what may pass at its last receive only, before the queue moves it without a reason', async () => {
    const body = JSON.stringify(s3Event('late.txt', await put('late.txt', 'x')));
    // Nobody listens there.
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    delete createRequire(import.meta.url).cache[PACKAGED];
    handler = loadHandler();
    expect(await run({ Records: [message(body, 7, 4)] })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-7' }],
    });
    expect(await letter()).toEqual({});
    expect(await run({ Records: [message(body, 7, 5)] })).toEqual({ batchItemFailures: [] });
    expect(await letter()).toMatchObject({ body, code: 'attempts-exhausted', id: 'message-7' });
  });
});

describe('code that ships with the package', () => {
  it('is the minified form of what is reviewed; run "npm run inline" after a change', () => {
    expect(readFileSync(new URL('minified.ts', import.meta.url), 'utf8')).toBe(minifiedLambdas());
  });

  it('fits into a template where it must', () => {
    expect(inlineCopy().length).toBeLessThanOrEqual(INLINE_CODE_LIMIT);
    expect(() => inlineCode('x'.repeat(INLINE_CODE_LIMIT + 1))).toThrow('at most 4096 characters, got 4097');
  });

  it('has been built', () => {
    expect(existsSync(PACKAGED)).toBe(true);
  });
});

describe('the logger of backup events', () => {
  const failed = {
    'detail-type': 'Backup Job State Change',
    source: 'aws.backup',
    time: '2026-01-01T05:10:00Z',
    detail: {
      state: 'FAILED',
      backupJobId: 'job-1',
      backupVaultName: 'vault',
      resourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/results',
      statusMessage: 'Access denied',
    },
  };

  /** What it writes to the log: one line of JSON. */
  async function logged(event: unknown): Promise<unknown> {
    const write = vi.mocked(process.stdout.write);
    write.mockClear();
    await load(BACKUP_EVENT_LOGGER)(event);
    expect(write).toHaveBeenCalledOnce();
    const line = String(write.mock.calls[0]?.[0]);
    expect(line).toMatch(/^[^\n]*\n$/);
    return JSON.parse(line);
  }

  it('writes one line, with the names that metric filters and queries read', async () => {
    expect(await logged(failed)).toEqual({
      ...failed.detail,
      level: 'ERROR',
      message: 'backup job',
      service: 'wordfreq-backup-events',
      time: '2026-01-01T05:10:00Z',
    });
  });

  it.each([
    ['CREATED', 'INFO'],
    ['RUNNING', 'INFO'],
    ['COMPLETED', 'INFO'],
    ['ABORTING', 'WARN'],
    ['ABORTED', 'ERROR'],
    ['EXPIRED', 'ERROR'],
    ['PARTIAL', 'ERROR'],
    ['A NEW ONE', 'ERROR'],
  ])('logs %s as %s', async (state, level) => {
    expect(await logged({ ...failed, detail: { ...failed.detail, state } })).toMatchObject({ state, level });
  });

  it('takes restore jobs, whose state is called status', async () => {
    const event = {
      source: 'aws.backup',
      'detail-type': 'Restore Job State Change',
      detail: { restoreJobId: 'r', status: 'COMPLETED' },
    };
    expect(await logged(event)).toMatchObject({
      level: 'INFO',
      message: 'restore job',
      restoreJobId: 'r',
      state: 'COMPLETED',
    });
  });

  it.each([[undefined], [null], ['text'], [{}], [{ source: 'aws.s3' }], [{ ...failed, detail: 7 }]])(
    'logs %j, which is no such event, as an error, and does not throw',
    async (event) => {
      expect(await logged(event)).toMatchObject({ level: 'ERROR', state: 'UNKNOWN' });
    },
  );
});
