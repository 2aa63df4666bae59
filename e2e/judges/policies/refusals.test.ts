import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { createSnsNotifier } from '@org/wordfreq-aws-adapters/sns';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOptions } from './copy-function.ts';
import { environmentFor, PLACE } from './deployed.ts';
import type { Principal, Statement } from './principal.ts';
import { type Servers, startServers } from './stage.ts';

const KEY = `arn:aws:kms:${PLACE.region}:${PLACE.account}:key/1`;
const QUEUE = `arn:aws:sqs:${PLACE.region}:${PLACE.account}:queue`;
const TOPIC = `arn:aws:sns:${PLACE.region}:${PLACE.account}:topic`;

let servers: Servers;

beforeAll(async () => {
  servers = await startServers();
});

afterAll(() => servers?.stop());

/** The adapters as somebody who has these statements only. */
function adaptersWith(
  name: string,
  statements: readonly Statement[],
  keys: ReadonlyMap<string, string> = new Map(),
) {
  const principal: Principal = {
    accessKeyId: name,
    arn: `arn:aws:iam::${PLACE.account}:role/${name}`,
    place: PLACE,
    statements,
    resourcePolicies: new Map(),
    keys,
    versionedBuckets: new Set(),
  };
  servers.proxy.admit(principal);
  const options = clientOptions(environmentFor(principal, {}, servers.proxy.url));
  const queueUrl = `${servers.proxy.url}/${PLACE.account}/queue`;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return {
    objects: createS3ObjectStore({ client: new S3Client({ ...options, forcePathStyle: true }), clock }),
    queue: createSqsJobQueue({
      client: new SQSClient(options),
      queueUrl,
      deadLetterQueueUrl: queueUrl,
      clock,
    }),
    results: createDynamoResultStore({ client, tableName: 'table' }),
    notifier: createSnsNotifier({ client: new SNSClient(options), topicArns: { 'job-failed': TOPIC } }),
  };
}

const allow = (Action: string, Resource: string): Statement => ({ Effect: 'Allow', Action, Resource });
const notification = {
  kind: 'job-failed',
  id: '1',
  subject: 's',
  text: 't',
  facts: new Map<string, string>(),
} as const;

describe('what is not allowed is refused as AWS refuses it, and understood', () => {
  it.each(['s3', 'sqs', 'sns', 'dynamodb'] as const)('by %s: access-denied', async (service) => {
    const { objects, queue, results, notifier } = adaptersWith(`nobody-${service}`, []);
    const calls = {
      s3: () => objects.head({ bucket: 'bucket', key: 'a.txt' }),
      sqs: () => queue.depth(),
      sns: () => notifier.notify(notification),
      dynamodb: () => results.latest('bucket', 'a.txt'),
    };
    await expect(calls[service]()).rejects.toMatchObject({ code: 'access-denied' });
    expect(servers.proxy.denied).toContainEqual(
      expect.objectContaining({ accessKeyId: `nobody-${service}` }),
    );
  });

  it.each(['sqs', 'sns'] as const)('by %s for a key that may not be used: access-denied', async (service) => {
    const keys = new Map([QUEUE, TOPIC].map((arn) => [arn, KEY]));
    const statements = [allow('sqs:ReceiveMessage', QUEUE), allow('sns:Publish', TOPIC)];
    const { queue, notifier } = adaptersWith(`keyless-${service}`, statements, keys);
    const calls = {
      sqs: () => queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 1 }),
      sns: () => notifier.notify(notification),
    };
    await expect(calls[service]()).rejects.toMatchObject({ code: 'access-denied' });
    expect(servers.proxy.denied.at(-1)).toMatchObject({
      action: expect.stringMatching(/^kms:/),
      resource: KEY,
    });
  });

  it('an object that is not there is not found only by who may list its bucket', async () => {
    const read = allow('s3:GetObject', 'arn:aws:s3:::bucket/*');
    const missing = { bucket: 'bucket', key: 'missing.txt' };
    const reader = adaptersWith('reader', [read]).objects;
    await expect(reader.head(missing)).rejects.toMatchObject({ code: 'access-denied' });
    const lister = adaptersWith('lister', [read, allow('s3:ListBucket', 'arn:aws:s3:::bucket')]).objects;
    await expect(lister.head(missing)).rejects.toMatchObject({ code: 'not-found' });
  });
});
