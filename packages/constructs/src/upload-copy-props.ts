import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { FunctionOptions, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { anything, checkProps, oneOf, type PropChecks, required, standardQueue } from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';
import type { NativeBucketNotifications } from './native-bucket-notifications.ts';

/** How uploads are copied. */
export interface UploadCopyOptions {
  /** Where files are uploaded. @default - a new private bucket */
  readonly bucket?: IBucket;
  /** Override the new bucket's defaults. @default - none */
  readonly bucketProps?: BucketProps;
  /**
   * `queue`: S3 → SQS → Lambda; nothing is lost, and what fails can be redriven. `notification`: S3 calls the Lambda itself.
   * `eventbridge`: EventBridge → SQS → Lambda, also for a bucket of somebody else, who must switch EventBridge on.
   * @default - 'queue' for a bucket of this stack without notifications of the CDK's own, 'eventbridge' for others and with `rule`
   */
  readonly trigger?: 'queue' | 'notification' | 'eventbridge';
  /** Only keys that end so, or so and `.gz` or `.zst`, are copied; `''` copies all. @default '.txt' */
  readonly suffix?: string;
  /** Only keys that begin so are copied. @default - every key */
  readonly prefix?: string;
  /**
   * `asset`: the packaged Lambda, any size; the account must be bootstrapped. `inline`: a smaller one in the template itself, objects up
   * to 5 GB. @default - 'inline' with existing roles, else 'asset'
   */
  readonly code?: 'asset' | 'inline';
  /**
   * Copies instead of the packaged Lambda. Its environment and log are yours; its role, which must be known, gets a policy for both buckets
   * and the queues. @default - the packaged Lambda
   */
  readonly function?: IFunction;
  /** Where the Lambda logs. @default - a new log of 30 days */
  readonly logGroup?: ILogGroup;
  /** With `eventbridge`: a rule of this app that matches the uploads already, and sends them to the queue, too. @default - a new rule */
  readonly rule?: Rule;
  /** The announcements that the bucket has already, if it has some. @default - new ones */
  readonly notifications?: NativeBucketNotifications;
  /**
   * Holds announcements until they are copied. One of your own needs a redrive policy to `deadLetterQueue`, at least 30 minutes of visibility
   * timeout, and, if it is not of this app, a policy that lets S3 or EventBridge send. Not for `notification`. @default - a new queue
   */
  readonly queue?: IQueue;
  /** Holds announcements that could not be copied; for redrive and alarms. @default - a new queue that keeps them 14 days */
  readonly deadLetterQueue?: IQueue;
  /** Override the function's defaults; variables are added, and a role gets a policy. @default - none */
  readonly functionProps?: FunctionOptions;
}

/** Properties of {@link UploadCopy}. */
export interface UploadCopyProps extends UploadCopyOptions {
  /** Where copies go, under the same key. */
  readonly destination: IBucket;
  /** Roles that are there already; then no role is made. @default - a new role with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** Where the new bucket's access log goes. @default - no access log */
  readonly logs?: IBucket | undefined;
  /** For the new bucket and queues. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
  /** For the new bucket. @default - kept, unless the creation of the stack is rolled back */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/** @throws Error for options of which one would be ignored */
const CHECKS: PropChecks<UploadCopyProps> = {
  bucket: anything,
  bucketProps: anything,
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
  functionProps: anything,
  destination: required('the bucket that gets the copies'),
  roles: anything,
  logs: anything,
  encryptionKey: anything,
  removalPolicy: anything,
};

export function refuseContradictions(props: UploadCopyProps): void {
  checkProps('UploadCopy', props, CHECKS);
  if (props.bucket !== undefined && props.bucketProps !== undefined) {
    throw new Error('Expected "bucket" or "bucketProps", got both: an existing bucket cannot be changed.');
  }
  if (props.queue !== undefined && props.trigger === 'notification') {
    throw new Error(
      'Expected no "queue" with the trigger "notification", got one: S3 calls the function itself.',
    );
  }
  if (props.rule !== undefined && (props.trigger ?? 'eventbridge') !== 'eventbridge') {
    throw new Error(`Expected the trigger "eventbridge" with "rule", got "${props.trigger}".`);
  }
  const { function: fn, functionProps } = props;
  if (functionProps?.logGroup !== undefined) {
    throw new Error(
      'Expected "logGroup" beside "functionProps", got it in there: the role must be let write it.',
    );
  }
  if (functionProps?.role !== undefined && props.roles !== undefined) {
    throw new Error('Expected "roles" or "functionProps.role", got both.');
  }
  if (fn === undefined) return;
  if (props.code !== undefined || functionProps !== undefined) {
    throw new Error('Expected "function" or "code" and "functionProps", got both: it has its own.');
  }
  if (fn.role === undefined && props.roles === undefined) {
    throw new Error(
      'Expected a function whose role is known, such as Function.fromFunctionAttributes(…, { functionArn, role }): it must be let read and write the buckets.',
    );
  }
}
