import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * The CDK creates this for `eventBridgeEnabled` and `addEventNotification()`; it writes the whole
 * notification configuration.
 */
const CDK_HANDLER = 'Custom::S3BucketNotifications';

/**
 * Whether the CDK's custom resource writes the bucket's notifications and would overwrite the bucket's own
 * property.
 */
export function isWrittenByCdk(bucket: IBucket): boolean {
  return bucket.node
    .findAll()
    .some((node) => CfnResource.isCfnResource(node) && node.cfnResourceType === CDK_HANDLER);
}

/** Whether this app creates the bucket. */
export function isOfThisApp(bucket: IBucket): boolean {
  return bucket.node.defaultChild instanceof CfnBucket;
}

/**
 * Whether the bucket can announce objects to a construct by its own notification property. A bucket in
 * another stack cannot: the two stacks would depend on each other.
 */
export function announcesByItself(bucket: IBucket, construct: Construct): boolean {
  return isOfThisApp(bucket) && Stack.of(bucket) === Stack.of(construct) && !isWrittenByCdk(bucket);
}

/** @throws Error for a bucket of another stack of this app */
export function refuseOtherStack(bucket: IBucket, construct: Construct, option: string): void {
  if (!isOfThisApp(bucket) || Stack.of(bucket) === Stack.of(construct)) return;
  throw new Error(
    `Expected EventBridge for ${bucket.node.path}, which is in another stack, got ${option}: the two stacks would depend on each other. Leave the option out.`,
  );
}
