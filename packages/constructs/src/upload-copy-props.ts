import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { FunctionOptions, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { bucketOverrides, functionOverrides } from './cdk-props.ts';
import { anything, checkProps, oneOf, type PropChecks, required, standardQueue } from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';
import type { NativeBucketNotifications } from './native-bucket-notifications.ts';

/** How uploads are copied. */
export interface UploadCopyOptions {
  /** The bucket to which files are uploaded. @default - a new private bucket */
  readonly bucket?: IBucket;
  /** Override the new bucket's defaults. @default - none */
  readonly bucketProps?: BucketProps;
  /**
   * What invokes the Lambda. `queue`: S3 → SQS → Lambda; nothing is lost, and failures can be redriven.
   * `notification`: S3 invokes the Lambda directly. `eventbridge`: EventBridge → SQS → Lambda, also for a
   * bucket of another owner, who must enable EventBridge.
   * @default - 'queue' for a bucket of this stack that has no notifications written by the CDK; 'eventbridge'
   * for others and with `rule`
   */
  readonly trigger?: 'queue' | 'notification' | 'eventbridge';
  /**
   * Only keys that end with this, optionally followed by `.gz` or `.zst`, are copied; `''` copies all.
   * @default '.txt'
   */
  readonly suffix?: string;
  /** Only keys that start with this are copied. @default - every key */
  readonly prefix?: string;
  /**
   * Where the Lambda's code is. `asset`: the packaged Lambda, which copies objects of any size; the account
   * must be bootstrapped. `inline`: a smaller one in the template itself, for objects up to 5 GB.
   * @default - 'inline' with existing roles, else 'asset'
   */
  readonly code?: 'asset' | 'inline';
  /**
   * A function that copies instead of the packaged Lambda. Its environment and log are left unchanged. Its
   * role, which must be known, gets a policy for both buckets and the queues.
   * @default - the packaged Lambda
   */
  readonly function?: IFunction;
  /** The Lambda's log group. @default - a new log group that keeps 30 days */
  readonly logGroup?: ILogGroup;
  /**
   * With `eventbridge`: an existing rule of this app that matches the uploads; it gets the queue as a target.
   * @default - a new rule
   */
  readonly rule?: Rule;
  /** The bucket's existing notifications, if it has any. @default - new ones */
  readonly notifications?: NativeBucketNotifications;
  /**
   * The queue for announcements of uploads. An existing one needs a redrive policy to `deadLetterQueue`, a
   * visibility timeout of at least 30 minutes and, if it is not from this app, a policy that allows S3 or
   * EventBridge to send. Not for `notification`.
   * @default - a new queue
   */
  readonly queue?: IQueue;
  /**
   * The queue for uploads that could not be copied.
   * @default - a new queue that keeps messages for 14 days
   */
  readonly deadLetterQueue?: IQueue;
  /**
   * Override the function's defaults. `environment` is added to the construct's own variables; `role` gets a
   * policy.
   * @default - none
   */
  readonly functionProps?: FunctionOptions;
}

/** Properties of {@link UploadCopy}. */
export interface UploadCopyProps extends UploadCopyOptions {
  /** The bucket for the copies, which keep their keys. */
  readonly destination: IBucket;
  /**
   * Existing roles; with them no role is created.
   * @default - a new role with the permissions that are needed
   */
  readonly roles?: ExistingRoles | undefined;
  /** The bucket for the new bucket's access log. @default - no access log */
  readonly logs?: IBucket | undefined;
  /** Encrypts the new bucket and queues. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
  /**
   * The removal policy of the new bucket.
   * @default - retained, unless the creation of the stack is rolled back
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const CHECKS: PropChecks<UploadCopyProps> = {
  bucket: anything,
  bucketProps: bucketOverrides,
  trigger: oneOf('queue', 'notification', 'eventbridge'),
  suffix: anything,
  prefix: anything,
  code: oneOf('asset', 'inline'),
  function: anything,
  logGroup: anything,
  rule: anything,
  notifications: anything,
  queue: standardQueue,
  deadLetterQueue: standardQueue,
  functionProps: functionOverrides,
  destination: required('the bucket for the copies'),
  roles: anything,
  logs: anything,
  encryptionKey: anything,
  removalPolicy: anything,
};

/** @throws Error for invalid options and for options of which one would be ignored */
export function validateProps(props: UploadCopyProps): void {
  checkProps('UploadCopy', props, CHECKS);
  if (props.bucket !== undefined && props.bucketProps !== undefined) {
    throw new Error('Expected "bucket" or "bucketProps", got both: an existing bucket cannot be changed.');
  }
  if (props.queue !== undefined && props.trigger === 'notification') {
    throw new Error(
      'Expected no "queue" with the trigger "notification", got one: S3 invokes the function directly.',
    );
  }
  if (props.rule !== undefined && (props.trigger ?? 'eventbridge') !== 'eventbridge') {
    throw new Error(`Expected the trigger "eventbridge" with "rule", got "${props.trigger}".`);
  }
  const { function: fn, functionProps } = props;
  if (functionProps?.logGroup !== undefined) {
    throw new Error(
      'Expected "logGroup" beside "functionProps", got it inside: the role needs permission to write to it.',
    );
  }
  if (functionProps?.role !== undefined && props.roles !== undefined) {
    throw new Error('Expected "roles" or "functionProps.role", got both.');
  }
  if (fn === undefined) return;
  if (props.code !== undefined || functionProps !== undefined) {
    throw new Error(
      'Expected "function" or "code" and "functionProps", got both: an existing function has its own.',
    );
  }
  if (fn.role === undefined && props.roles === undefined) {
    throw new Error(
      'Expected a function whose role is known, such as Function.fromFunctionAttributes(…, { functionArn, role }): it needs read and write access to the buckets.',
    );
  }
}
