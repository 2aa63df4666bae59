import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { announcesByItself } from './announcing-bucket.ts';
import { queueOverrides } from './cdk-props.ts';
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
import { enableEventBridgeFor, NativeBucketNotifications } from './native-bucket-notifications.ts';
import { newObjectsPattern } from './new-objects-pattern.ts';
import { subscribeQueue } from './subscribe-queue.ts';

/** How new objects of a bucket become messages in a queue. */
export interface BucketToQueueOptions {
  /**
   * How the bucket announces new objects: by its own notifications to a topic, to which others may subscribe
   * (`sns`), or to the queue itself, which costs less (`sqs`); or by EventBridge to the topic, which also works
   * for a bucket of another owner, who must enable EventBridge.
   * @default - 'sns' for a bucket of this stack that has no notifications written by the CDK; 'eventbridge'
   * for others and with `rule`. In a pipeline without copies 'sqs' takes the place of 'sns', unless `topic` or
   * `email` is given
   */
  readonly via?: 'sns' | 'sqs' | 'eventbridge';
  /**
   * The queue that receives the announcements. The policy of a queue from another app must allow the topic to
   * send.
   * @default - a new encrypted queue with a dead-letter queue
   */
  readonly queue?: IQueue;
  /**
   * The queue for messages that could not be processed. With a given `queue`, pass that queue's own
   * dead-letter queue, for alarms and workers.
   * @default - a new one for a new queue, none for a given one
   */
  readonly deadLetterQueue?: IQueue;
  /** Override the new queue's defaults. @default - none */
  readonly queueProps?: QueueProps;
  /**
   * With `eventbridge`: an existing rule of this app that matches the objects; it gets the topic as a target.
   * @default - a new rule
   */
  readonly rule?: Rule;
  /** The bucket's existing notifications, if it has any. @default - new ones */
  readonly notifications?: NativeBucketNotifications;
  /**
   * The topic between bucket and queue, to which others may subscribe. A topic of this app without a policy
   * keeps what AWS's default policy allows; the policy of a topic from another app must allow S3, or
   * EventBridge, to publish.
   * @default - a new topic
   */
  readonly topic?: ITopic;
  /** An address that gets a mail for each new object. @default - no mail */
  readonly email?: string | undefined;
  /** How long a received message is hidden from other receivers. @default Duration.seconds(60) */
  readonly visibilityTimeout?: Duration;
  /**
   * How often a message may be received before the queue moves it to its dead-letter queue: a backstop, as
   * the worker itself quarantines what cannot succeed.
   * @default 10
   */
  readonly maxReceiveCount?: number;
}

/** Properties of {@link BucketToQueue}. */
export interface BucketToQueueProps extends BucketToQueueOptions {
  /** The bucket whose new objects are announced. */
  readonly bucket: IBucket;
  /** Only keys that start with this are announced. @default - every key */
  readonly prefix?: string;
  /** Only keys that end with this are announced. @default - every key */
  readonly suffix?: string;
  /**
   * Only keys that end with one of these are announced; none may end with another one. Replaces `suffix`.
   * @default - every key
   */
  readonly suffixes?: string[];
  /** Encrypts the new queues and the new topic. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
}

type Via = NonNullable<BucketToQueueOptions['via']>;

const CHECKS: PropChecks<BucketToQueueProps> = {
  via: oneOf('sns', 'sqs', 'eventbridge'),
  queue: standardQueue,
  deadLetterQueue: standardQueue,
  queueProps: queueOverrides,
  rule: anything,
  notifications: anything,
  topic: anything,
  email: email,
  visibilityTimeout: visibility,
  maxReceiveCount: atLeast(1),
  bucket: required('the bucket whose objects are announced'),
  prefix: anything,
  suffix: anything,
  suffixes: anything,
  encryptionKey: anything,
};

/**
 * Announces a bucket's new objects on a topic, which delivers them raw to a queue with a dead-letter queue;
 * or to the queue itself. Encrypted and TLS only; without custom resources and roles.
 *
 * @example
 * const { queue } = new BucketToQueue(this, 'Jobs', { bucket, suffix: '.txt' });
 */
export class BucketToQueue extends Construct {
  /** The topic on which new objects are announced; `undefined` with `sqs`. */
  readonly topic: ITopic | undefined;
  /** The queue that receives the announcements. */
  readonly queue: IQueue;
  /** The queue for messages that could not be processed; `undefined` for a given queue without one. */
  readonly deadLetters: IQueue | undefined;
  /** The bucket's notifications; `undefined` for an imported bucket. */
  readonly notifications: NativeBucketNotifications | undefined;
  /** The rule that sends events to the topic; only with `eventbridge`. */
  readonly rule: Rule | undefined;

  /**
   * @throws Error for `queue` with `queueProps`, for `rule` without EventBridge, and for a topic or its mail
   * with `sqs`
   */
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
    if (via === 'sqs' && (props.topic ?? props.email) !== undefined) {
      throw new Error(
        `Expected via: 'sns' or 'eventbridge' with "topic" or "email", got 'sqs': the bucket announces objects to the queue itself.`,
      );
    }
    this.topic =
      via === 'sqs' ? undefined : (props.topic ?? createTopic(this, 'FileCopied', props.encryptionKey));
    this.deadLetters =
      props.deadLetterQueue ??
      (props.queue === undefined
        ? createDeadLetterQueue(this, 'DeadLetters', props.encryptionKey)
        : undefined);
    this.queue = props.queue ?? this.#createQueue(props);
    if (this.topic !== undefined) subscribeQueue(this, this.topic, this.queue);
    if (props.email !== undefined) this.topic?.addSubscription(new EmailSubscription(props.email));
    this.notifications = props.notifications ?? this.#createNotifications(props.bucket, via);
    this.rule = this.#announce(props, via);
  }

  #createNotifications(bucket: IBucket, via: Via): NativeBucketNotifications | undefined {
    if (via === 'eventbridge') return enableEventBridgeFor(this, bucket);
    return new NativeBucketNotifications(this, 'Notifications', bucket);
  }

  #announce(props: BucketToQueueProps, via: Via): Rule | undefined {
    const { bucket, prefix, suffix, suffixes } = props;
    const filter = {
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
      ...(suffixes === undefined ? {} : { suffixes }),
    };
    if (this.topic === undefined) {
      this.notifications?.toQueue(this.queue, filter);
      return undefined;
    }
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
