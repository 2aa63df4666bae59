import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { KEPT } from './kept.ts';

/** Options of {@link createPrivateBucket}. */
export interface PrivateBucketOptions {
  /** The bucket for the access log. @default - no access log */
  readonly logs?: IBucket | undefined;
  /** @default - a key of S3 */
  readonly encryptionKey?: IKey | undefined;
  /** @default - kept, unless the creation of the stack is rolled back */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Override the defaults. @default - none */
  readonly bucketProps?: BucketProps | undefined;
}

/** Unfinished multipart uploads cost as much as objects, but no listing shows them. */
const ABORT_UNFINISHED = { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) };

/** A private, encrypted, TLS-only and versioned bucket. Overwritten versions are deleted after 30 days. */
export function createPrivateBucket(
  scope: Construct,
  id: string,
  { logs, encryptionKey, removalPolicy = KEPT, bucketProps = {} }: PrivateBucketOptions = {},
): Bucket {
  refuseCustomResources(scope, bucketProps);
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : // With a bucket key S3 asks KMS for one data key for many objects.
        { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      ABORT_UNFINISHED,
      { id: 'overwritten-versions', noncurrentVersionExpiration: Duration.days(30) },
    ],
    removalPolicy,
    ...bucketProps,
  });
  const kept = bucketProps.removalPolicy ?? removalPolicy;
  // Without its policy, a retained bucket would accept requests without TLS, and would no longer accept logs.
  if (kept !== RemovalPolicy.DESTROY) bucket.policy?.applyRemovalPolicy(kept);
  if (logs !== undefined) {
    // The L2's property would change the log bucket's ACL.
    const resource = bucket.node.defaultChild as CfnBucket;
    resource.loggingConfiguration = { destinationBucketName: logs.bucketName, logFilePrefix: `s3/${id}/` };
  }
  return bucket;
}

/**
 * A bucket for S3 access logs and VPC flow logs; `PageLoadBalancer` adds the statement for load balancers.
 * Logs are deleted after 90 days. The bucket is always retained: logs arrive until the stack is deleted, and
 * CloudFormation cannot delete a bucket that is not empty.
 */
export function createLogBucket(scope: Construct, id: string): Bucket {
  const bucket = createPrivateBucket(scope, id, {
    removalPolicy: RemovalPolicy.RETAIN,
    bucketProps: {
      versioned: false,
      lifecycleRules: [ABORT_UNFINISHED, { id: 'old-logs', expiration: Duration.days(90) }],
    },
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'It holds the access logs of other buckets; logging accesses to it would create a log of the log.',
  );
  const sameAccount = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [
        new ServicePrincipal('logging.s3.amazonaws.com'),
        new ServicePrincipal('delivery.logs.amazonaws.com'),
      ],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: sameAccount,
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: sameAccount,
    }),
  );
  return bucket;
}

function refuseCustomResources(scope: Construct, props: BucketProps): void {
  for (const name of ['autoDeleteObjects', 'eventBridgeEnabled'] as const) {
    if (props[name] !== true) continue;
    const advice =
      name === 'autoDeleteObjects'
        ? 'Empty the bucket with the AWS CLI before you delete the stack.'
        : 'Use NativeBucketNotifications.enableEventBridge().';
    throw new Error(
      `Expected no ${name} for ${scope.node.path}: it adds a custom resource with a role. ${advice}`,
    );
  }
}
