/** The copy Lambda's composition root: picks adapters, reads the environment, and knows Lambda's event shapes. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { CallOptions, CodedError } from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectCopier } from '@org/wordfreq-aws-adapters/s3';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readCopyConfig } from './config.ts';
import { type AnnouncedOutcome, copyAnnouncedUploads } from './copy-announced-uploads.ts';
import type { CopyUploadDependencies } from './copy-upload.ts';

const SERVICE = 'wordfreq-copy';
const NAMESPACE = 'WordFreq';
/** A copy in parts that does not end in time is undone rather than left behind, which takes a moment. */
const RESERVE_MS = 3000;

/** Everything that one execution environment keeps between invocations. */
interface Application {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly dependencies: CopyUploadDependencies & { readonly parse: typeof parseAnnouncement };
}

let application: Application | undefined;

/** Made at the first event, so that importing this module does nothing. */
function start(): Application {
  const { policy, forcePathStyle } = readCopyConfig(process.env);
  const client = new S3Client({ forcePathStyle });
  return {
    logger: new Logger({ serviceName: SERVICE }),
    metrics: new Metrics({ namespace: NAMESPACE, serviceName: SERVICE }),
    dependencies: {
      policy,
      parse: parseAnnouncement,
      objects: createS3ObjectCopier({ client, clock: systemClock }),
    },
  };
}

/**
 * Copies uploaded objects to the processing bucket. Takes batches of an SQS queue, and answers which messages to deliver again; events
 * straight from S3; and events from EventBridge. For the latter two it throws when a copy failed, so that Lambda tries again.
 *
 * Environment: `PROCESSING_BUCKET` (required), `UPLOADING_BUCKET`, `COPY_PREFIX`, `COPY_SUFFIX`, `S3_FORCE_PATH_STYLE`.
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
    async (record: SQSRecord) => copyFrom(record.body, app, call, record.messageId),
    processor,
    // A batch in which every message failed is reported message by message, like any other.
    { throwOnFullBatchFailure: false },
  );
}

async function copyFrom(
  body: string,
  { logger, metrics, dependencies }: Application,
  call: CallOptions,
  messageId?: string,
): Promise<void> {
  const onOutcome = (outcome: AnnouncedOutcome): void => {
    const { result } = outcome;
    logger.info('upload handled', { messageId, ...describe(outcome) });
    metrics.addMetric(result.outcome === 'copied' ? 'Copied' : 'NotCopied', MetricUnit.Count, 1);
    if (result.outcome === 'copied') metrics.addMetric('CopiedBytes', MetricUnit.Bytes, result.sizeBytes);
  };
  try {
    await copyAnnouncedUploads(body, { ...dependencies, onOutcome }, call);
  } catch (error) {
    const { code, retryable } = error as Partial<CodedError>;
    logger.error('upload failed', { messageId, errorCode: code, retryable, error: error as Error });
    metrics.addMetric('CopyFailed', MetricUnit.Count, 1);
    throw error;
  }
}

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
