import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { InvocationAnswer } from './lambda-process.ts';
import { programBeside, type Running, superviseProcess } from './supervised-process.ts';

/** How to run the copy Lambda. */
interface LambdaOptions {
  /** The function's environment variables, and the AWS SDK's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the function logs. */
  readonly onLine: (line: string) => void;
  /** Called when the process ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
}

/** A running function. */
export interface Lambda extends Running {
  /** Of the current process; changes after a crash. */
  readonly pid: number | undefined;
  /** @throws Error when the handler threw, or the process ended */
  invoke(event: SQSEvent): Promise<SQSBatchResponse>;
}

/**
 * Starts the copy Lambda in its own process, which is replaced when it ends, as Lambda replaces an execution
 * environment.
 */
export function startLambda({ environment, onLine, onCrash }: LambdaOptions): Lambda {
  const waiting = new Map<string, (answer: InvocationAnswer) => void>();
  function settle(answer: InvocationAnswer): void {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  }
  const lambda = superviseProcess({
    program: programBeside('lambda-process'),
    environment,
    onLine,
    onMessage: (answer) => settle(answer as InvocationAnswer),
    onCrash(reason) {
      onCrash(reason);
      for (const id of waiting.keys()) settle({ id, error: `the copy Lambda's process ended (${reason})` });
    },
    end: (child) => child.disconnect(),
  });
  return {
    get pid() {
      return lambda.child.pid;
    },
    async invoke(event) {
      const id = randomUUID();
      const answered = new Promise<InvocationAnswer>((resolve) => waiting.set(id, resolve));
      lambda.child.send({ id, event }, (error) => {
        if (error !== null) settle({ id, error: error.message });
      });
      const answer = await answered;
      if ('error' in answer) throw new Error(`the copy handler failed: ${answer.error}`);
      return answer.response ?? { batchItemFailures: [] };
    },
    stop: () => lambda.stop(),
  };
}

/** A queue and the function that AWS would run for its messages. */
interface EventSourceMappingOptions {
  readonly queue: Pick<JobQueue, 'receive' | 'delete'>;
  readonly queueArn: string;
  readonly region: string;
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** How long the function may take before its batch is handed out again. Default: 60. */
  readonly visibilitySeconds?: number;
  /** Called when a call failed; the batch is delivered again by itself. */
  readonly onError: (error: unknown) => void;
}

/**
 * Does what Lambda's event source mapping does: polls the queue, invokes the function with batches of up to
 * ten messages, and deletes those that it did not report as failed.
 *
 * Source: "Creating and configuring an Amazon SQS event source mapping", AWS Lambda Developer Guide.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): Running {
  const { queue, visibilitySeconds = 60 } = options;
  const stopping = new AbortController();

  async function deliver(batch: readonly QueueMessage[]): Promise<void> {
    const event = { Records: batch.map((message) => toRecord(message, options)) };
    const response = await options.invoke(event);
    const failed = new Set(response.batchItemFailures.map((failure) => failure.itemIdentifier));
    await Promise.all(
      batch.filter((message) => !failed.has(message.id)).map((message) => queue.delete(message)),
    );
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const batch = await queue.receive({
          maxMessages: 10,
          waitSeconds: 20,
          visibilitySeconds,
          signal: stopping.signal,
        });
        if (batch.length > 0) await deliver(batch);
      } catch (error) {
        if (stopping.signal.aborted) return;
        options.onError(error);
        await delay(1000);
      }
    }
  }

  const done = poll();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

function toRecord(message: QueueMessage, options: EventSourceMappingOptions): SQSRecord {
  const sent = String(message.sentAt?.getTime() ?? 0);
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: sent,
      SenderId: 'AIDAEMBEDDED',
      ApproximateFirstReceiveTimestamp: sent,
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(message.body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: options.queueArn,
    awsRegion: options.region,
  };
}
