import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { announcesByItself } from './announcing-bucket.ts';
import {
  anything,
  atLeast,
  checkProps,
  email,
  oneOf,
  type PropChecks,
  required,
  standardQueue,
  visibility,
} from './check-props.ts';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';
import { createTopic } from './encrypted-topic.ts';
import { publishEventsTo } from './event-targets.ts';
import { NativeBucketNotifications, switchEventBridgeOn } from './native-bucket-notifications.ts';
import { newObjectsPattern } from './new-objects-pattern.ts';
import { subscribeQueue } from './subscribe-queue.ts';

/** How announcements become messages. */
export interface BucketToQueueOptions {
  /**
   * How the bucket announces: by itself, or by EventBridge, which also works for a bucket of somebody else (who must switch EventBridge
   * on). @default - 'sns' for a bucket of this stack without notifications of the CDK's own, 'eventbridge' for others and with `rule`
   */
  readonly via?: 'sns' | 'eventbridge';
  /**
   * The queue that gets the announcements. One of another app must let the topic send.
   * @default - a new encrypted queue with a dead-letter queue
   */
  readonly queue?: IQueue;
  /**
   * Gets what could not be processed; of a given queue its own one, for alarms and workers.
   * @default - a new one for a new queue, none for a given one
   */
  readonly deadLetterQueue?: IQueue;
  /** Override the new queue's defaults. @default - none */
  readonly queueProps?: QueueProps;
  /** With `eventbridge`: a rule of this app that matches the objects already, and tells the topic, too. @default - a new rule */
  readonly rule?: Rule;
  /** The announcements that the bucket has already, if it has some. @default - new ones */
  readonly notifications?: NativeBucketNotifications;
  /**
   * The topic in between, to which others may subscribe. One of this app without a policy keeps what AWS's default policy allows; one of
   * another app must let S3, or EventBridge, publish.
   * @default - a new topic
   */
  readonly topic?: ITopic;
  /** Gets a mail for each new object. @default - no mail */
  readonly email?: string | undefined;
  /** How long a receiver has before a message comes back. @default Duration.seconds(60) */
  readonly visibilityTimeout?: Duration;
  /** How often a message may be received before the queue gives it up: a backstop behind the worker's own verdict. @default 10 */
  readonly maxReceiveCount?: number;
}

/** Properties of {@link BucketToQueue}. */
export interface BucketToQueueProps extends BucketToQueueOptions {
  /** The bucket whose new objects are announced. */
  readonly bucket: IBucket;
  /** Only keys that begin so are announced. @default - every key */
  readonly prefix?: string;
  /** Only keys that end so are announced. @default - every key */
  readonly suffix?: string;
  /** For the new queues and the new topic. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
}

const CHECKS: PropChecks<BucketToQueueProps> = {
  via: oneOf('sns', 'eventbridge'),
  queue: standardQueue,
  deadLetterQueue: standardQueue,
  queueProps: anything,
  rule: anything,
  notifications: anything,
  topic: anything,
  email: email,
  visibilityTimeout: visibility,
  maxReceiveCount: atLeast(1),
  bucket: required('the bucket whose objects are announced'),
  prefix: anything,
  suffix: anything,
  encryptionKey: anything,
};

/**
 * Announces a bucket's new objects on a topic, which delivers them raw to a queue with a dead-letter queue. TLS only, encrypted, no
 * custom resource, no role.
 *
 * @example
 * const { queue } = new BucketToQueue(this, 'Jobs', { bucket, suffix: '.txt' });
 */
export class BucketToQueue extends Construct {
  /** Announces every new object. */
  readonly topic: ITopic;
  /** Holds the jobs. */
  readonly queue: IQueue;
  /** Holds what could not be processed. Absent when a queue was given without one. */
  readonly deadLetters: IQueue | undefined;
  /** Absent for a bucket of somebody else. */
  readonly notifications: NativeBucketNotifications | undefined;
  /** Tells the topic; only for `eventbridge`. */
  readonly rule: Rule | undefined;

  /** @throws Error for `queue` with `queueProps`, for `rule` without EventBridge, and for a queue too small for S3's announcements */
  constructor(scope: Construct, id: string, props: BucketToQueueProps) {
    super(scope, id);
    checkProps('BucketToQueue', props, CHECKS);
    if (props.queue !== undefined && props.queueProps !== undefined) {
      throw new Error(
        'Expected "queue" or "queueProps", got both: the properties of an existing queue cannot be set.',
      );
    }
    const {
      rule,
      via = rule === undefined && announcesByItself(props.bucket, this) ? 'sns' : 'eventbridge',
    } = props;
    if (rule !== undefined && via !== 'eventbridge') {
      throw new Error(`Expected via: 'eventbridge' with "rule", got "${via}".`);
    }
    this.topic = props.topic ?? createTopic(this, 'FileCopied', props.encryptionKey);
    this.deadLetters =
      props.deadLetterQueue ??
      (props.queue === undefined
        ? createDeadLetterQueue(this, 'DeadLetters', props.encryptionKey)
        : undefined);
    this.queue = props.queue ?? this.#createQueue(props);
    subscribeQueue(this, this.topic, this.queue);
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
    this.notifications = props.notifications ?? this.#createNotifications(props.bucket, via);
    this.rule = this.#announce(props, via);
  }

  #createNotifications(bucket: IBucket, via: 'sns' | 'eventbridge'): NativeBucketNotifications | undefined {
    if (via === 'eventbridge') return switchEventBridgeOn(this, bucket);
    return new NativeBucketNotifications(this, 'Notifications', bucket);
  }

  #announce(props: BucketToQueueProps, via: 'sns' | 'eventbridge'): Rule | undefined {
    const { bucket, prefix, suffix } = props;
    const filter = {
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
    };
    if (via === 'sns') {
      this.notifications?.toTopic(this.topic, filter);
      return undefined;
    }
    this.notifications?.enableEventBridge();
    const rule =
      props.rule ?? new Rule(this, 'NewObjects', { eventPattern: newObjectsPattern(bucket, filter) });
    publishEventsTo(this.topic, rule);
    return rule;
  }

  #createQueue({
    visibilityTimeout = Duration.seconds(60),
    maxReceiveCount = 10,
    encryptionKey,
    queueProps = {},
  }: BucketToQueueProps): IQueue {
    return createEncryptedQueue(this, 'Queue', encryptionKey, {
      visibilityTimeout,
      ...(this.deadLetters === undefined
        ? {}
        : { deadLetterQueue: { queue: this.deadLetters, maxReceiveCount } }),
      ...queueProps,
    });
  }
}
