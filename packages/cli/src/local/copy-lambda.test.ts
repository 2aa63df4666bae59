import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Lambda, startLambda } from './copy-lambda.ts';

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
