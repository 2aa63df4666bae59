import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Lambda, startLambda } from './start-lambda.ts';

let lambda: Lambda | undefined;
afterEach(() => lambda?.stop());

const NO_MESSAGES = { Records: [] } as SQSEvent;

describe(startLambda, () => {
  it('replaces a process that was killed: calls in flight fail, later ones do not', async () => {
    const crashes: string[] = [];
    lambda = startLambda({
      environment: { PROCESSING_BUCKET: 'processing', AWS_REGION: 'us-east-1' },
      onLine: () => undefined,
      onCrash: (reason) => crashes.push(reason),
    });
    await expect(lambda.invoke(NO_MESSAGES)).resolves.toEqual({ batchItemFailures: [] });
    const first = lambda.pid as number;
    process.kill(first, 'SIGKILL');
    await expect(lambda.invoke(NO_MESSAGES)).rejects.toThrow('the copy handler failed');
    await vi.waitUntil(() => lambda?.pid !== first, { timeout: 30_000 });
    await expect(lambda.invoke(NO_MESSAGES)).resolves.toEqual({ batchItemFailures: [] });
    expect(crashes).toEqual(['signal SIGKILL']);
  });
});
