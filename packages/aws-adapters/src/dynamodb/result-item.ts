import { createHash } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AdapterError } from '../errors/index.ts';
import type {
  CallOptions,
  Clock,
  FailedTries,
  JobResult,
  ObjectLocation,
  ObjectReader,
  ObjectWriter,
  StoredResult,
  WordCount,
} from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';
import { recordOf } from '../rules/job-record.ts';
import type { TriedJob } from '../rules/version-summary.ts';
import { itemKey, TABLE_KEY } from './table.ts';

/** The store for words that do not fit into an item. */
export interface WordSpill {
  /** Stores and reads the words that do not fit into an item. */
  readonly store: Pick<ObjectWriter, 'put'> & Pick<ObjectReader, 'read'>;
  /** The bucket for these words. */
  readonly bucket: string;
  /** Default: `words/`. */
  readonly prefix?: string;
}

/** Options of {@link createDynamoResultStore}. */
export interface DynamoResultStoreOptions {
  /** A document client. */
  readonly client: DynamoDBDocumentClient;
  /** A table as {@link createTableInput} describes it. */
  readonly tableName: string;
  /** Default: a result that is too large for an item is refused as `invalid`. */
  readonly spill?: WordSpill;
  /**
   * What errors advise when `spill` would be needed: name the setting that your users have. Default:
   * `Configure "spill".`
   */
  readonly spillAdvice?: string;
  /** Larger items lose their words to `spill`. Default: 390,000; DynamoDB refuses more than 409,600. */
  readonly maxItemBytes?: number;
  /** Tells when a record is written, for the index by time. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
}

/**
 * A record in the table; the names are public contract. Words may be in an object instead.
 */
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
  /** The partition in the index `newest`: day and shard. Absent from records of an earlier release. */
  readonly day?: string;
  /** The sort key in the index. */
  readonly committedAt?: string;
}

type DateMember = 'finishedAt' | 'lastModified' | 'publishedAt';

/** Converts a result to an item, including its words. */
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

/** Converts an item to a result; `words` are separate, because they may have been read from an object. */
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

/** The order of a record of an earlier release, derived from its facts. */
function orderOfOld({ versionId, eTag, sequencer, lastModified, finishedAt }: ResultItem): string {
  return versionOrder({ versionId, eTag, sequencer, lastModified: new Date(lastModified ?? finishedAt) });
}

/** Whether an item is a finished record, not a mere count of failures. */
export function isResultItem(
  item: Record<string, unknown> | undefined,
): item is Record<string, unknown> & ResultItem {
  return typeof item?.['outcome'] === 'string';
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

/** What errors advise if there is no store for large words. */
const SPILL_ADVICE = 'Configure "spill".';

type SpillOptions = Pick<DynamoResultStoreOptions, 'spill' | 'spillAdvice' | 'maxItemBytes'>;

/** Moves the words of an item that would be too large into an object, and points to it. */
export async function spillWords(
  item: ResultItem,
  { spill, spillAdvice = SPILL_ADVICE, maxItemBytes = 390_000 }: SpillOptions,
  call: CallOptions,
): Promise<ResultItem> {
  // As JSON an item is always larger than DynamoDB counts it.
  const bytes = Buffer.byteLength(JSON.stringify(item));
  // A record without words must not share the object with one that has words: that object may still be
  // written after this record was refused.
  if (bytes <= maxItemBytes || (item.words ?? []).length === 0) return item;
  if (spill === undefined) {
    const advice = `Expected a result of at most ${maxItemBytes} bytes, but job ${item.jobId} has ${bytes}. ${spillAdvice}`;
    throw new AdapterError('invalid', advice, { object: { bucket: item.bucket, key: item.key } });
  }
  const { words = [], ...rest } = item;
  // Named after the job, so a repetition overwrites the same object with the same bytes. No path from the
  // key.
  const name = createHash('sha256')
    .update(JSON.stringify([item.object, item.version]))
    .digest('hex');
  const wordsAt = { bucket: spill.bucket, key: `${spill.prefix ?? 'words/'}${name}.json` };
  await spill.store.put(wordsAt, Buffer.from(JSON.stringify(words)), {
    ...call,
    contentType: 'application/json',
  });
  return { ...rest, wordsAt };
}

/** Reads an item's words, wherever they are. */
export async function wordsOf(
  item: ResultItem,
  { spill, spillAdvice = SPILL_ADVICE }: SpillOptions,
  call: CallOptions,
): Promise<readonly WordCount[]> {
  const { words, wordsAt } = item;
  if (wordsAt === undefined) return words ?? [];
  const place = `s3://${wordsAt.bucket}/${wordsAt.key}`;
  if (spill === undefined) {
    throw new AdapterError(
      'invalid',
      `The words of job ${item.jobId} are at ${place}, which is not known here. ${spillAdvice}`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await spill.store.read(wordsAt, call)).bytes) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as WordCount[];
  } catch (cause) {
    const problem = `Expected the words of job ${item.jobId} as JSON at ${place}, but something else is there.`;
    throw new AdapterError('invalid', problem, { cause });
  }
}
