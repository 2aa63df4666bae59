import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import type {
  CallOptions,
  Clock,
  ObjectReader,
  ObjectSummary,
  ObjectVersion,
} from '@org/wordfreq-aws-adapters/ports';

/** An object of a listing, with facts that a listing does not contain. */
export interface ListedVersion extends ObjectSummary {
  /** Present where the bucket is versioned. */
  readonly versionId?: string;
  /** When it was known to be current. Default: since its last modification. */
  readonly currentAt?: Date;
}

/** Asks S3, and the clock before it does. */
interface PinOptions {
  readonly objects: Pick<ObjectReader, 'head'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Finds out which version of an object is current, so that a job about it has the same id as the job of S3's
 * own event: a listing names no versions. An object that may not be looked at stays as it was listed, and so
 * does one that is archived, but for its version; the worker decides what becomes of them.
 *
 * @returns undefined for an object that is gone since it was listed
 */
export async function pinVersion(
  listed: ObjectSummary,
  { objects, clock }: PinOptions,
  call: CallOptions = {},
): Promise<ListedVersion | undefined> {
  const { bucket, key } = listed;
  const currentAt = clock.now();
  try {
    const { eTag, sizeBytes, lastModified, versionId } = await objects.head({ bucket, key }, call);
    const found = { bucket, key, eTag, sizeBytes, lastModified };
    return versionId === undefined ? { ...found, currentAt } : { ...found, versionId };
  } catch (error) {
    if (!isCoded(error) || error.retryable) throw error;
    if (error.code === 'not-found') return undefined;
    const { object } = error as { readonly object?: Partial<ObjectVersion> };
    return object?.versionId === undefined
      ? { ...listed, currentAt }
      : { ...listed, versionId: object.versionId };
  }
}

/**
 * The message that S3 would have sent for an object. It has no sequencer: one that was made up might go back.
 */
export function jobBody(listed: ListedVersion, region: string): string {
  const { bucket, key, eTag, versionId, sizeBytes, lastModified, currentAt: at = lastModified } = listed;
  const object = { bucket, key, eTag, ...(versionId === undefined ? {} : { versionId }) };
  return JSON.stringify(s3EventFor({ object, sizeBytes, at, region }));
}

/** Groups what comes into lists of at most `size`, in order; the last may be shorter. */
export async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncIterable<readonly T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A number that is being counted. */
interface CountAhead {
  /** How many there are, once that is known. */
  total(): number | undefined;
}

/**
 * Counts the entries of a listing while something else works through it, so that the remaining time can be
 * estimated: one response has a thousand entries. A failure leaves the number unknown; the work itself will
 * report it.
 */
export function countAhead(listing: AsyncIterable<unknown>): CountAhead {
  let total: number | undefined;
  const count = async (): Promise<void> => {
    let found = 0;
    for await (const _ of listing) found += 1;
    total = found;
  };
  count().catch(() => undefined);
  return { total: () => total };
}
