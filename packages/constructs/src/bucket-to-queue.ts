import { Duration } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { NativeBucketNotifications, type NotificationFilter } from './native-bucket-notifications.ts';

/** Properties of {@link BucketToQueue}. */
export interface BucketToQueueProps extends NotificationFilter {
  /** The bucket whose new objects are announced; made by the same app. */
  readonly bucket: Bucket;
  /** The queue that gets the announcements. @default - a new encrypted queue with a dead-letter queue */
  readonly queue?: Queue;
  /** The topic in between, to which others may subscribe. @default - a new topic */
  readonly topic?: Topic;
  /** How long a receiver has before a message comes back. @default Duration.seconds(60) */
  readonly visibilityTimeout?: Duration;
  /** How often a message may be received before the queue gives it up: a backstop behind the worker's own verdict. @default 10 */
  readonly maxReceiveCount?: number;
}

/**
 * Announces a bucket's new objects on a topic, which delivers them raw to a queue with a dead-letter queue. TLS only, encrypted, no
 * custom resource, no role.
 *
 * @example
 * const { queue } = new BucketToQueue(this, 'Jobs', { bucket, suffix: '.txt' });
 */
export class BucketToQueue extends Construct {
  /** Announces every new object. */
  readonly topic: Topic;
  /** Holds the jobs. */
  readonly queue: Queue;
  /** Holds what could not be processed; absent when the queue was given. */
  readonly deadLetters: Queue | undefined;

  constructor(scope: Construct, id: string, props: BucketToQueueProps) {
    super(scope, id);
    const { bucket, prefix, suffix } = props;
    this.topic = props.topic ?? new Topic(this, 'FileCopied', { enforceSSL: true });
    this.deadLetters = props.queue === undefined ? this.#createDeadLetters() : undefined;
    this.queue = props.queue ?? this.#createQueue(props);
    this.topic.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: true }));
    new NativeBucketNotifications(this, 'Notifications', bucket).toTopic(this.topic, {
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
    });
  }

  /** Keeps messages longer than the jobs queue, because a dead letter's age counts from when it was first sent. */
  #createDeadLetters(): Queue {
    return new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  #createQueue({
    visibilityTimeout = Duration.seconds(60),
    maxReceiveCount = 10,
  }: BucketToQueueProps): Queue {
    return new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout,
      ...(this.deadLetters === undefined
        ? {}
        : { deadLetterQueue: { queue: this.deadLetters, maxReceiveCount } }),
    });
  }
}
