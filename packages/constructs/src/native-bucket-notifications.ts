import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { isOfThisApp, isWrittenByCdk } from './announcing-bucket.ts';
import { allowServiceToUseKey } from './customer-key.ts';
import { allowServiceToPublish } from './publish-to-topic.ts';

/** Selects the objects that are announced. */
export interface NotificationFilter {
  /** Only keys that start with this are announced. @default - every key */
  readonly prefix?: string;
  /** Only keys that end with this are announced. @default - every key */
  readonly suffix?: string;
  /**
   * Only keys that end with one of these are announced; none may end with another one. Replaces `suffix`.
   * @default - every key
   */
  readonly suffixes?: string[];
}

/** New objects, and archived ones that can be read again. */
const EVENTS = ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'] as const;
const S3 = 's3.amazonaws.com';

/**
 * Announces a bucket's new objects, and those restored from an archive, by the bucket's own property. Unlike
 * `bucket.addEventNotification()` it adds no custom resource, no handler Lambda and no role. It owns the
 * whole notification configuration of the bucket, so it works only for buckets of the same app without
 * notifications written by the CDK. For other buckets use EventBridge.
 *
 * @example
 * new NativeBucketNotifications(this, 'Notifications', bucket).toTopic(topic, { suffix: '.txt' });
 */
export class NativeBucketNotifications extends Construct {
  readonly #bucket: CfnBucket;
  readonly #topics: CfnBucket.TopicConfigurationProperty[] = [];
  readonly #queues: CfnBucket.QueueConfigurationProperty[] = [];
  readonly #functions: CfnBucket.LambdaConfigurationProperty[] = [];
  /** The filters added so far, which S3 checks for overlaps. */
  readonly #filters: KeyFilter[] = [];
  #permissions = 0;
  #eventBridge = false;

  /**
   * @throws Error if this app does not create the bucket, or if it already has notifications; at synthesis,
   * if others were added later
   */
  constructor(scope: Construct, id: string, bucket: IBucket) {
    super(scope, id);
    const resource = bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) {
      throw new Error(
        `Expected a bucket that this app creates, got ${bucket.node.path}. Use EventBridge for an imported bucket.`,
      );
    }
    if (resource.notificationConfiguration !== undefined) {
      throw new Error(
        `Expected a bucket without notifications, but ${bucket.node.path} has some: use one NativeBucketNotifications for all of them.`,
      );
    }
    if (isWrittenByCdk(bucket)) throw new Error(writtenTwice(bucket));
    this.#bucket = resource;
    const ownConfiguration = Lazy.any({ produce: () => this.#configuration() });
    resource.notificationConfiguration = ownConfiguration;
    this.node.addValidation({
      validate: () =>
        isWrittenByCdk(bucket) || resource.notificationConfiguration !== ownConfiguration
          ? [writtenTwice(bucket)]
          : [],
    });
  }

  /** Announces new objects to a topic. */
  toTopic(topic: ITopic, filter: NotificationFilter = {}): this {
    this.#topics.push(...this.#rulesOf(filter).map((rule) => ({ ...rule, topic: topic.topicArn })));
    const added = allowServiceToPublish(topic, S3, this.#ofThisAccount());
    // S3 tests the destination when it configures the bucket, so the policy must exist first.
    if (added.policyDependable !== undefined) this.#bucket.node.addDependency(added.policyDependable);
    return this;
  }

  /** Announces new objects to a queue. */
  toQueue(queue: IQueue, filter: NotificationFilter = {}): this {
    this.#queues.push(...this.#rulesOf(filter).map((rule) => ({ ...rule, queue: queue.queueArn })));
    allowServiceToUseKey(queue, S3);
    const added = queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(S3)],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: this.#ofThisAccount(),
      }),
    );
    if (added.policyDependable !== undefined) this.#bucket.node.addDependency(added.policyDependable);
    return this;
  }

  /**
   * Invokes a function for new objects. The grant to read the bucket must not be in the function's default
   * policy: bucket and function would depend on each other.
   */
  toFunction(fn: IFunction, filter: NotificationFilter = {}): this {
    this.#functions.push(...this.#rulesOf(filter).map((rule) => ({ ...rule, function: fn.functionArn })));
    this.#permissions += 1;
    const permission = new CfnPermission(this, `Allow${this.#permissions}`, {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionArn,
      principal: S3,
      sourceAccount: Stack.of(this).account,
    });
    this.#bucket.node.addDependency(permission);
    return this;
  }

  /** Also sends every event of the bucket to the account's default EventBridge bus. */
  enableEventBridge(): this {
    this.#eventBridge = true;
    return this;
  }

  /**
   * Returns one notification for each event type and suffix: S3's filter accepts one suffix.
   *
   * @throws Error for a filter that overlaps with another one, which S3 would reject during deployment
   */
  #rulesOf({ prefix, suffix, suffixes }: NotificationFilter): Announcement[] {
    const ends = suffixes ?? [suffix];
    return (ends.length === 0 ? [undefined] : ends).flatMap((end) => {
      this.#claim({ prefix: prefix ?? '', suffix: end ?? '' });
      const filter = filterOf(prefix, end);
      return EVENTS.map((event) => ({ event, ...filter }));
    });
  }

  #claim(filter: KeyFilter): void {
    const other = this.#filters.find((claimed) => overlap(claimed, filter));
    if (other !== undefined) {
      throw new Error(
        `Expected notification filters of ${this.#bucket.node.path} that do not overlap, as S3 requires, got ${show(other)} and ${show(filter)}. Send one of them to a topic that delivers to both destinations.`,
      );
    }
    this.#filters.push(filter);
  }

  /**
   * A condition on the account, because one on the bucket's ARN would make bucket and policy depend on each
   * other.
   */
  #ofThisAccount(): Record<string, Record<string, string>> {
    return { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
  }

  #configuration(): CfnBucket.NotificationConfigurationProperty {
    return {
      ...(this.#topics.length === 0 ? {} : { topicConfigurations: this.#topics }),
      ...(this.#queues.length === 0 ? {} : { queueConfigurations: this.#queues }),
      ...(this.#functions.length === 0 ? {} : { lambdaConfigurations: this.#functions }),
      ...(this.#eventBridge ? { eventBridgeConfiguration: { eventBridgeEnabled: true } } : {}),
    };
  }
}

/** A filter of keys; an empty string matches every key. */
interface KeyFilter {
  readonly prefix: string;
  readonly suffix: string;
}

interface Announcement {
  readonly event: string;
  readonly filter?: CfnBucket.NotificationFilterProperty;
}

/**
 * Whether two filters overlap for S3: "Configuring event notifications using object key name filtering",
 * Amazon S3 User Guide.
 */
function overlap(one: KeyFilter, other: KeyFilter): boolean {
  if ([one, other].some((filter) => Token.isUnresolved(filter.prefix) || Token.isUnresolved(filter.suffix)))
    return false;
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  return prefixes && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix));
}

function show({ prefix, suffix }: KeyFilter): string {
  return `"${prefix}*${suffix}"`;
}

/**
 * Makes a bucket of this app send its events to EventBridge, by whatever already writes its notifications.
 * The owner of an imported bucket must do that.
 *
 * @returns the notifications, if they are the bucket's own property
 */
export function enableEventBridgeFor(
  scope: Construct,
  bucket: IBucket,
): NativeBucketNotifications | undefined {
  if (!isOfThisApp(bucket)) return undefined;
  if (!isWrittenByCdk(bucket)) {
    return new NativeBucketNotifications(scope, 'Notifications', bucket).enableEventBridge();
  }
  bucket.enableEventBridgeNotification();
  return undefined;
}

function writtenTwice({ node: { path } }: IBucket): string {
  return `Expected all notifications of ${path} in one place, got a NativeBucketNotifications and eventBridgeEnabled, addEventNotification() or a notificationConfiguration: each writes the whole configuration, and the last one would win. Call toQueue(), toTopic(), toFunction() or enableEventBridge() of one NativeBucketNotifications instead, and pass it to constructs as "notifications". Or use EventBridge for this bucket.`;
}

function filterOf(
  prefix: string | undefined,
  suffix: string | undefined,
): { filter?: CfnBucket.NotificationFilterProperty } {
  const rules = [
    ...(prefix === undefined ? [] : [{ name: 'prefix', value: encodeAsS3(prefix) }]),
    ...(suffix === undefined ? [] : [{ name: 'suffix', value: encodeAsS3(suffix) }]),
  ];
  return rules.length === 0 ? {} : { filter: { s3Key: { rules } } };
}

/**
 * S3 compares its filters with keys as it writes them in notifications: form-encoded except for slashes.
 * EventBridge compares the plain keys.
 */
function encodeAsS3(text: string): string {
  if (Token.isUnresolved(text)) return text;
  return new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/');
}
