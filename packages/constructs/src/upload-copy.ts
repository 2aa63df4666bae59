import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { announcesByItself, refuseOtherStack } from './announcing-bucket.ts';
import { useKeys } from './customer-key.ts';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';
import { sendEventsTo } from './event-targets.ts';
import { copyLambdaCode } from './lambda-code.ts';
import { createLogGroup, writeLog } from './log-group.ts';
import { enableEventBridgeFor, NativeBucketNotifications } from './native-bucket-notifications.ts';
import { newObjectsPattern } from './new-objects-pattern.ts';
import { createPrivateBucket } from './private-bucket.ts';
import { textSuffixes } from './text-suffixes.ts';
import { type UploadCopyProps, validateProps } from './upload-copy-props.ts';
import { WorkRole } from './work-role.ts';

type Trigger = NonNullable<UploadCopyProps['trigger']>;

const TIMEOUT = Duration.minutes(5);
/** After this many receives, an announcement that was not copied becomes a dead letter. */
const MAX_RECEIVES = 5;

/**
 * Copies every new text file from the uploading bucket to the processing bucket.
 *
 * @example
 * const { bucket } = new UploadCopy(this, 'Upload', { destination: processing });
 */
export class UploadCopy extends Construct {
  /** The bucket to which files are uploaded. */
  readonly bucket: IBucket;
  /** The function that copies. */
  readonly function: IFunction;
  /** The function's log group; `undefined` for a given function without one. */
  readonly logGroup: ILogGroup | undefined;
  /** The function's role. */
  readonly role: WorkRole;
  /** The queue for announcements of uploads; `undefined` with `notification`. */
  readonly queue: IQueue | undefined;
  /** The queue for uploads that could not be copied. */
  readonly deadLetters: IQueue;
  /** The bucket's notifications; `undefined` for an imported bucket. */
  readonly notifications: NativeBucketNotifications | undefined;
  /** The rule that sends uploads to the queue; only with `eventbridge`. */
  readonly rule: Rule | undefined;
  /** The mapping that invokes the function with the queue's messages; `undefined` with `notification`. */
  readonly mapping: EventSourceMapping | undefined;

  /**
   * @throws Error if both buckets are the same, as each copy would be copied again, and for options that
   * exclude each other
   */
  constructor(scope: Construct, id: string, props: UploadCopyProps) {
    super(scope, id);
    validateProps(props);
    const { logs, encryptionKey, removalPolicy, bucketProps } = props;
    this.bucket =
      props.bucket ??
      (createPrivateBucket(this, 'Bucket', { logs, encryptionKey, removalPolicy, bucketProps }) as IBucket);
    if (this.bucket === props.destination || this.bucket.bucketName === props.destination.bucketName) {
      throw new Error('Expected two buckets, got one: every copy would be announced and copied again.');
    }
    this.logGroup =
      props.logGroup ?? (props.function === undefined ? createLogGroup(this, 'Log') : undefined);
    this.role = new WorkRole(this, 'CopyRole', {
      purpose: 'copy',
      service: 'lambda.amazonaws.com',
      roles: props.roles,
      role: (props.function ?? props.functionProps)?.role,
    });
    this.role.grant(...copyObjects(this.bucket, props.destination));
    if (this.logGroup !== undefined) this.role.grant(writeLog(this.logGroup));
    this.deadLetters = props.deadLetterQueue ?? createDeadLetterQueue(this, 'DeadLetters', encryptionKey);
    this.function = props.function ?? this.#createFunction(props);
    const trigger = this.#trigger(props);
    if (trigger !== 'eventbridge') refuseOtherStack(this.bucket, this, `the trigger "${trigger}"`);
    this.queue =
      trigger === 'notification' ? undefined : (props.queue ?? this.#createQueue(props.encryptionKey));
    this.notifications = props.notifications ?? this.#createNotifications(trigger);
    this.rule = this.#announce(props);
    this.mapping = this.queue === undefined ? undefined : this.#consume(this.queue);
    const used = [
      this.bucket,
      props.destination,
      this.deadLetters,
      ...(this.queue === undefined ? [] : [this.queue]),
    ];
    this.role.grant(...useKeys(used));
  }

  #createFunction(props: UploadCopyProps): LambdaFunction {
    const { roles, code, functionProps } = props;
    return new LambdaFunction(this, 'Function', {
      description: 'Copies uploaded text files to the processing bucket.',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: copyLambdaCode({ roles, code }),
      timeout: TIMEOUT,
      memorySize: 256,
      ...functionProps,
      role: this.role.role,
      ...(this.logGroup === undefined ? {} : { logGroup: this.logGroup }),
      environment: { ...this.#environment(props), ...functionProps?.environment },
    });
  }

  #environment(props: UploadCopyProps): Record<string, string> {
    const { destination, prefix, suffix = '.txt' } = props;
    return {
      PROCESSING_BUCKET: destination.bucketName,
      COPY_SUFFIX: suffix,
      ...(prefix === undefined ? {} : { COPY_PREFIX: prefix }),
      // Not if S3 invokes the function directly: bucket and function would depend on each other, and Lambda
      // itself keeps failures.
      ...(this.#trigger(props) === 'notification'
        ? {}
        : {
            UPLOADING_BUCKET: this.bucket.bucketName,
            // The function itself sends dead letters there, with the reason.
            DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl,
            MAX_RECEIVES: String(MAX_RECEIVES),
          }),
    };
  }

  #trigger({ trigger, rule }: UploadCopyProps): Trigger {
    return trigger ?? (rule === undefined && announcesByItself(this.bucket, this) ? 'queue' : 'eventbridge');
  }

  #createNotifications(trigger: Trigger): NativeBucketNotifications | undefined {
    if (trigger === 'eventbridge') return enableEventBridgeFor(this, this.bucket);
    return new NativeBucketNotifications(this, 'Notifications', this.bucket);
  }

  /** Connects the bucket to the queue, or to the function if there is no queue. */
  #announce(props: UploadCopyProps): Rule | undefined {
    const { queue, notifications } = this;
    const { prefix, suffix = '.txt' } = props;
    const filter = {
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === '' ? {} : { suffixes: textSuffixes(suffix) }),
    };
    if (queue === undefined) {
      notifications?.toFunction(this.function, filter);
      this.#keepFailures();
      return undefined;
    }
    if (this.#trigger(props) === 'queue') {
      notifications?.toQueue(queue, filter);
      return undefined;
    }
    notifications?.enableEventBridge();
    const rule =
      props.rule ?? new Rule(this, 'Uploads', { eventPattern: newObjectsPattern(this.bucket, filter) });
    sendEventsTo(queue, rule);
    return rule;
  }

  /** Keeps events for which the function failed three times; Lambda would drop them. */
  #keepFailures(): void {
    acknowledge(
      this.deadLetters,
      'AwsSolutions-SQS3',
      'It is the dead-letter queue of a function; the rule only recognizes those of queues.',
    );
    this.role.grant(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
    // Lambda checks that the role may send to the destination when the configuration is created.
    const { policy } = this.role;
    if (policy !== undefined) this.function.node.findChild('EventInvokeConfig').node.addDependency(policy);
  }

  #createQueue(key: IKey | undefined): IQueue {
    return createEncryptedQueue(this, 'Queue', key, {
      // AWS recommends six times the function's timeout, so that there is time to retry throttled batches.
      visibilityTimeout: Duration.seconds(TIMEOUT.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }

  #consume(queue: IQueue): EventSourceMapping {
    this.role.grant(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [queue.queueArn],
      }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    const mapping = new EventSourceMapping(this, 'Batches', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    // Lambda checks that the role may receive when the mapping is created.
    if (this.role.policy !== undefined) mapping.node.addDependency(this.role.policy);
    return mapping;
  }
}

function copyObjects(source: IBucket, destination: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'],
      resources: [source.arnForObjects('*')],
    }),
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload', 's3:GetObject'],
      resources: [destination.arnForObjects('*')],
    }),
    // Without it S3 returns 403 instead of 404 for an object that does not exist.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [source.bucketArn, destination.bucketArn] }),
  ];
}
