/** The copy Lambda's composition root: picks adapters, reads the environment, and knows Lambda's event shapes. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readCopyConfig } from './config.ts';
import { type AnnouncedOutcome, copyAnnouncedUploads } from './copy-announced-uploads.ts';
import type { CopyUploadDependencies } from './copy-upload.ts';

const SERVICE = 'wordfreq-copy';

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
    metrics: new Metrics({ namespace: 'WordFreq', serviceName: SERVICE }),
    dependencies: {
      policy,
      parse: parseAnnouncement,
      objects: createS3ObjectStore({ client, clock: systemClock }),
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
  try {
    if (isSqsEvent(event)) return await handleBatch(event, application);
    await copyFrom(JSON.stringify(event), application);
    return undefined;
  } finally {
    metrics.publishStoredMetrics();
    logger.resetKeys();
  }
}

async function handleBatch(event: SQSEvent, app: Application): Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  return processPartialResponse(
    event,
    async (record: SQSRecord) => copyFrom(record.body, app, record.messageId),
    processor,
    // A batch in which every message failed is reported message by message, like any other.
    { throwOnFullBatchFailure: false },
  );
}

async function copyFrom(
  body: string,
  { logger, metrics, dependencies }: Application,
  messageId?: string,
): Promise<void> {
  try {
    for (const outcome of await copyAnnouncedUploads(body, dependencies)) {
      logger.info('upload handled', { messageId, ...describe(outcome) });
      metrics.addMetric(outcome.result.outcome === 'copied' ? 'Copied' : 'NotCopied', MetricUnit.Count, 1);
    }
  } catch (error) {
    logger.error('upload failed', { messageId, error: error as Error });
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
