import { createHash } from 'node:crypto';
import type {
  FailedTries,
  JobResult,
  ObjectLocation,
  ObjectVersion,
  StoredResult,
  WordCount,
} from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';
import { recordOf } from '../rules/job-record.ts';
import type { TriedJob } from '../rules/version-summary.ts';
import { TABLE_KEY } from './create-table-input.ts';

/** The primary key of an item. */
export type ItemKey = Record<(typeof TABLE_KEY)[keyof typeof TABLE_KEY], string>;

/** The sort key of the item that points to the newest version of a key. */
export const LATEST = 'latest';

/** DynamoDB's limit for a sort key is 1,024 bytes. */
const MAX_SORT_KEY_BYTES = 1024;

/** What a record looks like in the table; the names are public contract. Words may be in an object instead. */
export interface ResultItem extends Omit<StoredResult, 'object' | 'words' | 'order' | DateMember> {
  /** Partition key: `bucket/key`. A bucket's name has no slash, so two places never share one. */
  readonly object: string;
  /** Sort key: `versionId-or-eTag#jobId`. */
  readonly version: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly eTag?: string;
  readonly words?: readonly WordCount[];
  /** Where the words are when the item would have been too large. */
  readonly wordsAt?: ObjectLocation;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly lastModified?: string;
  readonly publishedAt?: string;
  /** Absent from records of an earlier release. */
  readonly order?: string;
  /** Failed tries before the outcome; kept for `explain`. */
  readonly failures?: number;
}

type DateMember = 'finishedAt' | 'lastModified' | 'publishedAt';

/** The partition of one place: all versions of one key. */
export function partitionOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** The key of one job's item. */
export function itemKey({ object, jobId }: { object: ObjectVersion; jobId: string }): ItemKey {
  const version = `${object.versionId ?? object.eTag ?? ''}#${jobId}`;
  // A version id may have 1,024 bytes by itself.
  const fits = Buffer.byteLength(version) <= MAX_SORT_KEY_BYTES;
  return {
    object: partitionOf(object.bucket, object.key),
    version: fits
      ? version
      : `sha256:${createHash('sha256').update(version).digest('hex')}#${jobId.slice(0, 200)}`,
  };
}

/** Writes a result down as an item, words included. */
export function toItem(result: JobResult): ResultItem {
  const { object, finishedAt, lastModified, ...rest } = recordOf(result);
  return {
    ...rest,
    ...itemKey(result),
    bucket: object.bucket,
    key: object.key,
    ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
    ...(object.eTag === undefined ? {} : { eTag: object.eTag }),
    finishedAt: finishedAt.toISOString(),
    ...(lastModified === undefined ? {} : { lastModified: lastModified.toISOString() }),
  };
}

/** Reads an item back; `words` are given apart, because they may have been fetched from an object. */
export function fromItem(item: ResultItem, words: readonly WordCount[]): StoredResult {
  const { bucket, key, versionId, eTag, finishedAt, lastModified, publishedAt, object: _, ...rest } = item;
  return {
    ...recordOf({
      ...rest,
      object: {
        bucket,
        key,
        ...(versionId === undefined ? {} : { versionId }),
        ...(eTag === undefined ? {} : { eTag }),
      },
      words,
      finishedAt: new Date(finishedAt),
      order: item.order ?? orderOfOld(item),
      ...(lastModified === undefined ? {} : { lastModified: new Date(lastModified) }),
    }),
    ...(publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt) }),
  };
}

/** Where a record of an earlier release stands, by what it knows. */
function orderOfOld({ versionId, eTag, sequencer, lastModified, finishedAt }: ResultItem): string {
  return versionOrder({ versionId, eTag, sequencer, lastModified: new Date(lastModified ?? finishedAt) });
}

/** Whether an item is a finished record, not a pointer and not a mere count of failures. */
export function isResultItem(
  item: Record<string, unknown> | undefined,
): item is Record<string, unknown> & ResultItem {
  return item !== undefined && item[TABLE_KEY.sort] !== LATEST && typeof item['outcome'] === 'string';
}

/** Reads an item that only counts failed tries; which version it is about says nothing but its sort key. */
export function triedJob(item: Record<string, unknown>): TriedJob {
  return {
    jobId: String(item['jobId']),
    version: String(item[TABLE_KEY.sort]).split('#', 1)[0] ?? '',
    ...triesOf(item),
  };
}

/** The failed tries that an item counts. */
export function triesOf({ failures, lastError, lastFailedAt }: Record<string, unknown>): FailedTries {
  return {
    failures: Number(failures),
    lastError: lastError as FailedTries['lastError'],
    lastFailedAt: new Date(String(lastFailedAt)),
  };
}
