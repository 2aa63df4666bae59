import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { synthesize } from '../../test/support/synthesize.ts';
import { UploadCopy } from '../index.ts';
import { BACKUP_EVENT_LOGGER_SOURCE } from './backup-event-logger-source.ts';
import { INLINE_CODE_LIMIT, inlineCode } from './inline-code.ts';

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

const batch = (...bodies: string[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body, eventSource: 'aws:sqs' })),
});

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

describe('code that ships with the package', () => {
  it('fits into a template where it must', () => {
    expect(inlineCopy().length).toBeLessThanOrEqual(INLINE_CODE_LIMIT);
    expect(() => inlineCode('x'.repeat(INLINE_CODE_LIMIT + 1))).toThrow('at most 4096 characters, got 4097');
  });

  it('has been built', () => {
    expect(existsSync(PACKAGED)).toBe(true);
  });

  it.each([
    ['inline', () => load(BACKUP_EVENT_LOGGER_SOURCE)],
    [
      'packaged',
      () => createRequire(import.meta.url)(PACKAGED.replace('copy-upload', 'backup-event-logger')).handler,
    ],
  ] as const)(
    'logs a backup event as one line of JSON, where metric filters read it: %s',
    async (_, loadHandler) => {
      vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
      const lines: string[] = [];
      const keep = (line: unknown) => lines.push(String(line).trimEnd()) > 0;
      // Lambda writes both to the log.
      vi.mocked(process.stdout.write).mockImplementation(keep);
      vi.mocked(process.stderr.write).mockImplementation(keep);
      await (loadHandler() as Handler)({
        'detail-type': 'Backup Job State Change',
        source: 'aws.backup',
        time: '2026-01-01T05:10:00Z',
        detail: { state: 'FAILED', backupJobId: 'job-1', statusMessage: 'no' },
      });
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        level: 'ERROR',
        state: 'FAILED',
        backupJobId: 'job-1',
      });
    },
  );
});
