import type { S3Client } from '@aws-sdk/client-s3';
import { wholeNumber } from '../errors/index.ts';
import type { Clock, ObjectCopier, ObjectReader, ObjectVersion } from '../ports/index.ts';
import type { CopyPolicy } from './copy-in-parts.ts';
import { copyObject } from './copy-object.ts';
import { type HeadAnswer, headObject, type S3Context } from './head-object.ts';

/** How objects are described and copied. */
export interface S3ObjectCopierOptions {
  /** The AWS SDK client. */
  readonly client: S3Client;
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /** The account that every bucket must belong to; S3 refuses the call otherwise. Default: not checked. */
  readonly expectedBucketOwner?: string;
  /** Larger objects are copied in parts. Default: 5 GiB, the most that S3 copies at once. */
  readonly multipartThresholdBytes?: number;
  /** Size of such a part. Default: 512 MiB. */
  readonly copyPartBytes?: number;
  /** Parts copied at once. Default: 4. */
  readonly copyConcurrency?: number;
}

const MIB = 1024 * 1024;

/**
 * Creates the part of the store that a copying function needs, so that its bundle carries nothing else.
 *
 * @example
 * const objects = createS3ObjectCopier({ client: new S3Client({}), clock: systemClock });
 * await objects.copy({ bucket: 'uploads', key: 'a.txt', eTag }, { bucket: 'texts', key: 'a.txt' });
 */
export function createS3ObjectCopier(
  options: S3ObjectCopierOptions,
): ObjectCopier & Pick<ObjectReader, 'head'> {
  const { client, clock, expectedBucketOwner } = options;
  const context: S3Context = { client, clock, expectedBucketOwner };
  const policy: CopyPolicy = {
    multipartThresholdBytes: wholeNumber(
      'multipartThresholdBytes',
      options.multipartThresholdBytes ?? 5 * 1024 * MIB,
      1,
    ),
    partBytes: wholeNumber('copyPartBytes', options.copyPartBytes ?? 512 * MIB, 1),
    concurrency: wholeNumber('copyConcurrency', options.copyConcurrency ?? 4, 1),
  };
  // A copy repeats more of its source's description than the port has names for.
  const described = new WeakMap<ObjectVersion, HeadAnswer>();
  return {
    async head(object, call) {
      const answer = await headObject(context, object, call);
      described.set(answer.info, answer);
      return answer.info;
    },
    copy: (source, destination, put) =>
      copyObject(context, policy, described.get(source) ?? source, destination, put),
  };
}
