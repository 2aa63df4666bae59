import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createEmbeddedClients, startEmbeddedAws } from '@org/wordfreq-aws-adapters/local';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFaultProxy } from '../../../aws-adapters/test/support/fault-proxy.ts';
import { type Lambda, startEventSourceMapping, startLambda } from './copy-lambda.ts';

let lambda: Lambda | undefined;
afterEach(() => lambda?.stop());

/** What S3 sends when notifications are set up: nothing is to be copied. */
const TEST_EVENT = {
  Records: [
    {
      messageId: 'message',
      eventSource: 'aws:sqs',
      body: JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'uploading' }),
    },
  ],
} as SQSEvent;

describe(startEventSourceMapping, () => {
  it('deletes what the function did not report as failed, each batch in one request', async () => {
    const aws = await startEmbeddedAws();
    const proxy = await startFaultProxy(aws.environment['AWS_ENDPOINT_URL_SQS'] ?? '', () => undefined);
    const direct = createEmbeddedClients(aws);
    const client = new SQSClient({
      endpoint: proxy.url,
      useQueueUrlAsEndpoint: false,
      region: aws.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { QueueUrl: queueUrl = '' } = await direct.sqs.send(
      new CreateQueueCommand({ QueueName: 'uploads' }),
    );
    for (let number = 0; number < 30; number += 1)
      await direct.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: String(number) }));
    const batches: number[] = [];
    const mapping = startEventSourceMapping({
      queue: createSqsJobQueue({ client, queueUrl, deadLetterQueueUrl: queueUrl, clock: systemClock }),
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:uploads',
      region: 'us-east-1',
      async invoke({ Records }) {
        batches.push(Records.length);
        const failed = Records.filter(({ body }) => body === '7');
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      onError: (error) => expect.unreachable(String(error)),
    });
    try {
      const depth = async (): Promise<string> => {
        const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
        const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
        const { Attributes = {} } = await direct.sqs.send(command);
        return names.map((name) => Attributes[name]).join('+');
      };
      await vi.waitUntil(async () => (await depth()) === '0+1', { timeout: 30_000 });
      const deletes = proxy.seen
        .map(({ headers }) => String(headers['x-amz-target']))
        .filter((target) => target.includes('Delete'));
      expect(batches).toEqual([10, 10, 10]);
      expect(deletes).toEqual(batches.map(() => 'AmazonSQS.DeleteMessageBatch'));
    } finally {
      await mapping.stop();
      client.destroy();
      direct.destroy();
      await proxy.stop();
      await aws.stop();
    }
  });
});

describe(startLambda, () => {
  it('replaces a process that was killed: calls in flight fail, later ones do not', async () => {
    const crashes: string[] = [];
    lambda = startLambda({
      environment: { PROCESSING_BUCKET: 'processing', AWS_REGION: 'us-east-1' },
      onLine: () => undefined,
      onCrash: (reason) => crashes.push(reason),
    });
    await expect(lambda.invoke(TEST_EVENT)).resolves.toEqual({ batchItemFailures: [] });
    const first = lambda.pid as number;
    process.kill(first, 'SIGKILL');
    await expect(lambda.invoke(TEST_EVENT)).rejects.toThrow('the copy handler failed');
    await vi.waitUntil(() => lambda?.pid !== first, { timeout: 30_000 });
    await expect(lambda.invoke(TEST_EVENT)).resolves.toEqual({ batchItemFailures: [] });
    expect(crashes).toEqual(['signal SIGKILL']);
  });
});
