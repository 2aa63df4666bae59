import { describe, expect, it } from 'vitest';
import { objectArgument } from './resource-names.ts';

describe(objectArgument, () => {
  it.each([
    ['a.txt', { key: 'a.txt' }],
    ['/a//b.txt', { key: '/a//b.txt' }],
    ['s3://texts/a/b c.txt', { bucket: 'texts', key: 'a/b c.txt' }],
    ['s3://texts/s3://a\nb', { bucket: 'texts', key: 's3://a\nb' }],
    ['s3://texts/', { key: 's3://texts/' }],
  ])('reads %j', (given, meant) => expect(objectArgument(given)).toEqual(meant));
});
