import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** A queue and the function that AWS would run for its messages. */
export interface EventSourceMappingOptions {
  readonly queue: Pick<JobQueue, 'receive' | 'delete'>;
  readonly queueArn: string;
  readonly region: string;
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** How long the function may take before its batch is handed out again. Default: 60. */
  readonly visibilitySeconds?: number;
  /** Told of a call that failed; the batch comes back by itself. */
  readonly onError: (error: unknown) => void;
}

/** Something that runs until it is stopped. */
export interface Running {
  /** Finishes what is in hand, then ends. */
  stop(): Promise<void>;
}

/**
 * Does on this machine what Lambda's event source mapping does: polls the queue, hands batches of up to ten messages to the
 * function, and deletes those that it did not report as failed.
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
