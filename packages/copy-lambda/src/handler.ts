/**
 * The copy Lambda's composition root: reads the environment and picks adapters. `handle-event.ts` knows
 * Lambda's event shapes.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { createS3ObjectCopier } from '@org/wordfreq-aws-adapters/s3';
import { createSqsDeadLetterSender } from '@org/wordfreq-aws-adapters/sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { readCopyConfig } from './config.ts';
import { type CopyFunction, handleEvent } from './handle-event.ts';

const SERVICE = 'wordfreq-copy';
const NAMESPACE = 'WordFreq';
/** A copy in parts that does not end in time is aborted, which takes a moment. */
const RESERVE_MS = 3000;

/** Everything that one execution environment keeps between invocations. */
interface Application extends CopyFunction {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

let application: Application | undefined;

/** Created at the first event, so that importing this module has no effect. */
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
 * Copies uploaded objects to the processing bucket. Takes batches of an SQS queue, and returns which messages
 * to deliver again; events straight from S3; and events from EventBridge. For the latter two it throws when a
 * copy failed, so that Lambda tries again. Of a batch, what can never be done goes to the dead letters with
 * its reason.
 *
 * Environment: `PROCESSING_BUCKET` (required), `UPLOADING_BUCKET`, `COPY_PREFIX`, `COPY_SUFFIX`,
 * `DEAD_LETTER_QUEUE_URL`, `MAX_RECEIVES`, `S3_FORCE_PATH_STYLE`.
 */
export async function handler(event: unknown, context: Context): Promise<SQSBatchResponse | undefined> {
  application ??= start();
  const { metrics, logger } = application;
  logger.appendKeys({ requestId: context.awsRequestId });
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - RESERVE_MS));
  try {
    return await handleEvent(event, application, { signal });
  } finally {
    metrics.publishStoredMetrics();
    logger.resetKeys();
  }
}
