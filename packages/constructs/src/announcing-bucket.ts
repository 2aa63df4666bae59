import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Made by the CDK for `eventBridgeEnabled` and `addEventNotification()`: a function that writes the whole notification configuration. */
const CDK_HANDLER = 'Custom::S3BucketNotifications';

/** Whether the CDK writes the bucket's notifications, so that its property would be overwritten. */
export function isWrittenByCdk(bucket: IBucket): boolean {
  return bucket.node
    .findAll()
    .some((node) => CfnResource.isCfnResource(node) && node.cfnResourceType === CDK_HANDLER);
}

/** Whether this app makes the bucket. */
export function isOfThisApp(bucket: IBucket): boolean {
  return bucket.node.defaultChild instanceof CfnBucket;
}

/** Whether the bucket can announce by its own property to a construct: not from another stack, as each would need the other one first. */
export function announcesByItself(bucket: IBucket, construct: Construct): boolean {
  return isOfThisApp(bucket) && Stack.of(bucket) === Stack.of(construct) && !isWrittenByCdk(bucket);
}

/** @throws Error for a bucket of another stack of this app */
export function refuseOtherStack(bucket: IBucket, construct: Construct, option: string): void {
  if (!isOfThisApp(bucket) || Stack.of(bucket) === Stack.of(construct)) return;
  throw new Error(
    `Expected EventBridge for ${bucket.node.path}, which is in another stack, got ${option}: each of the two stacks would need the other one first. Leave the option out.`,
  );
}
