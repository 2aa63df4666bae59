import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableInput } from '../src/dynamodb/index.ts';
import { toAdapterError } from '../src/errors/index.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../src/local/index.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './support/fault-proxy.ts';

/*
 * What the SDK's four clients really throw, and what each error is taken for: errors of its own about a
 * request that it cannot make, errors of real servers, and what a spoilt answer or none does to it. A fault
 * of ours must never look like an outage, because workers wait for an outage to end, and an outage never like
 * a fault of ours, because those are given up.
 */

let aws: EmbeddedAws;
const proxies: FaultProxy[] = [];
/** What the next answers go through; `never` when there are none. */
let fault: Fault | 'never' | undefined;
let clients: ReturnType<typeof clientsAt>;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  for (const target of [aws.endpoints.s3, aws.endpoints.dynamodb]) {
    proxies.push(
      await startFaultProxy(target, () => (fault === 'never' ? new Promise(() => undefined) : fault)),
    );
  }
  clients = clientsAt(proxies[0]?.url ?? '', proxies[1]?.url ?? '');
  const { s3, sqs, sns, dynamodb } = clients;
  await s3.send(new CreateBucketCommand({ Bucket: 'texts' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  await sns.send(new CreateTopicCommand({ Name: 'mails' }));
  await dynamodb.send(new CreateTableCommand(createTableInput('results')));
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
  await aws.stop();
});

function clientsAt(url: string, dynamodbUrl: string, more: { readonly requestHandler?: object } = {}) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const common = { region: 'us-east-1', maxAttempts: 1, credentials, ...more };
  return {
    url,
    s3: new S3Client({ ...common, endpoint: url, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: url }),
    sns: new SNSClient({ ...common, endpoint: url }),
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({ ...common, endpoint: dynamodbUrl })),
  };
}
type Clients = ReturnType<typeof clientsAt>;
type Call = (clients: Clients) => Promise<unknown>;

const queueOf = ({ url }: Clients): string => `${url}/000000000000/jobs`;
const topic = 'arn:aws:sns:us-east-1:000000000000:mails';
/** One ordinary call of each client, whose answer has something to read. */
const CALLS: Readonly<Record<string, Call>> = {
  S3: ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket: 'texts' })),
  SQS: (all) => all.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueOf(all) })),
  SNS: ({ sns }) => sns.send(new PublishCommand({ TopicArn: topic, Message: 'x' })),
  DynamoDB: ({ dynamodb }) =>
    dynamodb.send(new GetCommand({ TableName: 'results', Key: { object: 'x', version: 'y' } })),
};

async function codeOf(call: Call, at: Clients = clients): Promise<string> {
  const thrown = await call(at).then(
    () => expect.fail('Expected the call to fail.'),
    (error: unknown) => error,
  );
  const { code, retryable, message } = toAdapterError(thrown, { operation: 'call' });
  expect(retryable, message).toBe(code === 'unavailable' || code === 'throttled');
  return code;
}

async function codeUnder(spoilt: Fault, call: Call): Promise<string> {
  fault = spoilt;
  try {
    return await codeOf(call);
  } finally {
    fault = undefined;
  }
}

const put = (Item: Record<string, unknown>): Call => {
  return ({ dynamodb }) => dynamodb.send(new PutCommand({ TableName: 'results', Item }));
};
const putObject = (input: object): Call => {
  return ({ s3 }) => s3.send(new PutObjectCommand({ Bucket: 'texts', Key: 'k', Body: 'x', ...input }));
};
const circular: { self?: unknown } = {};
circular.self = circular;

describe('what the SDK itself refuses to send', () => {
  it.each<[string, Call]>([
    ['DynamoDB: a Date in an item', put({ at: new Date(0) })],
    ['DynamoDB: not a number', put({ n: Number.NaN })],
    ['DynamoDB: a number that is not exact', put({ n: 2 ** 60 })],
    ['DynamoDB: a value that cannot be written down', put({ s: Symbol('x') })],
    ['S3: no key', putObject({ Key: undefined })],
    ['S3: no bucket', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: undefined, Key: 'k' }))],
    ['S3: what is no bucket name', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: 'a b/c', Key: 'k' }))],
    ['S3: a key that is not Unicode', putObject({ Key: 'a\uD800' })],
    ['S3: metadata that no header can carry', putObject({ Metadata: { note: 'one\ntwo' } })],
    ['S3: metadata whose name is no token', putObject({ Metadata: { 'a b': 'x' } })],
    [
      'S3: a range that is no header',
      ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: 'texts', Key: 'k', Range: 'x\n' })),
    ],
    ['S3: a body of the wrong type', putObject({ Body: 5 })],
    [
      'S3: a body in parts of the wrong type',
      ({ s3 }) => new Upload({ client: s3, params: { Bucket: 'texts', Key: 'k', Body: 5 as never } }).done(),
    ],
    [
      'SQS: a body that is not JSON',
      (all) =>
        all.sqs.send(new SendMessageCommand({ QueueUrl: queueOf(all), MessageBody: circular as never })),
    ],
    ['any: an endpoint that is no URL', () => (CALLS['SQS'] as Call)(clientsAt('nowhere', 'nowhere'))],
  ])('is invalid, and is not tried again: %s', async (_, call) => {
    expect(await codeOf(call)).toBe('invalid');
  });
});

const json = (status: number, type: string, message: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${type};Sender` },
  body: JSON.stringify({ __type: `com.amazonaws#${type}`, message }),
});
const s3Xml = (status: number, code: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
});
const snsXml = (status: number, code: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`,
});

describe('what a service answers', () => {
  it.each<[string, string, Fault, string]>([
    ['invalid', 'DynamoDB', json(400, 'ValidationException', 'm'), 'ValidationException'],
    ['invalid', 'DynamoDB', json(400, 'SerializationException', 'm'), 'SerializationException'],
    ['invalid', 'SQS', json(400, 'InvalidParameterValueException', 'm'), 'InvalidParameterValue'],
    ['invalid', 'SQS', json(400, 'MissingRequiredParameterException', 'm'), 'MissingRequiredParameter'],
    ['invalid', 'SQS', json(400, 'InvalidMessageContents', 'm'), 'InvalidMessageContents'],
    ['invalid', 'SQS', json(400, 'BatchRequestTooLong', 'm'), 'BatchRequestTooLong'],
    ['invalid', 'SNS', snsXml(400, 'InvalidParameter'), 'InvalidParameter'],
    ['invalid', 'SNS', snsXml(400, 'ValidationError'), 'ValidationError'],
    ['invalid', 'S3', s3Xml(400, 'InvalidArgument'), 'InvalidArgument'],
    ['invalid', 'S3', s3Xml(400, 'KeyTooLongError'), 'KeyTooLongError'],
    ['invalid', 'S3', s3Xml(400, 'MetadataTooLarge'), 'MetadataTooLarge'],
    [
      'throttled',
      'DynamoDB',
      json(400, 'ProvisionedThroughputExceededException', 'm'),
      'its throughput exceeded',
    ],
    ['throttled', 'SQS', json(400, 'RequestThrottled', 'm'), 'RequestThrottled'],
    ['throttled', 'SNS', snsXml(400, 'Throttling'), 'Throttling'],
    ['throttled', 'S3', s3Xml(503, 'SlowDown'), 'SlowDown'],
    ['access-denied', 'DynamoDB', json(400, 'AccessDeniedException', 'm'), 'AccessDeniedException'],
    ['access-denied', 'SQS', json(400, 'AccessDeniedException', 'm'), 'AccessDeniedException'],
    ['access-denied', 'SNS', snsXml(403, 'AuthorizationError'), 'AuthorizationError'],
    ['access-denied', 'S3', s3Xml(403, 'AccessDenied'), 'AccessDenied'],
    ['lease-lost', 'SQS', json(400, 'ReceiptHandleIsInvalid', 'm'), 'ReceiptHandleIsInvalid'],
  ])('is %s where %s says %3$s', async (code, service, answer) => {
    expect(await codeUnder(answer, CALLS[service] as Call)).toBe(code);
  });

  it.each<[string, Call]>([
    ['DynamoDB', put({})],
    ['SQS', (all) => all.sqs.send(new SendMessageCommand({ QueueUrl: undefined, MessageBody: 'x' }))],
    ['SNS', ({ sns }) => sns.send(new PublishCommand({ Message: 'x' }))],
  ])('is invalid or not-found where the embedded %s misses a parameter', async (_, call) => {
    expect(['invalid', 'not-found']).toContain(await codeOf(call));
  });
});

describe('what an outage looks like', () => {
  const html: Fault = { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' };
  describe.each(Object.keys(CALLS))('to the client of %s', (service) => {
    const call = CALLS[service] as Call;

    it.each<[string, Fault]>([
      ['500 without a body', { kind: 'answer', status: 500 }],
      ['503 without a body', { kind: 'answer', status: 503 }],
      ['502 from a gateway', html],
      ['200 with something else in it', { kind: 'answer', status: 200, body: '<html' }],
      ['a connection that is reset', { kind: 'cut', afterBytes: 0 }],
    ])('is unavailable: %s', async (_, spoilt) => {
      expect(await codeUnder(spoilt, call)).toBe('unavailable');
    });

    it.each<[string, string, object | undefined]>([
      ['nothing listens there', 'http://127.0.0.1:1', undefined],
      ['the name is unknown', 'http://nowhere.invalid', undefined],
      ['the server speaks no TLS', 'https', undefined],
      ['no answer comes in time', 'never', { requestTimeout: 50, throwOnRequestTimeout: true }],
    ])('is unavailable: %s', async (_, endpoint, requestHandler) => {
      const at = (proxy: FaultProxy | undefined): string => {
        if (endpoint === 'https') return (proxy?.url ?? '').replace('http:', 'https:');
        return endpoint === 'never' ? (proxy?.url ?? '') : endpoint;
      };
      const handler = requestHandler === undefined ? {} : { requestHandler };
      fault = endpoint === 'never' ? 'never' : undefined;
      try {
        expect(await codeOf(call, clientsAt(at(proxies[0]), at(proxies[1]), handler))).toBe('unavailable');
      } finally {
        fault = undefined;
      }
    });
  });

  it.each<[string, Call, Fault]>([
    [
      'a message that SQS stored otherwise',
      (all) => all.sqs.send(new SendMessageCommand({ QueueUrl: queueOf(all), MessageBody: 'x' })),
      { kind: 'answer', status: 200, body: '{"MessageId":"m","MD5OfMessageBody":"0"}' },
    ],
    [
      'a message that arrives otherwise',
      CALLS['SQS'] as Call,
      { kind: 'answer', status: 200, body: '{"Messages":[{"MessageId":"m","Body":"x","MD5OfBody":"0"}]}' },
    ],
    [
      'an object that arrives otherwise',
      async ({ s3 }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'texts', Key: 'k' }));
        return Body?.transformToString();
      },
      { kind: 'answer', status: 200, headers: { 'x-amz-checksum-crc32': 'AAAAAA==' }, body: 'hello' },
    ],
    [
      'a copy that fails after it said 200',
      ({ s3 }) => s3.send(new CopyObjectCommand({ Bucket: 'texts', Key: 'k', CopySource: 'texts/l' })),
      { kind: 'answer', status: 200 },
    ],
  ])('is unavailable: %s', async (_, call, spoilt) => {
    expect(await codeUnder(spoilt, call)).toBe('unavailable');
  });
});
