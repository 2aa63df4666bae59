import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import { createDynamoResultStore } from '../src/dynamodb/index.ts';
import { createSqsDeadLetterQueue, createSqsJobQueue, createSqsJobSender } from '../src/sqs/index.ts';
import { sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from './support/fault-proxy.ts';

/*
 * The fault that hurts most: the service did it, and its caller was told that it failed. Here the answer is
 * lost on the way from a real server, and the SDK does what it does on AWS: it sends the request again.
 */

const aws = embedded();
const config = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function proxyTo(target: string, faultFor: (seen: SeenRequest, index: number) => Fault | undefined) {
  const proxy = await startFaultProxy(target, faultFor);
  cleanups.push(proxy.stop);
  return proxy;
}

/** Loses the answer to one request of an action, the first unless said otherwise. */
function losing(action: string, which = 1): (seen: SeenRequest) => Fault | undefined {
  let requests = 0;
  return ({ headers }) => {
    if (!String(headers['x-amz-target']).endsWith(`.${action}`)) return undefined;
    requests += 1;
    return requests === which ? { kind: 'cut', afterBytes: 0 } : undefined;
  };
}

function sqsThrough(proxy: FaultProxy, queueUrl: string): { client: SQSClient; queueUrl: string } {
  const client = new SQSClient({ ...config, endpoint: proxy.url });
  cleanups.push(() => client.destroy());
  return { client, queueUrl: new URL(new URL(queueUrl).pathname, proxy.url).href };
}

describe('when an answer is lost', () => {
  it('a result that was written is known as saved, and is there once', async () => {
    const tableName = await aws.newTable();
    const { endpoint } = aws.clients.dynamodb.config;
    const { hostname, port } = (await endpoint?.()) ?? {};
    const proxy = await proxyTo(`http://${hostname}:${port}`, losing('PutItem', 2));
    const plain = new DynamoDBClient({ ...config, endpoint: proxy.url });
    cleanups.push(() => plain.destroy());
    const store = createDynamoResultStore({ client: DynamoDBDocumentClient.from(plain), tableName });

    expect(await store.save(sampleResult())).toEqual({ saved: true });
    expect(
      proxy.seen.filter(({ headers }) => String(headers['x-amz-target']).endsWith('PutItem')).length,
      // The day's, and the record's twice.
    ).toBe(3);
    expect(await store.history('texts', 'a.txt')).toEqual([sampleResult()]);
    const other = sampleResult({ worker: 'worker-2' });
    expect(await store.save(other)).toEqual({ saved: false, existing: sampleResult() });
  });

  it('a quarantined message is a dead letter at least once, and no longer a job', async () => {
    const jobs = await aws.newQueue();
    const deadLetterQueueUrl = await aws.newQueue();
    const proxy = await proxyTo(new URL(jobs).origin, losing('SendMessage'));
    const direct = { client: aws.clients.sqs, queueUrl: jobs, clock: systemClock };
    await createSqsJobSender(direct).send(['body']);
    const queue = createSqsJobQueue({ ...sqsThrough(proxy, jobs), deadLetterQueueUrl, clock: systemClock });
    const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 30 });
    if (message === undefined) throw new Error('Expected a message.');
    await queue.quarantine(message, { code: 'not-json', detail: 'Expected JSON.' });

    expect(await queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    const letters = await createSqsDeadLetterQueue({ ...direct, queueUrl: deadLetterQueueUrl }).peek(10);
    const originals = letters.map((letter) => letter.message.attributes.get('originalMessageId'));
    expect(originals).toEqual([message.id, message.id]);
  });

  it('entries of a batch that SQS could not take for the moment are sent again, and only they', async () => {
    const jobs = await aws.newQueue();
    const MD5OfMessageBody = createHash('md5').update('a').digest('hex');
    const body = JSON.stringify({
      Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody }],
      Failed: [{ Id: '1', Code: 'InternalError', Message: 'Try again.', SenderFault: false }],
    });
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    const proxy = await proxyTo(new URL(jobs).origin, (_seen, index) =>
      index === 0 ? { kind: 'answer', status: 200, headers, body } : undefined,
    );
    const slept: number[] = [];
    const clock = { sleep: async (ms: number) => void slept.push(ms) };
    await createSqsJobSender({ ...sqsThrough(proxy, jobs), clock }).send(['a', 'b']);
    expect((await aws.received(jobs)).map(({ Body }) => Body)).toEqual(['b']);
    expect(slept).toEqual([200]);
  });

  it('a batch that SQS does not take in the end is not called sent', async () => {
    const body = JSON.stringify({
      Successful: [],
      Failed: [{ Id: '0', Code: 'InternalError', Message: 'Not today.', SenderFault: false }],
    });
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    const jobs = await aws.newQueue();
    const proxy = await proxyTo(new URL(jobs).origin, () => ({ kind: 'answer', status: 200, headers, body }));
    const sender = createSqsJobSender({
      ...sqsThrough(proxy, jobs),
      clock: { sleep: async () => undefined },
    });
    await expect(sender.send(['a'])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Not today.'),
    });
    expect(proxy.seen).toHaveLength(4);
  });
});
