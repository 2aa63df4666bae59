/**
 * The embedded Lambda runtime: a separate process that loads the copy handler and calls it for each event
 * that its parent sends, as Lambda's runtime does. This gives the handler its own environment and its own
 * standard output.
 */
import { handler } from '@org/wordfreq-copy-lambda/handler';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** What the parent sends. */
interface Invocation {
  readonly id: string;
  readonly event: SQSEvent;
}

/** The response to the parent. */
export type InvocationAnswer =
  | { readonly id: string; readonly response: SQSBatchResponse | undefined }
  | { readonly id: string; readonly error: string };

const FUNCTION_NAME = 'wordfreq-copy';

process.on('message', async ({ id, event }: Invocation) => {
  process.send?.(await invoke(id, event));
});
// The parent decides when to end; Ctrl-C reaches every process of a terminal.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

async function invoke(id: string, event: SQSEvent): Promise<InvocationAnswer> {
  try {
    return { id, response: await handler(event, contextFor(id)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function contextFor(awsRequestId: string): Context {
  return {
    awsRequestId,
    functionName: FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${FUNCTION_NAME}`,
    memoryLimitInMB: '256',
    logGroupName: `/aws/lambda/${FUNCTION_NAME}`,
    logStreamName: 'embedded',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 60_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
