import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { announcesByItself } from './announcing-bucket.ts';
import type { BucketToQueueOptions } from './bucket-to-queue.ts';
import { bucketOverrides } from './cdk-props.ts';
import { anything, checkProps, type PropChecks } from './check-props.ts';
import { createPrivateBucket, type PrivateBucketOptions } from './private-bucket.ts';
import { textSuffixes } from './text-suffixes.ts';
import type { UploadCopyOptions } from './upload-copy-props.ts';

/** The options of uploads that are counted where they are. */
export type UploadsInPlace = Pick<UploadCopyOptions, 'bucket' | 'bucketProps' | 'prefix' | 'suffix'>;

const CHECKS: PropChecks<UploadsInPlace> = {
  bucket: anything,
  bucketProps: bucketOverrides,
  prefix: anything,
  suffix: anything,
};

/** @throws Error for options that only copying has */
export function validateUploadsInPlace(upload: UploadsInPlace = {}): void {
  checkProps('upload with copyUploads: false', upload, CHECKS);
  if (upload.bucket !== undefined && upload.bucketProps !== undefined) {
    throw new Error('Expected "bucket" or "bucketProps", got both: an existing bucket cannot be changed.');
  }
}

/**
 * The bucket whose uploads are counted in place. A new one has the logical id that it has where uploads are
 * copied: a deployed pipeline that stops copying, or starts to, keeps its uploads.
 */
export function uploadsInPlace(
  scope: Construct,
  { bucket, bucketProps }: UploadsInPlace,
  options: Omit<PrivateBucketOptions, 'bucketProps'>,
): IBucket {
  if (bucket !== undefined) return bucket;
  return createPrivateBucket(new Construct(scope, 'Upload'), 'Bucket', {
    ...options,
    bucketProps,
  }) as IBucket;
}

/** How uploads become jobs without a copy. The bucket sends them to the queue, unless a topic is needed. */
export function announceInPlace(
  scope: Construct,
  bucket: IBucket,
  { prefix, suffix = '.txt' }: UploadsInPlace,
  jobs: BucketToQueueOptions = {},
): BucketToQueueOptions & { readonly prefix?: string; readonly suffixes?: string[] } {
  const { via, topic, email, rule } = jobs;
  const direct = (via ?? topic ?? email ?? rule) === undefined && announcesByItself(bucket, scope);
  return {
    ...jobs,
    ...(direct ? { via: 'sqs' as const } : {}),
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === '' ? {} : { suffixes: textSuffixes(suffix) }),
  };
}
