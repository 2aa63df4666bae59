import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  type FunctionOptions,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type BucketProps, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { letServiceUseKey, useKeys } from './customer-key.ts';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';
import type { ExistingRoles } from './existing-roles.ts';
import { COPY_UPLOAD } from './inline/minified.ts';
import { lambdaCode } from './lambda-code.ts';
import { createLogGroup, writeLog } from './log-group.ts';
import { NativeBucketNotifications } from './native-bucket-notifications.ts';
import { newObjectsPattern } from './new-objects-pattern.ts';
import { createPrivateBucket } from './private-bucket.ts';
import { WorkRole } from './work-role.ts';

/** How uploads are copied. */
export interface UploadCopyOptions {
  /** Where files are uploaded. @default - a new private bucket */
  readonly bucket?: IBucket;
  /** Override the new bucket's defaults. @default - none */
  readonly bucketProps?: BucketProps;
  /**
   * `queue`: S3 → SQS → Lambda; nothing is lost, and what fails can be redriven. `notification`: S3 calls the Lambda itself.
   * `eventbridge`: EventBridge → SQS → Lambda, also for a bucket of somebody else, who must switch EventBridge on.
   * @default - 'queue' for a bucket of this app, 'eventbridge' for others
   */
  readonly trigger?: 'queue' | 'notification' | 'eventbridge';
  /** @default '.txt' */
  readonly suffix?: string;
  /** @default - every key */
  readonly prefix?: string;
  /**
   * `asset`: the packaged Lambda, any size; the account must be bootstrapped. `inline`: a smaller one in the template itself, objects up
   * to 5 GB. @default - 'inline' with existing roles, else 'asset'
   */
  readonly code?: 'asset' | 'inline';
  /**
   * Holds announcements until they are copied. One of your own needs a redrive policy to `deadLetterQueue`, at least 30 minutes of visibility
   * timeout, and, if it is not of this app, a policy that lets S3 or EventBridge send. Not for `notification`. @default - a new queue
   */
  readonly queue?: IQueue;
  /** Holds announcements that could not be copied; for redrive and alarms. @default - a new queue that keeps them 14 days */
  readonly deadLetterQueue?: IQueue;
  /** Override the function's defaults. @default - none */
  readonly functionProps?: FunctionOptions;
}

/** Properties of {@link UploadCopy}. */
export interface UploadCopyProps extends UploadCopyOptions {
  /** Where copies go, under the same key. */
  readonly destination: IBucket;
  /** @default - a new role with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** Where the new bucket's access log goes. @default - no access log */
  readonly logs?: IBucket | undefined;
  /** For the new bucket and queues. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
  /** For the new bucket. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const TIMEOUT = Duration.minutes(5);
/** An announcement that was received so often without success goes to the dead letters. */
const MAX_RECEIVES = 5;

/**
 * Copies every new text file from the uploading bucket to the processing bucket.
 *
 * @example
 * const { bucket } = new UploadCopy(this, 'Upload', { destination: processing });
 */
export class UploadCopy extends Construct {
  readonly bucket: IBucket;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: WorkRole;
  /** Holds announcements until they are copied; absent for `notification`. */
  readonly queue: IQueue | undefined;
  /** Holds announcements that could not be copied. */
  readonly deadLetters: IQueue;

  /** @throws Error when the two buckets are one, as each copy would announce the next; for options that exclude each other */
  constructor(scope: Construct, id: string, props: UploadCopyProps) {
    super(scope, id);
    if (props.bucket !== undefined && props.bucketProps !== undefined) {
      throw new Error('Expected "bucket" or "bucketProps", got both: an existing bucket cannot be changed.');
    }
    if (props.queue !== undefined && props.trigger === 'notification') {
      throw new Error(
        'Expected no "queue" with the trigger "notification", got one: S3 calls the function itself.',
      );
    }
    const { logs, encryptionKey, removalPolicy, bucketProps } = props;
    this.bucket =
      props.bucket ??
      (createPrivateBucket(this, 'Bucket', { logs, encryptionKey, removalPolicy, bucketProps }) as IBucket);
    if (this.bucket === props.destination || this.bucket.bucketName === props.destination.bucketName) {
      throw new Error('Expected two buckets, got one: every copy would be announced and copied again.');
    }
    this.logGroup = createLogGroup(this, 'Log');
    this.role = new WorkRole(this, 'CopyRole', {
      purpose: 'copy',
      service: 'lambda.amazonaws.com',
      roles: props.roles,
    });
    this.role.grant(...copyObjects(this.bucket, props.destination), writeLog(this.logGroup));
    this.deadLetters = props.deadLetterQueue ?? createDeadLetterQueue(this, 'DeadLetters', encryptionKey);
    this.function = this.#createFunction(props);
    this.queue = this.#connect(props);
    const used = [
      this.bucket,
      props.destination,
      this.deadLetters,
      ...(this.queue === undefined ? [] : [this.queue]),
    ];
    this.role.grant(...useKeys(used));
  }

  #createFunction(props: UploadCopyProps): LambdaFunction {
    const { prefix, suffix = '.txt' } = props;
    return new LambdaFunction(this, 'Function', {
      description: 'Copies uploaded text files to the processing bucket.',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: lambdaCode({
        asset: 'copy-upload',
        source: COPY_UPLOAD,
        roles: props.roles,
        code: props.code,
      }),
      role: this.role.role,
      timeout: TIMEOUT,
      memorySize: 256,
      logGroup: this.logGroup,
      environment: {
        PROCESSING_BUCKET: props.destination.bucketName,
        // Not its name when S3 calls the function by itself: bucket and function would need each other first.
        ...(this.#trigger(props) === 'notification' ? {} : { UPLOADING_BUCKET: this.bucket.bucketName }),
        COPY_SUFFIX: suffix,
        ...(prefix === undefined ? {} : { COPY_PREFIX: prefix }),
        // Of a queue's messages, so that each dead letter has its reason. What S3 delivers by itself Lambda puts there.
        ...(this.#trigger(props) === 'notification'
          ? {}
          : { DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl, MAX_RECEIVES: String(MAX_RECEIVES) }),
      },
      ...props.functionProps,
    });
  }

  #trigger({ trigger }: UploadCopyProps): 'queue' | 'notification' | 'eventbridge' {
    return trigger ?? (this.#ours() ? 'queue' : 'eventbridge');
  }

  #ours(): boolean {
    return this.bucket.node.defaultChild instanceof CfnBucket;
  }

  #connect(props: UploadCopyProps): IQueue | undefined {
    const { prefix, suffix = '.txt' } = props;
    const filter = { ...(prefix === undefined ? {} : { prefix }), ...(suffix === '' ? {} : { suffix }) };
    const trigger = this.#trigger(props);
    const notifications =
      this.#ours() || trigger !== 'eventbridge'
        ? new NativeBucketNotifications(this, 'Notifications', this.bucket)
        : undefined;
    if (trigger === 'notification') {
      notifications?.toFunction(this.function, filter);
      this.#keepFailures();
      return undefined;
    }
    const queue = props.queue ?? this.#createQueue(props.encryptionKey);
    if (trigger === 'queue') notifications?.toQueue(queue, filter);
    else {
      notifications?.enableEventBridge();
      const rule = new Rule(this, 'Uploads', { eventPattern: newObjectsPattern(this.bucket, filter) });
      letServiceUseKey(queue, 'events.amazonaws.com');
      rule.addTarget(new SqsQueue(queue));
    }
    this.#consume(queue);
    return queue;
  }

  /** What Lambda could not do after three tries is kept, not dropped. */
  #keepFailures(): void {
    acknowledge(
      this.deadLetters,
      'AwsSolutions-SQS3',
      'It is a dead-letter queue: of the function, where the rule looks for those of queues.',
    );
    this.role.grant(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
  }

  #createQueue(key: IKey | undefined): IQueue {
    return createEncryptedQueue(this, 'Queue', key, {
      // AWS advises six times the function's timeout, so that throttled batches come back in time.
      visibilityTimeout: Duration.seconds(TIMEOUT.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }

  #consume(queue: IQueue): void {
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
    // Lambda checks that it may receive when the mapping is made.
    if (this.role.policy !== undefined) mapping.node.addDependency(this.role.policy);
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
    // Without it S3 says 403 instead of 404 for an object that is gone.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [source.bucketArn, destination.bucketArn] }),
  ];
}
