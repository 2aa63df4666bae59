import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { NativeBucketNotifications, type NotificationFilter } from './native-bucket-notifications.ts';

/** Announces to one queue for each filter. */
function announce(...filters: readonly NotificationFilter[]): () => void {
  return () => {
    const stack = new Stack(new App(), 'Stack');
    const bucket = new Bucket(stack, 'Texts');
    const notifications = new NativeBucketNotifications(stack, 'Announcements', bucket);
    for (const [index, filter] of filters.entries()) {
      notifications.toQueue(new Queue(stack, `Queue${index}`), filter);
    }
  };
}

describe(NativeBucketNotifications, () => {
  it.each<readonly [string, NotificationFilter, NotificationFilter]>([
    ['"*" and "*"', {}, {}],
    ['"*" and "*.txt"', {}, { suffix: '.txt' }],
    ['"in/*" and "in/sub/*"', { prefix: 'in/' }, { prefix: 'in/sub/' }],
    ['"*.txt" and "*.gz.txt"', { suffix: '.txt' }, { suffix: '.gz.txt' }],
    ['"in/*" and "*.txt"', { prefix: 'in/' }, { suffix: '.txt' }],
    [
      '"in/*.txt" and "in/*.txt"',
      { prefix: 'in/', suffix: '.txt' },
      { prefix: 'in/', suffixes: ['.md', '.txt'] },
    ],
  ])('refuses the filters %s, as S3 does when deployed', (_, one, other) => {
    const [first, second] = String(_).split(' and ');
    expect(announce(one, other)).toThrow(`do not overlap, as S3 requires, got ${first} and ${second}.`);
  });

  it.each<readonly [NotificationFilter, NotificationFilter]>([
    [{ suffix: '.txt' }, { suffix: '.md' }],
    [
      { prefix: 'in/', suffix: '.txt' },
      { prefix: 'in/', suffix: '.md' },
    ],
    [
      { prefix: 'a/', suffix: '.txt' },
      { prefix: 'b/', suffix: '.txt' },
    ],
    [{ suffixes: ['.txt', '.txt.gz'] }, { suffix: '.zst' }],
  ])('takes the filters %j and %j, which no key meets at once', (one, other) => {
    expect(announce(one, other)).not.toThrow();
  });
});
