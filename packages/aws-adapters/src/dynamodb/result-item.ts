import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type {
  Clock,
  FailedTries,
  JobResult,
  ObjectLocation,
  ObjectReader,
  ObjectWriter,
  ResultEncoding,
  ResultOptions,
  StoredResult,
  WordCount,
} from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';
import { packCost, unpackCost } from '../rules/job-cost.ts';
import { recordOf } from '../rules/job-record.ts';
import type { TriedJob } from '../rules/version-summary.ts';
import { factsBesidesKey, factsOfKey, type KeyFacts, namedFacts } from './item-facts.ts';
import { packWords, unpackWords } from './item-words.ts';
import { type ItemKey, itemKey, TABLE_KEY } from './table.ts';

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
  /** The clock for the time of commit, by which records are indexed. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** The current time by the clock of the options. */
export function nowOf({ clock }: Pick<DynamoResultStoreOptions, 'clock'>): Date {
  return clock?.now() ?? new Date();
}

/**
 * A record in the table; the names are public contract. `schemaVersion` is the version of this form; it is not
 * that of {@link JobResult} and of its message. Version 2 takes one write unit for a typical result: what
 * follows from the key or is empty is left out, and words are packed. Version 1 had each member by its name.
 */
export interface ResultItem extends ItemKey, Partial<KeyFacts> {
  readonly schemaVersion: 1 | 2;
  readonly outcome: JobResult['outcome'];
  /** Fingerprint, tokenizer, and how many words are kept. */
  readonly options: ResultOptions | readonly [string, string, number];
  readonly words?: string | readonly WordCount[];
  readonly moreWords?: Uint8Array;
  /** Where the words are when the item would have been too large. */
  readonly wordsAt?: ObjectLocation;
  readonly totals: JobResult['totals'];
  /** Absent if there are none. */
  readonly warnings?: JobResult['warnings'];
  /** Name, how it was found, and the likely one; absent for UTF-8. */
  readonly encoding?: readonly [name: string, foundBy: string, likely?: string];
  readonly error?: NonNullable<JobResult['error']>;
  readonly durationMs: number;
  /** Absent if it was the first. */
  readonly attempt?: number;
  readonly worker: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly sequencer?: string;
  readonly lastModified?: string;
  readonly publishedAt?: string;
  /** Such as `1 GET, 0.43 SQS, 1 write, 3.1 ms`; absent if it was not measured. */
  readonly cost?: string;
  /** Absent if it follows from the other facts. */
  readonly order?: string;
  /** When the version was known to be current, if `order` follows from that and the other facts. */
  readonly currentAt?: string;
  /** The partition in the index `newest`: day and shard. Absent from records of an earlier release. */
  readonly day?: string;
  /** The sort key in the index. */
  readonly committedAt?: string;
}

/** Converts a result to an item, including its words. */
export function toItem(result: JobResult): ResultItem {
  const { outcome, options, totals, error, durationMs, worker, sequencer, ...record } = recordOf(result);
  const { words, warnings, encoding, attempt, finishedAt, lastModified, cost } = record;
  return {
    ...itemKey(record),
    ...factsBesidesKey(record),
    schemaVersion: 2,
    outcome,
    options: [options.fingerprint, options.tokenizer, options.top],
    ...packWords(words),
    totals,
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(encoding === undefined ? {} : { encoding: packEncoding(encoding) }),
    ...(error === undefined ? {} : { error }),
    durationMs,
    ...(attempt === 1 ? {} : { attempt }),
    worker,
    finishedAt: finishedAt.toISOString(),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(lastModified === undefined ? {} : { lastModified: lastModified.toISOString() }),
    ...(cost === undefined ? {} : { cost: packCost(cost) }),
    ...orderAttributes(result),
  };
}

/** Converts an item to a result; `words` are separate, because they may have been read from an object. */
export function fromItem(item: ResultItem, words: readonly WordCount[]): StoredResult {
  const { jobId, ...object } = item.jobId === undefined ? factsOfKey(item, item.eTag) : namedFacts(item);
  const { options, error, sequencer, lastModified, publishedAt, cost } = item;
  const [fingerprint, tokenizer, top] = isPacked(options)
    ? options
    : [options.fingerprint, options.tokenizer, options.top];
  const facts = {
    object,
    finishedAt: new Date(item.finishedAt),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(lastModified === undefined ? {} : { lastModified: new Date(lastModified) }),
  };
  return {
    ...recordOf({
      schemaVersion: 1,
      jobId,
      outcome: item.outcome,
      options: { fingerprint, tokenizer, top },
      words,
      totals: item.totals,
      warnings: item.warnings ?? [],
      durationMs: item.durationMs,
      attempt: item.attempt ?? 1,
      worker: item.worker,
      ...facts,
      order: item.order ?? orderOf(facts, item.currentAt),
      ...(item.encoding === undefined ? {} : { encoding: unpackEncoding(item.encoding) }),
      ...(error === undefined ? {} : { error }),
      ...(cost === undefined ? {} : { cost: unpackCost(cost) }),
    }),
    ...(publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt) }),
  };
}

function packEncoding({ name, foundBy, likely }: ResultEncoding): NonNullable<ResultItem['encoding']> {
  return likely === undefined ? [name, foundBy] : [name, foundBy, likely];
}

function unpackEncoding([name, foundBy, likely]: NonNullable<ResultItem['encoding']>): ResultEncoding {
  const found = { name, foundBy: foundBy as ResultEncoding['foundBy'] };
  return likely === undefined ? found : { ...found, likely };
}

function isPacked(options: ResultItem['options']): options is readonly [string, string, number] {
  return Array.isArray(options);
}

type OrderFacts = Pick<JobResult, 'object' | 'sequencer' | 'lastModified' | 'finishedAt'>;

/** The order of a record as it follows from its facts. */
function orderOf({ object, sequencer, lastModified, finishedAt }: OrderFacts, currentAt?: string): string {
  const current = currentAt === undefined ? {} : { currentAt: new Date(currentAt) };
  return versionOrder({ ...object, sequencer, lastModified: lastModified ?? finishedAt, ...current });
}

/** What an item has to say about the order, besides its facts: in buckets without versions, the time of the event. */
function orderAttributes(result: JobResult): Pick<ResultItem, 'order' | 'currentAt'> {
  const { order } = result;
  if (order === orderOf(result)) return {};
  const [currentAt = ''] = order.split(' ', 1);
  const isTime = !Number.isNaN(Date.parse(currentAt));
  return isTime && order === orderOf(result, currentAt) ? { currentAt } : { order };
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

/** The words that are in the item itself. */
export function inlineWords({ words, moreWords }: ResultItem): readonly WordCount[] {
  if (typeof words === 'object') return words;
  return unpackWords({
    ...(words === undefined ? {} : { words }),
    ...(moreWords === undefined ? {} : { moreWords }),
  });
}
