/** The copy Lambda's composition root: picks adapters, reads the environment, and knows Lambda's event shapes. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type {
  CallOptions,
  CodedError,
  QuarantineReason,
  QueueMessage,
} from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectCopier } from '@org/wordfreq-aws-adapters/s3';
import { createSqsDeadLetterSender } from '@org/wordfreq-aws-adapters/sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readCopyConfig } from './config.ts';
import { type AnnouncedOutcome, copyAnnouncedUploads } from './copy-announced-uploads.ts';
import { type CopyQueuedDependencies, copyQueuedUploads } from './copy-queued-uploads.ts';

const SERVICE = 'wordfreq-copy';
const NAMESPACE = 'WordFreq';
/** A copy in parts that does not end in time is undone rather than left behind, which takes a moment. */
const RESERVE_MS = 3000;

/** Everything that one execution environment keeps between invocations. */
interface Application {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly dependencies: CopyQueuedDependencies;
}

let application: Application | undefined;

/** Made at the first event, so that importing this module does nothing. */
function start(): Application {
  const { policy, forcePathStyle, deadLetterQueueUrl: queueUrl, maxReceives } = readCopyConfig(process.env);
  const client = new S3Client({ forcePathStyle });
  return {
    logger: new Logger({ serviceName: SERVICE }),
    metrics: new Metrics({ namespace: NAMESPACE, serviceName: SERVICE }),
    dependencies: {
      policy,
      parse: parseAnnouncement,
      objects: createS3ObjectCopier({ client, clock: systemClock }),
      ...(maxReceives === undefined ? {} : { maxReceives }),
      ...(queueUrl === undefined
        ? {}
        : {
            deadLetters: createSqsDeadLetterSender({
              client: new SQSClient({}),
              queueUrl,
              clock: systemClock,
            }),
          }),
    },
  };
}

/**
 * Copies uploaded objects to the processing bucket. Takes batches of an SQS queue, and answers which messages to deliver again; events
 * straight from S3; and events from EventBridge. For the latter two it throws when a copy failed, so that Lambda tries again. Of a batch,
 * what can never be done goes to the dead letters with its reason.
 *
 * Environment: `PROCESSING_BUCKET` (required), `UPLOADING_BUCKET`, `COPY_PREFIX`, `COPY_SUFFIX`, `DEAD_LETTER_QUEUE_URL`, `MAX_RECEIVES`,
 * `S3_FORCE_PATH_STYLE`.
 */
export async function handler(event: unknown, context: Context): Promise<SQSBatchResponse | undefined> {
  application ??= start();
  const { metrics, logger } = application;
  logger.appendKeys({ requestId: context.awsRequestId });
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - RESERVE_MS));
  try {
    if (isSqsEvent(event)) return await handleBatch(event, application, { signal });
    await copyFrom(JSON.stringify(event), application, { signal });
    return undefined;
  } finally {
    metrics.publishStoredMetrics();
    logger.resetKeys();
  }
}

async function handleBatch(event: SQSEvent, app: Application, call: CallOptions): Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  return processPartialResponse(
    event,
    async (record: SQSRecord) => copyFrom(toMessage(record), app, call),
    processor,
    // A batch in which every message failed is reported message by message, like any other.
    { throwOnFullBatchFailure: false },
  );
}

/** Copies what a message of a queue, or the body of an event, announces. */
async function copyFrom(
  source: QueueMessage | string,
  { logger, metrics, dependencies }: Application,
  call: CallOptions,
): Promise<void> {
  const messageId = typeof source === 'string' ? undefined : source.id;
  const onOutcome = (outcome: AnnouncedOutcome): void => {
    const { event, result } = outcome;
    logger.info('upload handled', { messageId, ...describe(outcome) });
    // Test events, removals and other news are no uploads that were left out.
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
