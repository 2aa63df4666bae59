import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type {
  CallOptions,
  CodedError,
  QuarantineReason,
  QueueMessage,
} from '@org/wordfreq-aws-adapters/ports';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type AnnouncedOutcome, copyAnnouncedUploads } from './copy-announced-uploads.ts';
import { type CopyQueuedDependencies, copyQueuedUploads } from './copy-queued-uploads.ts';
import { createOneAtATime } from './one-at-a-time.ts';

/** What the copy function needs. */
export interface CopyFunction {
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly metrics: Pick<Metrics, 'addMetric'>;
  readonly dependencies: CopyQueuedDependencies;
}

/**
 * Handles an event as the copy function: an SQS batch, or an event straight from S3 or EventBridge. Returns
 * which messages of a batch to deliver again. Of a batch, messages that can never succeed go to the dead
 * letters with their reason.
 *
 * @throws what {@link copyAnnouncedUploads} throws for an event without a queue, so that Lambda invokes the
 * function again
 */
export async function handleEvent(
  event: unknown,
  app: CopyFunction,
  call: CallOptions = {},
): Promise<SQSBatchResponse | undefined> {
  if (isSqsEvent(event)) return handleBatch(event, app, call);
  await copyFrom(JSON.stringify(event), app, call);
  return undefined;
}

async function handleBatch(event: SQSEvent, app: CopyFunction, call: CallOptions): Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  // Messages of a batch are handled at once.
  const dependencies = { ...app.dependencies, oneAtATime: createOneAtATime() };
  return processPartialResponse(
    event,
    async (record: SQSRecord) => copyFrom(toMessage(record), { ...app, dependencies }, call),
    processor,
    // A batch in which every message failed is reported message by message, like any other.
    { throwOnFullBatchFailure: false },
  );
}

/** Copies what a message of a queue, or the body of an event, announces. */
async function copyFrom(
  source: QueueMessage | string,
  { logger, metrics, dependencies }: CopyFunction,
  call: CallOptions,
): Promise<void> {
  const messageId = typeof source === 'string' ? undefined : source.id;
  const onOutcome = (outcome: AnnouncedOutcome): void => {
    const { event, result } = outcome;
    logger.info('upload handled', { messageId, ...describe(outcome) });
    // Test events, removals and other events are not uploads that were skipped.
    if (event.kind !== 'created') return;
    metrics.addMetric(result.outcome === 'copied' ? 'Copied' : 'NotCopied', MetricUnit.Count, 1);
    if (result.outcome === 'copied') metrics.addMetric('CopiedBytes', MetricUnit.Bytes, result.sizeBytes);
  };
  const onError = (error: unknown, reason?: QuarantineReason): void => {
    const { code, retryable } = error as Partial<CodedError>;
    const given = reason === undefined ? {} : { outcome: `quarantined:${reason.code}`, ...factsOf(reason) };
    const failure = { messageId, ...given, errorCode: code, retryable, error: error as Error };
    logger.error(reason === undefined ? 'upload failed' : 'upload given up', failure);
    metrics.addMetric('CopyFailed', MetricUnit.Count, 1);
  };
  try {
    const observed = { ...dependencies, onOutcome };
    if (typeof source === 'string') await copyAnnouncedUploads(source, observed, call);
    else {
      const onGivenUp = (reason: QuarantineReason, error: unknown): void => onError(error, reason);
      await copyQueuedUploads(source, { ...observed, onGivenUp }, call);
    }
  } catch (error) {
    onError(error);
    throw error;
  }
}

function toMessage({
  messageId,
  body,
  receiptHandle,
  attributes,
  messageAttributes,
}: SQSRecord): QueueMessage {
  const given = Object.entries(messageAttributes ?? {}).map(
    ([name, { stringValue = '' }]): [string, string] => [name, stringValue],
  );
  return {
    id: messageId,
    body,
    receipt: receiptHandle,
    receiveCount: Number(attributes?.ApproximateReceiveCount ?? 1),
    attributes: new Map(given),
  };
}

const factsOf = ({ facts = new Map() }: QuarantineReason): Record<string, string> =>
  Object.fromEntries(facts);

function describe({ event, result }: AnnouncedOutcome): Record<string, unknown> {
  const object = event.kind === 'created' || event.kind === 'removed' ? event.object : undefined;
  return { ...result, bucket: object?.bucket, key: object?.key };
}

function isSqsEvent(event: unknown): event is SQSEvent {
  const { Records: records } = (event ?? {}) as { Records?: unknown };
  return (
    Array.isArray(records) &&
    records.length > 0 &&
    records.every((record) => record?.eventSource === 'aws:sqs')
  );
}
