import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** S3's notifications have up to this many bytes; a queue with a lower limit loses some of them. */
const LARGEST_ANNOUNCEMENT_BYTES = 65_536;

/** An encrypted, TLS-only queue that keeps messages for 4 days. `queueProps` override these defaults. */
export function createEncryptedQueue(
  scope: Construct,
  id: string,
  key: IKey | undefined,
  queueProps: QueueProps = {},
): Queue {
  const { maxMessageSizeBytes = Number.POSITIVE_INFINITY, fifo = false, visibilityTimeout } = queueProps;
  const path = `${scope.node.path}/${id}`;
  if (fifo) {
    throw new Error(`Expected a standard queue for ${path}, got fifo: S3 and the topics cannot send to it.`);
  }
  if (visibilityTimeout?.isUnresolved() === false && visibilityTimeout.toMilliseconds() === 0) {
    throw new Error(
      `Expected a visibilityTimeout above 0 for ${path}, got 0: each message would be delivered again at once.`,
    );
  }
  if (maxMessageSizeBytes < LARGEST_ANNOUNCEMENT_BYTES) {
    throw new Error(
      `Expected maxMessageSizeBytes of at least ${LARGEST_ANNOUNCEMENT_BYTES} for ${path}, got ${maxMessageSizeBytes}: S3 would lose larger announcements.`,
    );
  }
  return new Queue(scope, id, {
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
    enforceSSL: true,
    retentionPeriod: Duration.days(4),
    ...queueProps,
  });
}

/**
 * A dead-letter queue. It keeps messages for 14 days, because a dead letter's age counts from when the
 * message was first sent.
 */
export function createDeadLetterQueue(scope: Construct, id: string, key?: IKey): Queue {
  return createEncryptedQueue(scope, id, key, { retentionPeriod: Duration.days(14) });
}
