import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { NotificationFilter } from './native-bucket-notifications.ts';

/**
 * The EventBridge pattern for a bucket's new objects, and for archived ones that were restored. A prefix with
 * a suffix becomes one wildcard, because two patterns would match either of them.
 */
export function newObjectsPattern(
  bucket: IBucket,
  { prefix = '', suffix = '', suffixes = [suffix] }: NotificationFilter,
): EventPattern {
  const patterns = suffixes.map((end) => keyPattern(prefix, end));
  const key = prefix === '' && suffixes.includes('') ? {} : { object: { key: patterns } };
  return {
    source: ['aws.s3'],
    detailType: ['Object Created', 'Object Restore Completed'],
    detail: { bucket: { name: [bucket.bucketName] }, ...key },
  };
}

function keyPattern(prefix: string, suffix: string): object {
  if (suffix === '') return { prefix };
  if (prefix === '') return { suffix };
  const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('*', '\\*');
  return { wildcard: `${literal(prefix)}*${literal(suffix)}` };
}
